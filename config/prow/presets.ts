import { z } from 'zod';
import { parseDeclared } from '../declared/parse.ts';
import type { Place, Report } from '../problem.ts';
import { recordOf } from '../relocate.ts';
import type { Source } from '../source.ts';
import { accept } from '../source.ts';
import type { Preset } from './pod-spec.ts';
import { preset, presetOfFile } from './pod-spec.ts';

const presets = z.array(preset);
const presetsOfFile = z.array(presetOfFile);

/** Reads the presets of `config.yaml` and of job files; each label may be a preset's once (J§4.2). */
export function collectPresets(
  sources: readonly Source[],
  config: Source | undefined,
  report: Report,
): readonly Preset[] {
  const seen = new Map<string, string>();
  return sources.flatMap((source) => {
    const { name, value } = source;
    const raw = recordOf(value)?.['presets'];
    if (raw === undefined || raw === null) return [];
    const declared = source === config ? presets : presetsOfFile;
    const place = { file: name, path: ['presets'] };
    // What is wrong in config.yaml has been said by those who read the whole of it.
    const told = source === config ? () => undefined : report;
    const read =
      accept(() => parseDeclared(declared, raw), place, { report: told, value: raw }) ?? [];
    read.forEach((one, index) => {
      refuseTwins(one, { file: name, path: ['presets', index] }, { seen, report });
    });
    return read;
  });
}

function refuseTwins(
  { labels }: Preset,
  place: Place,
  { seen, report }: { readonly seen: Map<string, string>; readonly report: Report },
): void {
  for (const [label, value] of Object.entries(labels)) {
    const pair = `${label}:${value}`;
    const other = seen.get(pair);
    if (other === undefined) seen.set(pair, place.file);
    else {
      const why = `another preset${other === place.file ? '' : ` in ${other}`} has the label ${pair}`;
      report({ ...place, path: [...place.path, 'labels', label] }, why, 'Merge the two.');
    }
  }
}

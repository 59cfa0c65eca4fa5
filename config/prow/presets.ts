import { z } from 'zod';
import type { Place, Report } from '../problem.ts';
import { recordOf } from '../relocate.ts';
import type { Source } from '../source.ts';
import { accept } from '../source.ts';
import type { Preset } from './pod-spec.ts';
import { preset } from './pod-spec.ts';

const presets = z.array(preset);

/** Reads the presets of `config.yaml` and of every job file; each label may be a preset's once (J§4.2). */
export function collectPresets(sources: readonly Source[], report: Report): readonly Preset[] {
  const seen = new Map<string, string>();
  return sources.flatMap(({ name, value }) => {
    const raw = recordOf(value)?.['presets'];
    if (raw === undefined) return [];
    const place = { file: name, path: ['presets'] };
    const read = accept(() => presets.parse(raw), place, { report, value: raw }) ?? [];
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

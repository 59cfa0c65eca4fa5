import { nearest } from '../nearest.ts';
import type { Finding } from './finding.ts';
import type { CheckSubject } from './subject.ts';
import { jobField, listedJobs } from './subject.ts';

const CONVENTION = 'preset-';

/** Labels that ask for a preset, as the name says, and that no preset answers to. Prow does not look for them. */
export function unknownPresets(subject: CheckSubject): readonly Finding[] {
  const known = new Map<string, Set<string>>();
  for (const preset of subject.snapshot.prow.presets) {
    for (const [label, value] of Object.entries(preset.labels)) {
      known.set(label, (known.get(label) ?? new Set()).add(value));
    }
  }
  const labels = [...known.keys()];
  const near = new Map<string, string | undefined>();
  const nearestTo = (label: string) => {
    if (!near.has(label)) near.set(label, nearest(label, labels));
    return near.get(label);
  };
  return listedJobs(subject).flatMap((listed) =>
    Object.entries(listed.job.labels).flatMap(([label, value]) => {
      if (!label.startsWith(CONVENTION) || known.get(label)?.has(value)) return [];
      const place = jobField(listed, 'labels', label);
      return [unknownPreset(place, { label, value, known, nearestTo })];
    }),
  );
}

interface Asked {
  readonly label: string;
  readonly value: string;
  readonly known: ReadonlyMap<string, ReadonlySet<string>>;
  readonly nearestTo: (label: string) => string | undefined;
}

function unknownPreset(
  place: Finding['place'],
  { label, value, known, nearestTo }: Asked,
): Finding {
  const warning = 'unknown-preset';
  const values = known.get(label);
  if (values !== undefined) {
    const why = `no preset has the label ${label} with this value`;
    const allowed = [...values].sort().join(', ');
    return { warning, place, why, next: 'Correct the value.', found: value, allowed };
  }
  const near = nearestTo(label);
  return {
    warning,
    place: { ...place, key: true },
    why: `no preset has the label ${label}`,
    next: 'Correct the label, or remove it: it adds nothing.',
    ...(near === undefined ? {} : { nearest: near }),
  };
}

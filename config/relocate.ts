import type { Place, Report } from './problem.ts';

/** Where a part of a merged file was written: in another file, perhaps under another index. */
export interface Moved {
  /** Its path in the merged value. */
  readonly to: readonly PropertyKey[];
  readonly from: Place;
}

/** A file into which others were merged. */
export interface Merged {
  readonly value: unknown;
  readonly moved: readonly Moved[];
}

/** A report that takes places in a merged file and names those where the parts were written. */
export function reportMerged(report: Report, file: string, moved: readonly Moved[]): Report {
  if (moved.length === 0) return report;
  return (place, ...rest) => report(place.file === file ? original(place, moved) : place, ...rest);
}

function original(place: Place, moved: readonly Moved[]): Place {
  const fitting = moved.filter(({ to }) => to.every((part, index) => part === place.path[index]));
  const deepest = fitting.reduce<Moved | undefined>(
    (best, one) => (best === undefined || one.to.length >= best.to.length ? one : best),
    undefined,
  );
  if (deepest === undefined) return place;
  const { from, to } = deepest;
  return { ...place, file: from.file, path: [...from.path, ...place.path.slice(to.length)] };
}

/** A value as a record; undefined if it is none. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return isRecord(value) ? value : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as a list; empty if it is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

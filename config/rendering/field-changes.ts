import diff from 'microdiff';

/** One field that differs; without `before` it is new, without `after` it is gone. */
export interface FieldChange {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

type Step = string | number;

/** What differs between two records; a list of plain values counts as one value. */
export function fieldChanges(before: object, after: object): readonly FieldChange[] {
  const found = new Map<string, FieldChange>();
  for (const { path } of diff(plain(before), plain(after))) {
    const cut = path.slice(0, wholeList(path, [before, after]));
    const name = pathName(cut);
    if (found.has(name)) continue;
    const [old, fresh] = [valueAt(before, cut), valueAt(after, cut)];
    if (name.endsWith('(order)') && !sameItems(old, fresh)) continue;
    found.set(name, {
      path: name,
      ...(old === undefined ? {} : { before: old }),
      ...(fresh === undefined ? {} : { after: fresh }),
    });
  }
  return [...found.values()];
}

function plain(record: object): Record<string, unknown> {
  return { ...record };
}

// How far a path goes before it enters a list of plain values.
function wholeList(path: readonly Step[], sides: readonly object[]): number {
  const end = path.findIndex((_, index) =>
    sides.some((side) => isPlainList(valueAt(side, path.slice(0, index)))),
  );
  return end < 0 ? path.length : end;
}

function isPlainList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item !== 'object');
}

function valueAt(value: unknown, path: readonly Step[]): unknown {
  return path.reduce<unknown>(
    (inner, step) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, step) : undefined,
    value,
  );
}

function sameItems(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return false;
  return one.toSorted().join('\n') === other.toSorted().join('\n');
}

/** `containers[test].env[A]`, `args[0]`, `labels["a/b"]`. */
function pathName(path: readonly Step[]): string {
  return path.map((step, index) => stepName(step, index === 0)).join('');
}

function stepName(step: Step, first: boolean): string {
  if (typeof step === 'number') return `[${step}]`;
  if (step.startsWith('[')) return step;
  if (!/^[\w()-]+$/.test(step)) return `[${JSON.stringify(step)}]`;
  return first ? step : `.${step}`;
}

import { numberText } from '../yaml/scalar.ts';

/** Makes of a value what Go's JSON reader would take it for; the same value if that is nothing else. */
export type Tidy = (value: unknown) => unknown;

/** A tidy of objects with these fields; others are left as they are. */
export function tidyFields(fields: ReadonlyMap<string, Tidy>): Tidy {
  const byLowerCase = new Map([...fields.keys()].map((name) => [name.toLowerCase(), name]));
  const isMisspelt = (tidy: Tidy | undefined, key: string) =>
    tidy === undefined && byLowerCase.has(key.toLowerCase());
  const tidyAll: Tidy = (value) => {
    if (!isRecord(value)) return value;
    let copy: Record<string, unknown> | undefined;
    for (const key in value) {
      const tidy = fields.get(key);
      if (isMisspelt(tidy, key)) return tidyAll(respelt(value, byLowerCase));
      const item = value[key];
      const tidied = tidyField(tidy, item);
      if (tidied !== item) copy = changed(copy ?? { ...value }, key, tidied);
    }
    return copy ?? value;
  };
  return tidyAll;
}

/** A tidy of lists: an empty item is `zero`. */
export function tidyList(tidy: Tidy, zero: () => unknown): Tidy {
  return (value) => {
    if (!Array.isArray(value)) return value;
    let copy: unknown[] | undefined;
    for (let index = 0; index < value.length; index++) {
      const item: unknown = value[index];
      const tidied = item === null ? zero() : tidy(item);
      if (tidied === item) continue;
      copy ??= [...value];
      copy[index] = tidied;
    }
    return copy ?? value;
  };
}

/** A tidy of mappings: nothing behind a key is `zero`, or takes the key away. */
export function tidyMap(tidy: Tidy, zero: () => unknown): Tidy {
  return (value) => {
    if (!isRecord(value)) return value;
    let copy: Record<string, unknown> | undefined;
    for (const key in value) {
      const item = value[key];
      const tidied = item === null ? zero() : tidy(item);
      if (tidied !== item) copy = changed(copy ?? { ...value }, key, tidied);
    }
    return copy ?? value;
  };
}

function tidyField(tidy: Tidy | undefined, item: unknown): unknown {
  if (tidy === undefined) return item;
  return item === null ? undefined : tidy(item);
}

function changed(copy: Record<string, unknown>, key: string, item: unknown) {
  if (item === undefined) delete copy[key];
  else copy[key] = item;
  return copy;
}

/** The text of a bare number or boolean. */
export function scalarText(value: unknown): unknown {
  if (typeof value === 'number') return numberText(value);
  return typeof value === 'boolean' ? String(value) : value;
}

/** Whether a value has keys. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// Go reads keys in the order of their bytes, and the last that is taken for a field wins.
function respelt(
  value: Readonly<Record<string, unknown>>,
  byLowerCase: ReadonlyMap<string, string>,
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(
    entries.map(([key, item]) => [byLowerCase.get(key.toLowerCase()) ?? key, item]),
  );
}

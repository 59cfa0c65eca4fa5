import type { Pod } from './pod-types.ts';

const OPTIONS = /^[A-Z]+_OPTIONS$/;

/**
 * A pod's spec in a form whose differences are readable: named things by name, options read from their JSON, and
 * without `JOB_SPEC`, which repeats the run. The order of named things is a field of its own.
 */
export function comparablePod(pod: Pod | undefined): object {
  return pod === undefined ? {} : fieldsOf(pod.spec);
}

function fieldsOf(record: object): object {
  return Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) => {
      const names = namesOf(value);
      if (names === undefined) return [[key, readable(value)]];
      return [
        [key, byName(value)],
        [`${key} (order)`, names],
      ];
    }),
  );
}

function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  return typeof value === 'object' && value !== null ? fieldsOf(value) : value;
}

// The names of a list's items, if each has one of its own.
function namesOf(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const names = value.map((item: unknown) =>
    typeof item === 'object' && item !== null ? Reflect.get(item, 'name') : undefined,
  );
  const own = new Set(names).size === names.length;
  return own && names.every((name) => typeof name === 'string' && name !== '') ? names : undefined;
}

function byName(value: unknown): object {
  const items: readonly object[] = Array.isArray(value) ? value : [];
  return Object.fromEntries(
    items.flatMap((item) => {
      const { name, ...rest } = { name: '', ...item };
      return name === 'JOB_SPEC' ? [] : [[`[${name}]`, itemOf(name, rest)]];
    }),
  );
}

// A variable with nothing but a value is its value.
function itemOf(name: string, rest: object): unknown {
  const value: unknown = Reflect.get(rest, 'value');
  if (typeof value !== 'string' || Object.keys(rest).length > 1) return fieldsOf(rest);
  return OPTIONS.test(name) ? parsed(value) : value;
}

function parsed(text: string): unknown {
  try {
    return readable(JSON.parse(text));
  } catch {
    return text;
  }
}

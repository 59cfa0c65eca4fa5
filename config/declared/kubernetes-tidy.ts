import { isClean } from './kubernetes-clean.ts';
import type { TypeField, TypeName } from './kubernetes-types.ts';
import { fieldsOf } from './kubernetes-types.ts';
import type { Tidy } from './tidy-parts.ts';
import { scalarText, tidyFields, tidyList, tidyMap } from './tidy-parts.ts';

const KNOWN = new Map<string, Tidy>();
const AS_IS: Tidy = (value) => value;
const ZERO: Readonly<Record<string, unknown>> = { text: '', i: 0, q: '0', x: 0, b: false };

/** How values of a listed type are put in order; with `scalars`, bare numbers and booleans become text. */
export function tidyType(type: TypeName, scalars: boolean): Tidy {
  const tidy = tidyTypeFully(type, scalars);
  return (value) => (isClean(type, value) ? value : tidy(value));
}

function tidyTypeFully(type: TypeName, scalars: boolean): Tidy {
  const key = `${type} ${scalars}`;
  const known = KNOWN.get(key);
  if (known !== undefined) return known;
  const { byName } = fieldsOf(type);
  const fresh = tidyFields(
    new Map([...byName].map(([name, field]) => [name, tidyField(field, scalars)])),
  );
  KNOWN.set(key, fresh);
  return fresh;
}

function tidyField({ kind, type, many }: TypeField, scalars: boolean): Tidy {
  const one = type === undefined ? leaf(kind, scalars) : tidyTypeFully(type, scalars);
  const zero = () => (type === undefined ? ZERO[kind] : {});
  if (many === '[]') return tidyList(one, zero);
  return many === '{}' ? tidyMap(one, zero) : one;
}

function leaf(kind: string, scalars: boolean): Tidy {
  if (kind === 'q') return quantityText;
  return kind === 'text' && scalars ? scalarText : AS_IS;
}

function quantityText(value: unknown): unknown {
  return typeof value === 'number'
    ? String(value)
    : typeof value === 'string'
      ? value.trim()
      : value;
}

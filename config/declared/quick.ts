import { z } from 'zod';
import { typeProblems } from './kubernetes-check.ts';
import { isClean } from './kubernetes-clean.ts';
import { marks } from './marks.ts';
import { isRecord } from './tidy-parts.ts';

/** What a quick reading yields of a value that its declaration may refuse. */
export const REFUSED = Symbol('refused');

/** What a declaration makes of a tidy value; `REFUSED` of one that it may refuse. */
export type QuickRead = (value: unknown) => unknown;

type Schema = z.core.$ZodType;

const KNOWN = new WeakMap<Schema, QuickRead>();

/**
 * Reads what a declaration accepts several times as fast as the declaration does, by functions made of it once.
 * What it refuses, and kinds of declarations that are not known here, are the declaration's own affair.
 */
export function quickFor(schema: Schema): QuickRead {
  const known = KNOWN.get(schema);
  if (known !== undefined) return known;
  const fresh = make(schema);
  KNOWN.set(schema, fresh);
  return fresh;
}

function make(schema: Schema): QuickRead {
  if (schema instanceof z.ZodDefault) {
    const inner = quickFor(schema.def.innerType);
    const { defaultValue } = schema.def;
    return (value) => (value === undefined ? defaultValue : inner(value));
  }
  if (schema instanceof z.ZodPrefault) {
    const inner = quickFor(schema.def.innerType);
    return (value) => inner(value === undefined ? schema.def.defaultValue : value);
  }
  if (schema instanceof z.ZodOptional) {
    const inner = quickFor(schema.def.innerType);
    return (value) => (value === undefined ? undefined : inner(value));
  }
  return marks.get(schema)?.type === undefined ? makePlain(schema) : makeTyped(schema);
}

function makePlain(schema: Schema): QuickRead {
  if (schema instanceof z.ZodNumber && schema.isInt) return readWhole(schema);
  if (hasChecks(schema)) return byDeclaration(schema);
  if (schema instanceof z.ZodString) return only((value) => typeof value === 'string');
  if (schema instanceof z.ZodBoolean) return only((value) => typeof value === 'boolean');
  if (schema instanceof z.ZodUnknown) return (value) => value;
  if (schema instanceof z.ZodArray) return readList(quickFor(schema.element));
  if (schema instanceof z.ZodRecord) return readMap(quickFor(schema.valueType));
  if (schema instanceof z.ZodObject) return readObject(schema);
  if (schema instanceof z.ZodUnion) return readUnion(schema.options.map(quickFor));
  return byDeclaration(schema);
}

// A value of a listed type: its fields are checked by their list, and its declaration adds defaults only.
function makeTyped(schema: Schema): QuickRead {
  const type = marks.get(schema)?.type;
  const shape = schema instanceof z.ZodObject ? Object.entries(schema.shape) : [];
  const defaults = shape.flatMap(([name, field]) =>
    field instanceof z.ZodDefault ? [{ name, value: field.def.defaultValue }] : [],
  );
  return (value) => {
    if (type === undefined || !isRecord(value)) return REFUSED;
    if (!isClean(type, value) && typeProblems(type, value).length > 0) return REFUSED;
    const missing = defaults.filter(({ name }) => value[name] === undefined);
    if (missing.length === 0) return value;
    return { ...value, ...Object.fromEntries(missing.map((one) => [one.name, one.value])) };
  };
}

function hasChecks(schema: Schema): boolean {
  return (schema._zod.def.checks ?? []).length > 0;
}

function byDeclaration(schema: Schema): QuickRead {
  return (value) => {
    const result = z.safeParse(schema, value);
    return result.success ? result.data : REFUSED;
  };
}

function readWhole({ minValue, maxValue }: z.ZodNumber): QuickRead {
  const [least, most] = [minValue ?? -Infinity, maxValue ?? Infinity];
  return only(
    (value) =>
      typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most,
  );
}

function only(accepts: (value: unknown) => boolean): QuickRead {
  return (value) => (accepts(value) ? value : REFUSED);
}

function readList(item: QuickRead): QuickRead {
  return (value) => {
    if (!Array.isArray(value)) return REFUSED;
    const list: unknown[] = [];
    for (const one of value) {
      const read = item(one);
      if (read === REFUSED) return REFUSED;
      list.push(read);
    }
    return list;
  };
}

function readMap(item: QuickRead): QuickRead {
  return (value) => {
    if (!isRecord(value)) return REFUSED;
    const map: Record<string, unknown> = {};
    for (const key in value) {
      const read = item(value[key]);
      if (read === REFUSED || key === '__proto__') return REFUSED;
      map[key] = read;
    }
    return map;
  };
}

function readObject(schema: z.ZodObject): QuickRead {
  const { catchall } = schema.def;
  if (catchall !== undefined && !(catchall instanceof z.ZodUnknown)) return byDeclaration(schema);
  const fields = Object.entries(schema.shape).map(([name, field]) => ({
    name,
    read: quickFor(field),
  }));
  const known = new Set(Object.keys(schema.shape));
  const rest = catchall === undefined ? undefined : known;
  return (value) => {
    if (!isRecord(value)) return REFUSED;
    const object: Record<string, unknown> = {};
    for (const { name, read } of fields) {
      const field = read(value[name]);
      if (field === REFUSED) return REFUSED;
      if (field !== undefined) object[name] = field;
    }
    return rest === undefined ? object : withOthers(object, value, rest);
  };
}

function withOthers(
  object: Record<string, unknown>,
  value: Readonly<Record<string, unknown>>,
  known: ReadonlySet<string>,
): object {
  for (const key in value) if (!known.has(key)) object[key] = value[key];
  return object;
}

function readUnion(forms: readonly QuickRead[]): QuickRead {
  return (value) => {
    for (const read of forms) {
      const form = read(value);
      if (form !== REFUSED) return form;
    }
    return REFUSED;
  };
}

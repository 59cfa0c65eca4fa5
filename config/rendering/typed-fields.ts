import { KUBERNETES_FIELDS } from './kubernetes-fields.ts';

/** A type whose fields are known. */
export type TypeName = keyof typeof KUBERNETES_FIELDS;

interface Field {
  readonly name: string;
  /** `text`, a letter, or the name of a type. */
  readonly kind: string;
  readonly many: '' | '[]' | '{}';
  readonly dropsZero: boolean;
}

interface Fields {
  readonly byName: ReadonlyMap<string, Field>;
  /** Go takes a key for a field whatever its case. */
  readonly byLowerCase: ReadonlyMap<string, Field>;
  readonly required: readonly Field[];
}

const ZERO: Readonly<Record<string, unknown>> = { i: 0, q: '0', x: 0, b: false };

const TYPES: ReadonlyMap<string, Fields> = new Map(
  Object.entries(KUBERNETES_FIELDS).map(([name, text]) => [name, parseFields(text)]),
);

/**
 * A value as Prow's types hold it and write it again: what they do not know is gone, a number or a boolean where
 * text belongs is its text, and a zero that Go leaves out is left out.
 */
export function withTypedFields<Shape extends object>(type: TypeName, value: Shape): Shape {
  return typed(type, value);
}

function parseFields(text: string): Fields {
  const words = text.split(' ');
  const fields = words.map(parseField);
  return {
    byName: new Map(fields.map((field) => [field.name, field])),
    byLowerCase: new Map(fields.map((field) => [field.name.toLowerCase(), field])),
    required: fields.filter((_, index) => words[index]?.endsWith('!') === true),
  };
}

function parseField(word: string): Field {
  const [, name = '', kind = '', mark = '', many = ''] =
    /^(\w+)(?::([A-Za-z]*)([0!]?)(\[\]|\{\})?)?$/.exec(word) ?? [];
  return {
    name,
    kind: kind || 'text',
    many: many === '[]' || many === '{}' ? many : '',
    dropsZero: mark === '0',
  };
}

function typed<Shape extends object>(type: string, value: Shape): Shape {
  const fields = TYPES.get(type);
  if (fields === undefined) return value;
  const copy = { ...value };
  for (const [key, raw] of Object.entries(value)) {
    const field = fields.byName.get(key) ?? fields.byLowerCase.get(key.toLowerCase());
    setField(copy, { key, field, read: field && readField(field, raw) });
  }
  for (const { name, kind } of fields.required) {
    if (!Object.hasOwn(copy, name)) Reflect.set(copy, name, ZERO[kind]);
  }
  return copy;
}

function setField(
  copy: object,
  { key, field, read }: { key: string; field: Field | undefined; read: unknown },
): void {
  if (read === undefined || field?.name !== key) Reflect.deleteProperty(copy, key);
  if (field !== undefined && read !== undefined) Reflect.set(copy, field.name, read);
}

function readField({ kind, many, dropsZero }: Field, value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (dropsZero && (value === false || value === 0)) return undefined;
  if (many === '[]') return Array.isArray(value) ? value.map((item) => readOne(kind, item)) : value;
  if (many === '') return readOne(kind, value);
  return typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readOne(kind, item)]))
    : value;
}

function readOne(kind: string, value: unknown): unknown {
  if (kind === 'text' || kind === 'q') return readText(value);
  if (kind.length === 1 || typeof value !== 'object') return value;
  return typed(kind, value ?? {});
}

function readText(value: unknown): unknown {
  if (value === null) return '';
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

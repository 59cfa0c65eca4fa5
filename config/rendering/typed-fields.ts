import type { TypeField, TypeName } from '../declared/kubernetes-types.ts';
import { fieldNamed, fieldsOf } from '../declared/kubernetes-types.ts';

const ZERO: Readonly<Record<string, unknown>> = { i: 0, q: '0', x: 0, b: false };

/**
 * A value as Prow's types hold it and write it again: what they do not know is gone, a number or a boolean where
 * text belongs is its text, and a zero that Go leaves out is left out.
 */
export function withTypedFields<Shape extends object>(type: TypeName, value: Shape): Shape {
  return typed(type, value);
}

function typed<Shape extends object>(type: TypeName, value: Shape): Shape {
  const fields = fieldsOf(type);
  const copy = { ...value };
  for (const [key, raw] of Object.entries(value)) {
    const field = fieldNamed(fields, key);
    setField(copy, { key, field, read: field && readField(field, raw) });
  }
  for (const { name, kind } of fields.required) {
    if (!Object.hasOwn(copy, name)) Reflect.set(copy, name, ZERO[kind]);
  }
  return copy;
}

function setField(
  copy: object,
  { key, field, read }: { key: string; field: TypeField | undefined; read: unknown },
): void {
  if (read === undefined || field?.name !== key) Reflect.deleteProperty(copy, key);
  if (field !== undefined && read !== undefined) Reflect.set(copy, field.name, read);
}

function readField(field: TypeField, value: unknown): unknown {
  const { many, dropsZero } = field;
  if (value === null || value === undefined) return undefined;
  if (dropsZero && (value === false || value === 0)) return undefined;
  if (many === '[]')
    return Array.isArray(value) ? value.map((item) => readOne(field, item)) : value;
  if (many === '') return readOne(field, value);
  return typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readOne(field, item)]))
    : value;
}

function readOne({ kind, type }: TypeField, value: unknown): unknown {
  if (kind === 'text' || kind === 'q') return readText(value);
  if (type === undefined || typeof value !== 'object') return value;
  return typed(type, value ?? {});
}

function readText(value: unknown): unknown {
  if (value === null) return '';
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

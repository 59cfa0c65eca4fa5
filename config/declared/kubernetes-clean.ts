import type { TypeField, TypeName } from './kubernetes-types.ts';
import { fieldsOf } from './kubernetes-types.ts';
import { isRecord } from './tidy-parts.ts';

const QUANTITY = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;

/**
 * Whether a value of a listed type is as most are: every key is a field's name, and all that stands there is of its
 * type. Then there is nothing to put in order, and nothing to refuse.
 */
export function isClean(type: TypeName, value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { byName } = fieldsOf(type);
  for (const key in value) {
    const field = byName.get(key);
    if (field === undefined || !isCleanField(field, value[key])) return false;
  }
  return true;
}

function isCleanField(field: TypeField, value: unknown): boolean {
  if (field.many === '') return isCleanOne(field, value);
  if (field.many === '[]') {
    return Array.isArray(value) && value.every((item) => isCleanOne(field, item));
  }
  if (!isRecord(value)) return false;
  for (const key in value) if (!isCleanOne(field, value[key])) return false;
  return true;
}

function isCleanOne({ kind, type }: TypeField, value: unknown): boolean {
  if (type !== undefined) return isClean(type, value);
  switch (kind) {
    case 'b':
      return typeof value === 'boolean';
    case 'i':
      return Number.isInteger(value);
    case 'x':
      return typeof value === 'string' || Number.isInteger(value);
    case 'q':
      return typeof value === 'string' && QUANTITY.test(value);
    default:
      return typeof value === 'string';
  }
}

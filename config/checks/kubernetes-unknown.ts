import type { TypeField, TypeName } from '../declared/kubernetes-types.ts';
import { fieldNamed, fieldsOf } from '../declared/kubernetes-types.ts';

/** A key that a declaration does not have. */
export interface UnknownKey {
  readonly path: readonly PropertyKey[];
  readonly known: readonly string[];
}

/** Keys that the type does not have, at any depth. */
export function unknownInKubernetes(
  type: TypeName,
  value: unknown,
  path: readonly PropertyKey[],
): readonly UnknownKey[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const fields = fieldsOf(type);
  return Object.entries(value).flatMap(([key, item]) => {
    const field = fieldNamed(fields, key);
    if (field === undefined) return [{ path: [...path, key], known: [...fields.byName.keys()] }];
    const inner = field.type;
    if (inner === undefined) return [];
    return parts(field.many, item).flatMap(({ part, at }) =>
      unknownInKubernetes(inner, part, [...path, key, ...at]),
    );
  });
}

function parts(many: TypeField['many'], value: unknown) {
  if (many === '[]') {
    return Array.isArray(value) ? value.map((part, index) => ({ part, at: [index] })) : [];
  }
  if (many === '{}' && typeof value === 'object' && value !== null) {
    return Object.entries(value).map(([key, part]) => ({ part, at: [key] }));
  }
  return [{ part: value, at: [] }];
}

import { KUBERNETES_FIELDS } from '../rendering/kubernetes-fields.ts';

/** The name of a type whose fields are listed. */
export type TypeName = keyof typeof KUBERNETES_FIELDS;

/** One field of a listed type. */
export interface TypeField {
  readonly name: string;
  /** `text`, a letter (see `KUBERNETES_FIELDS`), or the name of a type. */
  readonly kind: string;
  /** The listed type behind it; absent of what has no fields. */
  readonly type?: TypeName;
  readonly many: '' | '[]' | '{}';
  /** Its zero is not written. */
  readonly dropsZero: boolean;
  /** It is always written. */
  readonly required: boolean;
}

/** The fields of a listed type. */
export interface TypeFields {
  readonly byName: ReadonlyMap<string, TypeField>;
  /** Go takes a key for a field whatever its case. */
  readonly byLowerCase: ReadonlyMap<string, TypeField>;
  readonly required: readonly TypeField[];
}

const TYPES: ReadonlyMap<string, TypeFields> = new Map(
  Object.entries(KUBERNETES_FIELDS).map(([name, words]) => [name, fieldsIn(words)]),
);

/** The fields of a type. */
export function fieldsOf(name: TypeName): TypeFields {
  return TYPES.get(name) ?? fieldsIn('');
}

/** The field that a key is taken for. */
export function fieldNamed(fields: TypeFields, key: string): TypeField | undefined {
  return fields.byName.get(key) ?? fields.byLowerCase.get(key.toLowerCase());
}

function fieldsIn(words: string): TypeFields {
  const fields = words.split(' ').map(fieldOf);
  return {
    byName: new Map(fields.map((field) => [field.name, field])),
    byLowerCase: new Map(fields.map((field) => [field.name.toLowerCase(), field])),
    required: fields.filter(({ required }) => required),
  };
}

function fieldOf(word: string): TypeField {
  const [, name = '', kind = '', mark = '', many = ''] =
    /^(\w+)(?::([A-Za-z0-9]*?)([0!]?)(\[\]|\{\})?)?$/.exec(word) ?? [];
  return {
    name,
    kind: kind || 'text',
    ...(isType(kind) ? { type: kind } : {}),
    many: many === '[]' || many === '{}' ? many : '',
    dropsZero: mark === '0',
    required: mark === '!',
  };
}

function isType(name: string): name is TypeName {
  return Object.hasOwn(KUBERNETES_FIELDS, name);
}

/** A JSON Schema, or a part of one. */
export type Schema = Readonly<Record<string, unknown>>;

/** The keys of OpenAPI that say nothing about what is valid. */
const SILENT = new Set([
  'description',
  'example',
  'examples',
  'title',
  'default',
  'deprecated',
  'readOnly',
  'writeOnly',
  'discriminator',
  'externalDocs',
]);
/** Keys whose value maps names to schemas. */
const MAPS = new Set(['properties', 'patternProperties']);
const COMPONENT = '#/components/schemas/';

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The name in `#/components/schemas/NAME`. */
export function componentName(reference: string): string | undefined {
  return reference.startsWith(COMPONENT) ? reference.slice(COMPONENT.length) : undefined;
}

function convertValue(key: string, value: unknown): unknown {
  if (MAPS.has(key) && isRecord(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, schema]) => [name, toJsonSchema(schema)]),
    );
  }
  // A field may be listed as required twice, which JSON Schema forbids.
  if (key === 'required' && Array.isArray(value)) return [...new Set(value)];
  if (key === 'enum' || key === 'const') return value;
  if (Array.isArray(value)) {
    return value.map((part) => (isRecord(part) ? toJsonSchema(part) : part));
  }
  return isRecord(value) ? toJsonSchema(value) : value;
}

function plain(source: Readonly<Record<string, unknown>>): Schema {
  const name = typeof source['$ref'] === 'string' ? componentName(source['$ref']) : undefined;
  // Beside a reference OpenAPI 3.0 ignores everything.
  if (name !== undefined) return { $ref: `components#/definitions/${name}` };
  const entries = Object.entries(source)
    .filter(([key]) => !SILENT.has(key) && !key.startsWith('x-') && key !== 'nullable')
    // Where alternatives overlap (a file and a symlink), GitHub's `oneOf` would match twice.
    .map(([key, value]) => [key === 'oneOf' ? 'anyOf' : key, convertValue(key, value)]);
  return Object.fromEntries(entries);
}

/** Turns a schema of OpenAPI 3.0 or 3.1 into JSON Schema, without its prose. */
export function toJsonSchema(source: unknown): unknown {
  if (!isRecord(source)) return source;
  const schema = plain(source);
  return source['nullable'] === true ? { anyOf: [schema, { type: 'null' }] } : schema;
}

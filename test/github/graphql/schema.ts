import { readFile } from 'node:fs/promises';
import { buildASTSchema, type GraphQLSchema, isScalarType, parse } from 'graphql';

type Check = (text: string) => boolean;

/** What the text of GitHub's own scalars looks like. */
const SCALARS: Readonly<Record<string, Check>> = {
  DateTime: (text) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text),
  GitObjectID: (text) => /^[0-9a-f]{40}$/.test(text),
  GitTimestamp: (text) => !Number.isNaN(Date.parse(text)),
  URI: (text) => text.startsWith('/') || URL.canParse(text),
  BigInt: (text) => /^-?\d+$/.test(text),
};

function checked(name: string, fits: Check) {
  return (value: unknown): unknown => {
    if (fits(String(value))) return value;
    throw new TypeError(`${name} cannot represent ${JSON.stringify(value)}`);
  };
}

/** GitHub's published schema, with scalars that refuse what GitHub would never send. */
export async function loadSchema(): Promise<GraphQLSchema> {
  const entry = import.meta.resolve('@octokit/graphql-schema');
  const text = await readFile(new URL('schema.graphql', entry), 'utf8');
  const document = parse(text, { noLocation: true });
  const schema = buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
  for (const [name, fits] of Object.entries(SCALARS)) {
    const type = schema.getType(name);
    if (isScalarType(type)) type.serialize = checked(name, fits);
  }
  return schema;
}

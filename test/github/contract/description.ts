import { z } from 'zod';
import { type Schema, toJsonSchema } from './convert.ts';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const content = z.record(z.string(), z.object({ schema: z.unknown() }).loose());
const response = z.object({ content: content.optional() }).loose();
const reference = z.object({ $ref: z.string() });
const operation = z
  .object({
    operationId: z.string(),
    responses: z.record(z.string(), z.union([reference, response])),
  })
  .loose();
const path = z
  .object({
    get: operation.optional(),
    post: operation.optional(),
    put: operation.optional(),
    patch: operation.optional(),
    delete: operation.optional(),
  })
  .loose();
const restDocument = z
  .object({
    paths: z.record(z.string(), path),
    components: z
      .object({
        schemas: z.record(z.string(), z.unknown()),
        responses: z.record(z.string(), response),
      })
      .loose(),
  })
  .loose();
const webhookDocument = z
  .object({
    webhooks: z.record(
      z.string(),
      z.object({
        post: z.object({ requestBody: z.object({ content }).loose() }).loose(),
      }),
    ),
    components: z.object({ schemas: z.record(z.string(), z.unknown()) }).loose(),
  })
  .loose();

const schemas = z.record(z.string(), z.unknown());

/** What is kept of GitHub's description of its REST API. */
export const restDescription = z.object({
  /** By `GET /repos/{}/{}/labels`: the path as GitHub writes it, and per status the schema, null for no body. */
  operations: z.record(
    z.string(),
    z.object({
      path: z.string(),
      id: z.string(),
      responses: z.record(z.string(), z.union([schemas, z.null()])),
    }),
  ),
  components: schemas,
});
/** The parsed form of {@link restDescription}. */
export type RestDescription = z.output<typeof restDescription>;

/** What is kept of GitHub's description of its webhooks: schemas by `issue-comment-created`. */
export const webhookDescription = z.object({
  webhooks: z.record(z.string(), schemas),
  components: schemas,
});
/** The parsed form of {@link webhookDescription}. */
export type WebhookDescription = z.output<typeof webhookDescription>;

/** A path with the names of its parameters left out: descriptions and routes name them differently. */
export function shapeOf(method: string, pattern: string): string {
  const shape = pattern.replace(/\{[^}]*\}/g, '{}').replace(/:\w+\+?/g, '{}');
  return `${method.toUpperCase()} ${shape}`;
}

function schemaOf(found: z.output<typeof content> | undefined): Schema | null {
  if (found === undefined) return null;
  const json = Object.entries(found).find(([type]) => /json\b/.test(type));
  const schema = json ? toJsonSchema(json[1].schema) : {};
  return schemas.parse(schema);
}

function componentsOf(found: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(found).map(([name, schema]) => [name, toJsonSchema(schema)]),
  );
}

/** Reduces `generated/api.github.com.json` of `@octokit/openapi` to what is checked. */
export function readRestDescription(document: unknown): RestDescription {
  const { paths, components } = restDocument.parse(document);
  const operations: RestDescription['operations'] = {};
  for (const [pattern, entry] of Object.entries(paths)) {
    for (const method of METHODS) {
      const found = entry[method];
      if (!found) continue;
      const responses = Object.entries(found.responses).map(([status, answer]) => {
        const shared = reference.safeParse(answer);
        const known = shared.success
          ? components.responses[shared.data.$ref.split('/').at(-1) ?? '']
          : response.parse(answer);
        return [status, schemaOf(known?.content)] as const;
      });
      operations[shapeOf(method, pattern)] = {
        path: pattern,
        id: found.operationId,
        responses: Object.fromEntries(responses),
      };
    }
  }
  return { operations, components: componentsOf(components.schemas) };
}

/** Reduces `generated/api.github.com.json` of `@octokit/openapi-webhooks` to what is checked. */
export function readWebhookDescription(document: unknown): WebhookDescription {
  const { webhooks, components } = webhookDocument.parse(document);
  const found = Object.entries(webhooks).map(
    ([name, { post }]) => [name, schemaOf(post.requestBody.content) ?? {}] as const,
  );
  return { webhooks: Object.fromEntries(found), components: componentsOf(components.schemas) };
}

/** What an older description has and a newer one has not any more. */
export function withoutThose(older: RestDescription, newer: RestDescription): RestDescription {
  const gone = Object.entries(older.operations).filter(([shape]) => !(shape in newer.operations));
  return { ...older, operations: Object.fromEntries(gone) };
}

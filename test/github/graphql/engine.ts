import {
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { z } from 'zod';
import type { Payer, Points } from '../http/budgets.ts';
import { exhausted } from '../http/payer.ts';
import type { Hub } from '../hub.ts';
import type { Grant } from '../state/apps.ts';
import type { User } from '../state/model.ts';
import { formatError, typedError } from './errors.ts';
import { estimate } from './limits.ts';
import { loadSchema } from './schema.ts';
import { mutationView } from './views/mutation.ts';
import { queryView } from './views/query.ts';

/** Who asks what. */
export interface Asking {
  readonly viewer: User;
  readonly grant: Grant | undefined;
  readonly payer: Payer;
  readonly body: unknown;
  readonly lagMs: number;
}

/** What goes back, with the points that the headers show. */
export interface Reply {
  readonly points: Points;
  readonly cost: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Executes queries over an emulator's state. */
export type Engine = (asking: Asking) => Promise<Reply>;

const questionSchema = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** A field that no view has is no null: it is said, and counted. */
function fieldResolver(hub: Hub): GraphQLFieldResolver<unknown, unknown> {
  return (source, args, context, { fieldName, parentType }) => {
    if (typeof source !== 'object' || source === null || !(fieldName in source)) {
      hub.ledger.recordMissing(`GraphQL ${parentType.name}.${fieldName}`);
      throw typedError('NOT_SERVED', `The emulator has no ${parentType.name}.${fieldName}`);
    }
    const value: unknown = Reflect.get(source, fieldName);
    return typeof value === 'function' ? value(args, context) : value;
  };
}

interface Prepared {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Reads and checks a query; GitHub's errors if it is none. */
function prepare(schema: GraphQLSchema, body: unknown): Prepared | readonly GraphQLError[] {
  const question = questionSchema.safeParse(body);
  if (!question.success) {
    return [new GraphQLError('A query attribute must be specified and must be a string.')];
  }
  const { query, variables, operationName } = question.data;
  const document = parsed(query);
  if (document instanceof GraphQLError) return [document];
  const errors = validate(schema, document);
  if (errors.length > 0) return errors;
  const operation = getOperationAST(document, operationName);
  if (!operation) return [new GraphQLError('An operation name is required')];
  const definitions = operation.variableDefinitions ?? [];
  const values = getVariableValues(schema, definitions, variables ?? {});
  return values.errors ?? { document, operation, variables: values.coerced };
}

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

/** Loads the schema; the answer then serves any number of queries. */
export async function createEngine(hub: Hub): Promise<Engine> {
  const schema = await loadSchema();
  const resolveField = fieldResolver(hub);

  return async ({ viewer, grant, payer, body, lagMs }) => {
    const refused = (errors: readonly GraphQLError[]): Reply => ({
      points: hub.budgets.look(payer, 'graphql'),
      cost: 0,
      body: { errors: errors.map(formatError) },
    });
    const prepared = prepare(schema, body);
    if (!('document' in prepared)) return refused(prepared);
    const { cost, nodes, errors } = estimate({ schema, ...prepared });
    if (errors.length > 0) return refused(errors);
    const points = hub.budgets.spend(payer, 'graphql', cost);
    if (!points) {
      return refused([typedError('RATE_LIMITED', exhausted(payer))]);
    }
    const world = { hub, viewer, grant, lagMs, cost, nodes };
    const mutating = prepared.operation.operation === 'mutation';
    const { data, errors: failures } = await execute({
      schema,
      document: prepared.document,
      operationName: prepared.operation.name?.value ?? null,
      rootValue: mutating ? mutationView(world) : queryView(world, points),
      variableValues: prepared.variables,
      contextValue: world,
      fieldResolver: resolveField,
    });
    const problems = failures ? { errors: failures.map(formatError) } : {};
    return { points, cost, body: { data, ...problems } };
  };
}

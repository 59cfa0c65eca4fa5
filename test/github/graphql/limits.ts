import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  type InlineFragmentNode,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { typedError } from './errors.ts';

const MOST_PER_CONNECTION = 100;
const MOST_NODES = 500_000;
const REQUESTS_PER_POINT = 100;

/** What a query may cost at most, counted before it is executed. */
export interface Estimate {
  /** Points: the requests for all connections, each as full as it may be, divided by 100; at least 1. */
  readonly cost: number;
  readonly nodes: number;
  readonly errors: readonly GraphQLError[];
}

/** A query with its variables. */
export interface Question {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

interface Count {
  requests: number;
  nodes: number;
  readonly errors: GraphQLError[];
}

/** A part of the query: its type, and how many times it may be asked for. */
interface Part {
  readonly type: GraphQLNamedType;
  readonly times: number;
  readonly path: readonly string[];
}

type AnyField = GraphQLField<unknown, unknown>;

function isConnection(field: AnyField): boolean {
  const pages = field.args.some(({ name }) => name === 'first');
  return pages && getNamedType(field.type).name.endsWith('Connection');
}

function sizeOf(node: FieldNode, args: Readonly<Record<string, unknown>>): number | GraphQLError {
  const name = node.name.value;
  const side = typeof args['first'] === 'number' ? 'first' : 'last';
  const size = args[side];
  if (typeof size !== 'number') {
    return typedError(
      'MISSING_PAGINATION_BOUNDARIES',
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    );
  }
  if (size <= MOST_PER_CONNECTION) return size;
  return typedError(
    'EXCESSIVE_PAGINATION',
    `Requesting ${size} records on the \`${name}\` connection exceeds the \`${side}\` limit of ${MOST_PER_CONNECTION} records.`,
  );
}

/** A question with what was counted of it so far. */
interface Counting extends Question {
  readonly count: Count;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** How many there may be of what a field returns; undefined if GitHub would refuse it. */
function timesOf(counting: Counting, node: FieldNode, place: Place): number | undefined {
  const { field, times, path } = place;
  if (!isConnection(field)) return times;
  const size = sizeOf(node, getArgumentValues(field, node, counting.variables));
  const { count } = counting;
  if (typeof size !== 'number') {
    const { extensions } = size;
    count.errors.push(new GraphQLError(size.message, { extensions, nodes: node, path }));
    return undefined;
  }
  count.requests += times;
  count.nodes += times * size;
  return times * size;
}

interface Place {
  readonly field: AnyField;
  readonly times: number;
  readonly path: readonly string[];
}

function visitField(counting: Counting, node: FieldNode, part: Part): void {
  const { type } = part;
  if (!isObjectType(type) && !isInterfaceType(type)) return;
  const field = type.getFields()[node.name.value];
  if (!field) return;
  const path = [...part.path, node.alias?.value ?? node.name.value];
  const times = timesOf(counting, node, { field, times: part.times, path });
  if (times === undefined || !node.selectionSet) return;
  visit(counting, node.selectionSet, { type: getNamedType(field.type), times, path });
}

function visitFragment(
  counting: Counting,
  fragment: InlineFragmentNode | FragmentDefinitionNode | undefined,
  part: Part,
): void {
  if (!fragment) return;
  const name = fragment.typeCondition?.name.value;
  const type = name === undefined ? part.type : counting.schema.getType(name);
  if (type) visit(counting, fragment.selectionSet, { ...part, type });
}

function visit(counting: Counting, { selections }: SelectionSetNode, part: Part): void {
  for (const selection of selections) {
    switch (selection.kind) {
      case Kind.FIELD:
        visitField(counting, selection, part);
        break;
      case Kind.INLINE_FRAGMENT:
        visitFragment(counting, selection, part);
        break;
      case Kind.FRAGMENT_SPREAD:
        visitFragment(counting, counting.fragments.get(selection.name.value), part);
        break;
    }
  }
}

/** Counts the cost and the nodes of a query as GitHub's documentation describes it. */
export function estimate(question: Question): Estimate {
  const count: Count = { requests: 0, nodes: 0, errors: [] };
  const definitions = question.document.definitions.filter(
    (definition) => definition.kind === Kind.FRAGMENT_DEFINITION,
  );
  const fragments = new Map(definitions.map((one) => [one.name.value, one]));
  const { operation, schema } = question;
  const type = schema.getRootType(operation.operation);
  if (type) {
    visit({ ...question, count, fragments }, operation.selectionSet, { type, times: 1, path: [] });
  }
  return conclude(count);
}

function conclude({ requests, nodes, errors }: Count): Estimate {
  const cost = Math.max(1, Math.round(requests / REQUESTS_PER_POINT));
  if (errors.length > 0 || nodes <= MOST_NODES) return { cost, nodes, errors };
  const message = `This query requests up to ${nodes.toLocaleString('en-US')} possible nodes which exceeds the maximum limit of ${MOST_NODES.toLocaleString('en-US')}.`;
  return { cost, nodes, errors: [typedError('MAX_NODE_LIMIT_EXCEEDED', message)] };
}

import { type Budget, newBudget, paid, STEP_SIZE, spend } from './budget.ts';
import { TemplateError } from './error.ts';
import type { Operand, Pipeline } from './expression.ts';
import { call, isTrue } from './functions.ts';
import { printed } from './print.ts';
import type { Node, Tree } from './tree.ts';

interface Frame {
  readonly tree: Tree;
  readonly dot: unknown;
  readonly variables: Map<string, { value: unknown }>;
  readonly depth: number;
  readonly budget: Budget;
}

type Ended = 'break' | 'continue' | undefined;

const DEEPEST = 100;

/**
 * What a template prints of a value.
 * @throws TemplateError if it fails on the value, or takes too long
 */
export function run(tree: Tree, value: unknown): string {
  const output: string[] = [];
  const variables = new Map([['$', { value }]]);
  runNodes(tree.nodes, { tree, dot: value, variables, depth: 0, budget: newBudget() }, output);
  return output.join('');
}

function runNodes(nodes: readonly Node[], outer: Frame, output: string[]): Ended {
  const frame = { ...outer, variables: new Map(outer.variables) };
  for (const node of nodes) {
    spend(frame.budget);
    const ended = runNode(node, frame, output);
    if (ended !== undefined) return ended;
  }
  return undefined;
}

function runNode(node: Node, frame: Frame, output: string[]): Ended {
  switch (node.kind) {
    case 'text':
      spend(frame.budget, node.text.length / STEP_SIZE);
      output.push(node.text);
      return undefined;
    case 'print': {
      const value = evaluate(node.pipeline, frame);
      if (node.pipeline.targets.length > 0) return undefined;
      output.push(paid(frame.budget, 1, () => printed(value)));
      return undefined;
    }
    case 'break':
    case 'continue':
      return node.kind;
    case 'template':
      return runTemplate(node, frame, output);
    case 'range':
      return runRange(node, frame, output);
    case 'if':
    case 'with': {
      const inside = { ...frame, variables: new Map(frame.variables) };
      const value = evaluate(node.pipeline, inside);
      if (!isTrue(value)) return runNodes(node.otherwise, inside, output);
      const dot = node.kind === 'with' ? value : frame.dot;
      return runNodes(node.then, { ...inside, dot }, output);
    }
  }
}

function runTemplate(
  { name, pipeline }: Extract<Node, { kind: 'template' }>,
  frame: Frame,
  output: string[],
): Ended {
  const nodes = frame.tree.defined.get(name);
  if (nodes === undefined) throw new TemplateError(`{{template}}: ${name} is not defined`);
  if (frame.depth > DEEPEST) throw new TemplateError(`{{template}}: ${name} never ends`);
  const dot = pipeline === undefined ? undefined : evaluate(pipeline, frame);
  const variables = new Map([['$', { value: dot }]]);
  runNodes(nodes, { ...frame, dot, variables, depth: frame.depth + 1 }, output);
  return undefined;
}

function runRange(
  node: Extract<Node, { kind: 'if' | 'with' | 'range' }>,
  frame: Frame,
  output: string[],
): Ended {
  const ranged = evaluate({ ...node.pipeline, targets: [] }, frame);
  if (typeof ranged === 'number') spend(frame.budget, Math.max(0, ranged));
  const items = itemsOf(ranged);
  if (items.length === 0) return runNodes(node.otherwise, frame, output);
  for (const [key, item] of items) {
    spend(frame.budget, 1 + frame.variables.size / 16);
    const variables = new Map(frame.variables);
    const { targets, declares } = node.pipeline;
    const values = targets.length === 1 ? [item] : [key, item];
    targets.forEach((name, index) => {
      assign(name, values[index], { variables, declares });
    });
    if (runNodes(node.then, { ...frame, dot: item, variables }, output) === 'break') break;
  }
  return undefined;
}

function itemsOf(value: unknown): readonly (readonly [unknown, unknown])[] {
  if (Array.isArray(value)) return value.map((item, index) => [index, item] as const);
  if (typeof value === 'number') return Array.from({ length: value }, (_, index) => [index, index]);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
}

function assign(
  name: string,
  value: unknown,
  to: { readonly variables: Frame['variables']; readonly declares: boolean },
): void {
  const known = to.declares ? undefined : to.variables.get(name);
  if (known === undefined) to.variables.set(name, { value });
  else known.value = value;
}

function evaluate({ commands, targets, declares }: Pipeline, frame: Frame): unknown {
  let value: unknown;
  commands.forEach((command, index) => {
    value = runCommand(command, frame, index === 0 ? [] : [value]);
  });
  for (const name of targets) assign(name, value, { variables: frame.variables, declares });
  return value;
}

function runCommand(
  [first, ...rest]: readonly Operand[],
  frame: Frame,
  piped: readonly unknown[],
): unknown {
  if (first === undefined) return undefined;
  const parts = [...rest.map((operand) => operandValue(operand, frame)), ...piped];
  if (first.kind === 'call') {
    const { name } = first;
    return paid(frame.budget, parts.length, () => call(name, parts));
  }
  if (parts.length > 0) throw new TemplateError('{{…}}: what is no function takes no values');
  return operandValue(first, frame);
}

function operandValue(operand: Operand, frame: Frame): unknown {
  if (operand.kind === 'literal') return operand.value;
  if (operand.kind === 'call') return call(operand.name, []);
  const { from, fields } = operand;
  const start =
    from.kind === 'dot'
      ? frame.dot
      : from.kind === 'variable'
        ? frame.variables.get(from.name)?.value
        : evaluate(from.pipeline, frame);
  return fields.reduce<unknown>((value, name) => fieldOf(value, name, frame.budget), start);
}

// Go's field names and our JSON keys differ in case and underscores only: BuildID is build_id.
function fieldOf(value: unknown, name: string, budget: Budget): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Object.hasOwn(value, name)) return Reflect.get(value, name);
  const plain = name.toLowerCase();
  const keys = Object.keys(value);
  spend(budget, keys.length / 16);
  const key = keys.find((one) => one.replaceAll('_', '').toLowerCase() === plain);
  return key === undefined ? undefined : Reflect.get(value, key);
}

import type { Expression } from './template-expression.ts';
import {
  evaluate,
  isTrue,
  parseExpression,
  printed,
  TemplateError,
} from './template-expression.ts';

type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly value: Expression }
  | {
      readonly kind: 'if' | 'with';
      readonly condition: Expression;
      readonly then: readonly Node[];
      readonly otherwise: readonly Node[];
    };

interface Token {
  readonly kind: 'text' | 'action';
  readonly text: string;
}

/**
 * Renders the part of Go's template language that Prow's configurations use: fields, `if`, `with`, `else`, and
 * `index eq ne and or not len print urlquery`. A field that is not there is empty.
 * @throws TemplateError
 */
export function renderTemplate(template: string, value: unknown): string {
  return render(parseTemplate(template), value);
}

/** Why a template cannot be rendered; undefined if it can. */
export function templateProblem(template: string): string | undefined {
  try {
    parseTemplate(template);
    return undefined;
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
}

function parseTemplate(template: string): readonly Node[] {
  const tokens = tokenize(template);
  const [nodes, end] = parseNodes(tokens, 0);
  const stray = tokens[end];
  if (stray !== undefined) throw new TemplateError(`{{${stray.text}}} has nothing to close`);
  return nodes;
}

function tokenize(template: string): readonly Token[] {
  const tokens: Token[] = [];
  let position = 0;
  const actions = /(\s*\{\{- |\{\{)(.*?)( -\}\}\s*|\}\})/gs;
  for (const match of template.matchAll(actions)) {
    tokens.push({ kind: 'text', text: template.slice(position, match.index) });
    const action = (match[2] ?? '').trim();
    if (!action.startsWith('/*')) tokens.push({ kind: 'action', text: action });
    position = match.index + match[0].length;
  }
  const rest = template.slice(position);
  if (rest.includes('{{')) throw new TemplateError('an action {{ is not closed by }}');
  tokens.push({ kind: 'text', text: rest });
  return tokens.filter(({ kind, text }) => kind === 'action' || text !== '');
}

// Reads nodes up to an `else` or `end` that belongs to an outer action; its position is the second value.
function parseNodes(tokens: readonly Token[], start: number): readonly [readonly Node[], number] {
  const nodes: Node[] = [];
  let position = start;
  for (let token = tokens[position]; token !== undefined; token = tokens[position]) {
    const [word = '', rest = ''] = split(token);
    if (token.kind === 'action' && (word === 'end' || word === 'else')) break;
    if (token.kind === 'action' && (word === 'if' || word === 'with')) {
      const [node, next] = parseBranch(tokens, position + 1, { kind: word, condition: rest });
      nodes.push(node);
      position = next;
    } else {
      nodes.push(simpleNode(token));
      position += 1;
    }
  }
  return [nodes, position];
}

function simpleNode({ kind, text }: Token): Node {
  return kind === 'text' ? { kind: 'text', text } : { kind: 'print', value: parseExpression(text) };
}

function parseBranch(
  tokens: readonly Token[],
  start: number,
  head: { readonly kind: 'if' | 'with'; readonly condition: string },
): readonly [Node, number] {
  const condition = parseExpression(head.condition);
  const [then, at] = parseNodes(tokens, start);
  const stop = tokens[at];
  if (stop === undefined)
    throw new TemplateError(`{{${head.kind} ${head.condition}}} has no {{end}}`);
  const [word, rest = ''] = split(stop);
  if (word === 'end') return [{ kind: head.kind, condition, then, otherwise: [] }, at + 1];
  const [kind, inner = ''] = split({ kind: 'action', text: rest });
  if (kind === 'if' || kind === 'with') {
    const [nested, next] = parseBranch(tokens, at + 1, { kind, condition: inner });
    return [{ kind: head.kind, condition, then, otherwise: [nested] }, next];
  }
  const [otherwise, end] = parseNodes(tokens, at + 1);
  if (tokens[end]?.text !== 'end') throw new TemplateError('{{else}} has no {{end}}');
  return [{ kind: head.kind, condition, then, otherwise }, end + 1];
}

function split({ kind, text }: Token): readonly string[] {
  if (kind === 'text') return [];
  return /^(\S+)\s*(.*)$/s.exec(text)?.slice(1) ?? [];
}

function render(nodes: readonly Node[], dot: unknown): string {
  return nodes.map((node) => renderNode(node, dot)).join('');
}

function renderNode(node: Node, dot: unknown): string {
  if (node.kind === 'text') return node.text;
  if (node.kind === 'print') return printed(evaluate(node.value, dot));
  const value = evaluate(node.condition, dot);
  if (!isTrue(value)) return render(node.otherwise, dot);
  return render(node.then, node.kind === 'with' ? value : dot);
}

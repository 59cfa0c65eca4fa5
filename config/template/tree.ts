import { TemplateError } from './error.ts';
import type { Pipeline, Scope } from './expression.ts';
import { parsePipeline } from './expression.ts';
import type { Part, Word } from './lexer.ts';
import { partsOf } from './lexer.ts';

/** A part of a template that has been read. */
export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly pipeline: Pipeline }
  | { readonly kind: 'break' | 'continue' }
  | { readonly kind: 'template'; readonly name: string; readonly pipeline?: Pipeline }
  | {
      readonly kind: 'if' | 'with' | 'range';
      readonly pipeline: Pipeline;
      readonly then: readonly Node[];
      readonly otherwise: readonly Node[];
    };

/** A template: what it prints, and the templates that it defines. */
export interface Tree {
  readonly nodes: readonly Node[];
  readonly defined: ReadonlyMap<string, readonly Node[]>;
}

type Branch = 'if' | 'with' | 'range';

interface Reading {
  readonly parts: readonly Part[];
  readonly defined: Map<string, readonly Node[]>;
  at: number;
}

interface Place {
  readonly scope: Scope;
  readonly inRange: boolean;
}

/**
 * Reads a template.
 * @throws TemplateError
 */
export function parseTree(template: string): Tree {
  const reading: Reading = { parts: partsOf(template), defined: new Map(), at: 0 };
  const nodes = readNodes(reading, { scope: { variables: ['$'] }, inRange: false });
  const stray = reading.parts[reading.at];
  if (stray !== undefined) throw new TemplateError(`{{${stray.text}}} has nothing to close`);
  return { nodes, defined: reading.defined };
}

// Reads up to an `else` or `end` that belongs to an outer action; variables do not outlive their block.
function readNodes(reading: Reading, place: Place): readonly Node[] {
  const scope = { variables: [...place.scope.variables] };
  const nodes: Node[] = [];
  for (;;) {
    const part = reading.parts[reading.at];
    if (part === undefined || isEnd(part)) return nodes;
    reading.at++;
    const node =
      part.kind === 'text' ? part : readAction(reading, part, { scope, inRange: place.inRange });
    if (node !== undefined) nodes.push(node);
  }
}

function isEnd(part: Part): boolean {
  return part.kind === 'action' && ['end', 'else'].includes(part.words[0]?.text ?? '');
}

function readAction(
  reading: Reading,
  { text, words }: Extract<Part, { kind: 'action' }>,
  place: Place,
): Node | undefined {
  const [first, ...rest] = words;
  switch (first?.kind === 'name' ? first.text : '') {
    case 'if':
      return readBranch(reading, 'if', rest, place);
    case 'with':
      return readBranch(reading, 'with', rest, place);
    case 'range':
      return readBranch(reading, 'range', rest, { ...place, inRange: true });
    case 'break':
    case 'continue':
      if (!place.inRange) throw new TemplateError(`{{${text}}} stands outside of {{range}}`);
      return { kind: first?.text === 'break' ? 'break' : 'continue' };
    case 'template':
      return templateNode(rest, text, place);
    case 'define':
      readDefinition(reading, nameIn(rest, text));
      return undefined;
    case 'block':
      readDefinition(reading, nameIn(rest, text));
      return templateNode(rest, text, place);
    default:
      return { kind: 'print', pipeline: parsePipeline(words, place.scope) };
  }
}

function readBranch(
  reading: Reading,
  kind: Branch,
  words: readonly Word[],
  { scope, inRange }: Place,
): Node {
  const inside = { scope: { variables: [...scope.variables] }, inRange };
  const pipeline = parsePipeline(words, inside.scope, kind === 'range');
  const then = readNodes(reading, inside);
  const otherwise = readElse(reading, kind, inside);
  return { kind, pipeline, then, otherwise };
}

function readElse(reading: Reading, kind: Branch, place: Place): readonly Node[] {
  const stop = next(reading, kind);
  const [word, again, ...words] = stop.words;
  if (word?.text === 'end') return [];
  if (again === undefined) {
    const nodes = readNodes(reading, place);
    const end = next(reading, kind);
    if (end.words[0]?.text !== 'end') throw new TemplateError(`{{${end.text}}} is one too many`);
    return nodes;
  }
  const same = again.kind === 'name' && again.text === kind && kind !== 'range';
  if (!same) throw new TemplateError(`{{${stop.text}}}: ${again.text} is not expected here`);
  return [readBranch(reading, kind, words, place)];
}

function next(reading: Reading, kind: string): Extract<Part, { kind: 'action' }> {
  const part = reading.parts[reading.at];
  if (part?.kind !== 'action') throw new TemplateError(`{{${kind}}} has no {{end}}`);
  reading.at++;
  return part;
}

function templateNode(words: readonly Word[], text: string, { scope }: Place): Node {
  const name = nameIn(words, text);
  const rest = words.slice(1);
  if (rest.length === 0) return { kind: 'template', name };
  return { kind: 'template', name, pipeline: parsePipeline(rest, scope) };
}

function readDefinition(reading: Reading, name: string): void {
  const nodes = readNodes(reading, { scope: { variables: ['$'] }, inRange: false });
  const end = next(reading, 'define');
  if (end.words[0]?.text !== 'end') throw new TemplateError(`{{${end.text}}} is not expected here`);
  reading.defined.set(name, nodes);
}

function nameIn([word]: readonly Word[], text: string): string {
  if (word?.kind === 'literal' && /^["`]/.test(word.text)) return word.text.slice(1, -1);
  throw new TemplateError(`{{${text}}}: the name of a template is missing`);
}

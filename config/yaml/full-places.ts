import type { Document, ParsedNode } from 'yaml';
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import { isMergeKey } from './full.ts';
import type { Nodes } from './nodes.ts';
import { readNodes } from './nodes.ts';
import type { Places, Position, RepeatedKey } from './position.ts';
import { keyText, resolvePlain } from './scalar.ts';

/** Answers where the parts of any text stand, from the nodes of the full reader. */
export function createFullPlaces(text: string): Places {
  const nodes = readNodes(text);
  return {
    find: (path, key = false) => find(nodes, path, key),
    repeatedKeys: () => {
      const found: RepeatedKey[] = [];
      if (nodes.document?.contents) collect(nodes.document.contents, [], { nodes, found });
      return found;
    },
  };
}

interface Step {
  readonly node: ParsedNode | undefined;
  readonly key?: ParsedNode;
}

function find(nodes: Nodes, path: readonly PropertyKey[], byKey: boolean): Position | undefined {
  const { step, whole } = descend(nodes.document, path);
  const value = step?.node && nodes.positionOf(step.node.range[0]);
  if (step?.key === undefined) return value;
  const key = nodes.positionOf(step.key.range[0]);
  const beside = value?.line === key.line && !isEmpty(step.node);
  return beside && whole && !byKey ? value : key;
}

interface Descent {
  readonly step: Step | undefined;
  /** The path exists to its end. */
  readonly whole: boolean;
}

function descend(document: Nodes['document'], path: readonly PropertyKey[]): Descent {
  let step: Step | undefined;
  let at: ParsedNode | undefined = document?.contents ?? undefined;
  for (const part of path) {
    const next = at && document ? child(resolved(at, document), part, document) : undefined;
    if (next === undefined) return { step, whole: false };
    step = next;
    at = next.node;
  }
  return { step, whole: true };
}

function isEmpty(node: ParsedNode | undefined): boolean {
  return node === undefined || (isScalar(node) && node.source === '' && node.type === 'PLAIN');
}

function child(node: ParsedNode, part: PropertyKey, document: Document): Step | undefined {
  if (isSeq(node)) {
    const item = typeof part === 'number' ? node.items[part] : undefined;
    return item && { node: item };
  }
  if (!isMap(node)) return undefined;
  const own = node.items.findLast(({ key }) => nameOf(key) === String(part));
  if (own !== undefined) return { node: own.value ?? undefined, key: own.key };
  const merged = node.items.findLast(({ key }) => isMergeKey(key))?.value;
  return merged ? inMerged(resolved(merged, document), part, document) : undefined;
}

function inMerged(node: ParsedNode, part: PropertyKey, document: Document): Step | undefined {
  const sources: readonly ParsedNode[] = isSeq(node) ? node.items : [node];
  for (const source of sources) {
    const step = child(resolved(source, document), part, document);
    if (step !== undefined) return step;
  }
  return undefined;
}

function resolved(node: ParsedNode, document: Document): ParsedNode {
  if (!isAlias(node)) return node;
  const target = node.resolve(document);
  return isParsed(target) ? target : node;
}

function isParsed(node: unknown): node is ParsedNode {
  return isMap(node) || isSeq(node) || isScalar(node);
}

function nameOf(key: ParsedNode): string | undefined {
  if (!isScalar(key)) return undefined;
  const text = String(key.value ?? '');
  return key.type === 'PLAIN' ? keyText(resolvePlain(text)) : text;
}

function collect(
  node: ParsedNode,
  path: readonly PropertyKey[],
  given: { readonly nodes: Nodes; readonly found: RepeatedKey[] },
): void {
  if (isSeq(node)) {
    node.items.forEach((item, index) => {
      collect(item, [...path, index], given);
    });
  }
  if (!isMap(node)) return;
  const seen = new Set<string>();
  for (const { key, value } of node.items) {
    const name = nameOf(key) ?? '';
    const here = [...path, name];
    if (seen.has(name) && !isMergeKey(key)) {
      given.found.push({ path: here, position: given.nodes.positionOf(key.range[0]) });
    }
    seen.add(name);
    if (value) collect(value, here, given);
  }
}

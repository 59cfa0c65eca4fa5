import type { ParsedNode, Scalar, YAMLMap } from 'yaml';
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import { YamlError } from './error.ts';
import type { Nodes } from './nodes.ts';
import { readNodes } from './nodes.ts';
import { keyText, resolvePlain } from './scalar.ts';

interface Making {
  readonly nodes: Nodes;
  readonly keepNulls: boolean;
  readonly anchors: Map<string, { readonly value: unknown; readonly size: number }>;
  made: number;
  repeated: number;
}

/**
 * Reads the first document of a text, whatever forms of YAML it uses.
 * @throws YamlError
 */
export function readFully(text: string, keepNulls: boolean): unknown {
  try {
    const nodes = readNodes(text);
    const [error] = nodes.document?.errors ?? [];
    if (error !== undefined) {
      throw new YamlError(firstLine(error.message), nodes.positionOf(error.pos[0]));
    }
    const contents = nodes.document?.contents;
    if (!contents) return undefined;
    return make(contents, { nodes, keepNulls, anchors: new Map(), made: 0, repeated: 0 });
  } catch (error) {
    if (error instanceof RangeError) throw new YamlError('it is nested too deeply');
    throw error;
  }
}

function make(node: ParsedNode, making: Making): unknown {
  making.made++;
  if (isAlias(node)) return repeat(node.source, node, making);
  const before = making.made;
  const value = isMap(node)
    ? makeMap(node, making)
    : isSeq(node)
      ? node.items.map((item) => make(item, making))
      : makeScalar(node, making);
  if (node.anchor !== undefined) {
    making.anchors.set(node.anchor, { value, size: making.made - before + 1 });
  }
  return value;
}

function repeat(name: string, node: ParsedNode, making: Making): unknown {
  const anchored = making.anchors.get(name);
  if (anchored === undefined) throw refusal(`the anchor ${name} is not known here`, node, making);
  making.made += anchored.size;
  making.repeated += anchored.size;
  const { made, repeated } = making;
  if (repeated > 100 && made > 1000 && repeated / made > allowedShare(made)) {
    throw refusal('aliases make it grow beyond measure', node, making);
  }
  return anchored.value;
}

// How much of a document may come from aliases: nearly all of a small one, a tenth of one that would not fit in memory.
function allowedShare(made: number): number {
  const [low, high] = [400_000, 4_000_000];
  return 0.99 - 0.89 * Math.min(Math.max((made - low) / (high - low), 0), 1);
}

function makeMap(node: YAMLMap.Parsed, making: Making): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  for (const { key, value } of node.items) {
    const made = value === null ? null : make(value, making);
    if (isMergeKey(key)) merge(map, made, { key, making });
    else put(map, nameOf(key, making), made, making);
  }
  return map;
}

function nameOf(key: ParsedNode, making: Making): string {
  const name = keyText(make(key, making));
  if (name === undefined) throw refusal('a key must be text', key, making);
  return name;
}

function put(map: Record<string, unknown>, key: string, value: unknown, { keepNulls }: Making) {
  if (value === null && !keepNulls) delete map[key];
  else {
    const property = { value, enumerable: true, writable: true, configurable: true };
    Object.defineProperty(map, key, property);
  }
}

/** Whether a key is `<<`, which takes over what stands in other mappings. */
export function isMergeKey(key: ParsedNode): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.source === '<<';
}

function merge(
  map: Record<string, unknown>,
  source: unknown,
  { key, making }: { readonly key: ParsedNode; readonly making: Making },
): void {
  const items: readonly unknown[] = Array.isArray(source) ? [...source].reverse() : [source];
  for (const item of items) {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      throw refusal('a merge key takes mappings only', key, making);
    }
    for (const [name, value] of Object.entries(item)) put(map, name, value, making);
  }
}

function makeScalar(node: Scalar.Parsed, making: Making): unknown {
  const text = String(node.value ?? '');
  const tag = node.tag?.replace('tag:yaml.org,2002:', '!!');
  if (tag === undefined) return node.type === 'PLAIN' ? resolvePlain(text) : text;
  if (tag === '!!binary') return Buffer.from(text, 'base64').toString('utf8');
  if (!['!!int', '!!float', '!!bool', '!!null'].includes(tag)) return text;
  const value = resolvePlain(text);
  if (typeof value === 'string') throw refusal(`${text} is no ${tag}`, node, making);
  return value;
}

function refusal(message: string, node: ParsedNode, { nodes }: Making): YamlError {
  return new YamlError(message, nodes.positionOf(node.range[0]));
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}

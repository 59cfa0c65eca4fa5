import type { Document, Pair, YAMLMap } from 'yaml';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';

/** A text after an edit, and the line, counted from 1, on which the edit stands. */
export interface Edited {
  readonly text: string;
  readonly line: number;
}

/** Sets a key of the mapping at a path to a value in flow style; what stood there is replaced. */
export function setKey(text: string, path: readonly PropertyKey[], value: string): Edited {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.1', merge: true });
  const key = String(path.at(-1));
  const map = mapAt(document, path.slice(0, -1));
  const pair = map.items.find((one) => nameOf(one) === key);
  if (pair === undefined) return insert(text, map, `${key}: ${value}`, lines);
  const [start, end] = [startOf(pair.key), endOf(pair)];
  const removed = text.slice(start, end);
  const tail = /\s*$/.exec(removed)?.[0] ?? '';
  const edited = `${text.slice(0, start)}${key}: ${value}${tail}${text.slice(end)}`;
  return { text: edited, line: lines.linePos(start).line };
}

/** Renames a key of the mapping at a path. */
export function renameKey(text: string, path: readonly PropertyKey[], name: string): Edited {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.1', merge: true });
  const map = mapAt(document, path.slice(0, -1));
  const pair = map.items.find((one) => nameOf(one) === String(path.at(-1)));
  if (pair === undefined) throw new Error(`the text has no ${path.join('.')}`);
  const start = startOf(pair.key);
  const end = start + String(path.at(-1)).length;
  return { text: text.slice(0, start) + name + text.slice(end), line: lines.linePos(start).line };
}

function insert(text: string, map: YAMLMap, entry: string, lines: LineCounter): Edited {
  const start = startOf(map.items[0]?.key);
  const { line, col } = lines.linePos(start);
  const edited = `${text.slice(0, start)}${entry}\n${' '.repeat(col - 1)}${text.slice(start)}`;
  return { text: edited, line };
}

function mapAt(document: Document, path: readonly PropertyKey[]): YAMLMap {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  if (!isMap(node)) throw new Error(`${path.join('.')} is no mapping`);
  return node;
}

function nameOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : '';
}

function startOf(node: unknown): number {
  return rangeOf(node)[0];
}

function endOf({ key, value }: Pair): number {
  return rangeOf(value ?? key)[1];
}

function rangeOf(node: unknown): readonly [number, number] {
  if (typeof node !== 'object' || node === null || !('range' in node)) return [0, 0];
  const { range } = node;
  return Array.isArray(range) ? [Number(range[0]), Number(range[1])] : [0, 0];
}

/** Where a quick reading stands in its text. */
export interface Cursor {
  readonly text: string;
  readonly keepNulls: boolean;
  at: number;
  lineStart: number;
  /** Column of the content that `at` stands on; -1 at the end of the document. */
  indent: number;
  depth: number;
  /** Nodes made so far, those that aliases repeat counted anew. */
  made: number;
  /** The share of `made` that aliases repeat. */
  repeated: number;
  readonly anchors: Map<string, Anchored>;
  /** Where the parts of mappings and lists stand; absent if nobody asks. */
  readonly marks?: Marks;
}

/** Where the parts of mappings and lists stand, by the values that were made of them. */
export type Marks = Map<unknown, Map<PropertyKey, Mark>>;

/** Where an entry or item stands. */
export interface Mark {
  /** Offset of the key; of the item, in a list. */
  readonly at: number;
  /** Offset of the value, if it begins on the key's line. */
  readonly value?: number;
  /** The key was there already. */
  readonly again?: boolean;
}

/** A node that aliases may repeat. */
export interface Anchored {
  readonly value: unknown;
  readonly size: number;
}

/** The text holds something that only the full reader judges: rare syntax, or an error. */
export class Unsure extends Error {
  override readonly name = 'Unsure';
}

/** Codes of characters with a meaning. */
export const CODE = {
  tab: 0x09,
  newline: 0x0a,
  space: 0x20,
  doubleQuote: 0x22,
  hash: 0x23,
  ampersand: 0x26,
  singleQuote: 0x27,
  star: 0x2a,
  comma: 0x2c,
  dash: 0x2d,
  colon: 0x3a,
  question: 0x3f,
  openList: 0x5b,
  backslash: 0x5c,
  closeList: 0x5d,
  openMap: 0x7b,
  closeMap: 0x7d,
} as const;

const DEPTH = 200;

/** Ends the quick reading. */
export function unsure(): never {
  throw new Unsure('left to the full reader');
}

/** Whether a character ends a word: a space, a line's end or the text's. */
export function isBlank(code: number): boolean {
  return code === CODE.space || code === CODE.newline || Number.isNaN(code);
}

/** Moves from the start of a line to the next content, over empty lines and comments. */
export function toContent(cursor: Cursor): void {
  const { text } = cursor;
  let start = cursor.at;
  let at = firstBlack(text, start);
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === CODE.newline) start = at + 1;
    else if (code === CODE.hash) start = lineEnd(text, at) + 1;
    else break;
    at = firstBlack(text, start);
  }
  arrive(cursor, start, at);
}

function firstBlack(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) === CODE.space) at++;
  return at;
}

function arrive(cursor: Cursor, start: number, at: number): void {
  const { text } = cursor;
  cursor.lineStart = start;
  cursor.at = at;
  cursor.indent = at - start;
  if (at >= text.length) cursor.indent = -1;
  else if (text.charCodeAt(at) === CODE.tab) unsure();
  else if (cursor.indent === 0 && isMarker(text, at)) cursor.indent = -1;
}

/** Whether a scalar in quotes stands here. */
export function atQuote({ text, at }: Cursor): boolean {
  const code = text.charCodeAt(at);
  return code === CODE.doubleQuote || code === CODE.singleQuote;
}

/** Whether a line is `---` or `...`, which end a document. */
export function isMarker(text: string, start: number): boolean {
  const marked = text.startsWith('---', start) || text.startsWith('...', start);
  return marked && isBlank(text.charCodeAt(start + 3));
}

/** Index of the line's end: of its newline, or of the text's end. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

/** Moves over spaces. */
export function skipSpaces(cursor: Cursor): void {
  while (cursor.text.charCodeAt(cursor.at) === CODE.space) cursor.at++;
}

/** Whether nothing but a comment follows on the line; stands behind spaces. */
export function atLineEnd({ text, at }: Cursor): boolean {
  const code = text.charCodeAt(at);
  if (code === CODE.newline || Number.isNaN(code)) return true;
  return code === CODE.hash && isBlank(text.charCodeAt(at - 1));
}

/** Leaves a line on which nothing may follow, for the next content. */
export function endLine(cursor: Cursor): void {
  skipSpaces(cursor);
  if (!atLineEnd(cursor)) unsure();
  cursor.at = lineEnd(cursor.text, cursor.at) + 1;
  toContent(cursor);
}

/** Counts a node; stands guard over depth. */
export function enter(cursor: Cursor): void {
  cursor.made++;
  cursor.depth++;
  if (cursor.depth > DEPTH) unsure();
}

/** Puts a value under a key; a later one replaces an earlier one. */
export function put(cursor: Cursor, map: Record<string, unknown>, key: string, value: unknown) {
  if (key === '__proto__') unsure();
  if (value !== null || cursor.keepNulls) map[key] = value;
  else if (key in map) delete map[key];
}

/** Remembers where an entry or item stands, if anybody asks. */
export function mark({ marks }: Cursor, container: unknown, key: PropertyKey, place: Mark): void {
  if (marks === undefined) return;
  const known = marks.get(container) ?? new Map<PropertyKey, Mark>();
  known.set(key, known.has(key) ? { ...place, again: true } : place);
  marks.set(container, known);
}

/** Takes over what a merge key (`<<`) brings: one mapping or a list of them, the earlier before the later. */
export function merge(cursor: Cursor, map: Record<string, unknown>, source: unknown): void {
  const items: readonly unknown[] = Array.isArray(source) ? [...source].reverse() : [source];
  for (const item of items) {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) unsure();
    const places = cursor.marks?.get(item);
    for (const [key, value] of Object.entries(item)) {
      put(cursor, map, key, value);
      const place = places?.get(key);
      if (place !== undefined) mark(cursor, map, key, place);
    }
  }
}

/** Reads the name behind `&` or `*`. */
export function anchorName(cursor: Cursor): string {
  const found = /[\w-]+/y;
  found.lastIndex = cursor.at + 1;
  const [name] = found.exec(cursor.text) ?? unsure();
  cursor.at += 1 + name.length;
  const code = cursor.text.charCodeAt(cursor.at);
  if (!isBlank(code) && code !== CODE.comma && code !== CODE.closeList && code !== CODE.closeMap) {
    unsure();
  }
  return name;
}

/** What an alias stands for. A text that grows without end by its aliases is left to the full reader, which refuses it. */
export function readAlias(cursor: Cursor): unknown {
  const anchored = cursor.anchors.get(anchorName(cursor)) ?? unsure();
  cursor.made += anchored.size;
  cursor.repeated += anchored.size;
  if (cursor.repeated > 100_000) unsure();
  return anchored.value;
}

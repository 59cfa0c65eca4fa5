import { readBlockText } from './block-text.ts';
import type { Cursor, Marks } from './cursor.ts';
import {
  anchorName,
  atLineEnd,
  atQuote,
  CODE,
  endLine,
  enter,
  isBlank,
  lineEnd,
  mark,
  merge,
  put,
  readAlias,
  skipSpaces,
  toContent,
  Unsure,
  unsure,
} from './cursor.ts';
import { readFlow } from './flow.ts';
import { quotedEnd, readQuoted } from './quoted.ts';
import { keyText, resolvePlain } from './scalar.ts';

/** What a quick reading yields. */
export interface QuickReading {
  /** Absent of an empty document. */
  readonly value?: unknown;
}

// Characters that are no text, other breaks than newlines, and what the full reader says about them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that YAML forbids
const ODD = /[\r\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/;
const START = /(?:[ ]*(?:#[^\n]*)?\n)*---[ ]*(?:#[^\n]*)?(?:\n|$)/y;

/**
 * Reads the first document of a text as far as it is written in YAML's everyday forms, about ten times as fast as
 * the full reader; undefined if there is anything else in it, errors included. Positions are kept in `marks`, if given.
 */
export function readQuickly(
  text: string,
  keepNulls: boolean,
  marks?: Marks,
): QuickReading | undefined {
  if (ODD.test(text)) return undefined;
  const cursor: Cursor = {
    text,
    keepNulls,
    at: 0,
    lineStart: 0,
    indent: -1,
    depth: 0,
    made: 0,
    repeated: 0,
    anchors: new Map(),
    ...(marks && { marks }),
  };
  try {
    return readDocument(cursor);
  } catch (error) {
    if (error instanceof Unsure) return undefined;
    throw error;
  }
}

function readDocument(cursor: Cursor): QuickReading {
  START.lastIndex = 0;
  const start = START.exec(cursor.text);
  if (start !== null) cursor.at = start[0].length;
  toContent(cursor);
  if (cursor.indent === -1) {
    if (start === null && cursor.at < cursor.text.length) unsure();
    return {};
  }
  if (cursor.text.charAt(cursor.at) === '%') unsure();
  const value = readBlock(cursor, -1);
  if (cursor.indent !== -1) unsure();
  return { value };
}

function readBlock(cursor: Cursor, parent: number): unknown {
  if (isItem(cursor)) return readList(cursor, cursor.indent);
  if (keyEnd(cursor) !== -1) return readMap(cursor, cursor.indent);
  return readInline(cursor, parent);
}

function isItem({ text, at }: Cursor): boolean {
  return text.charCodeAt(at) === CODE.dash && isBlank(text.charCodeAt(at + 1));
}

function readList(cursor: Cursor, indent: number): readonly unknown[] {
  enter(cursor);
  const list: unknown[] = [];
  do {
    cursor.at++;
    skipSpaces(cursor);
    mark(cursor, list, list.length, { at: cursor.at });
    list.push(readItem(cursor, indent));
  } while (cursor.indent === indent && isItem(cursor));
  if (cursor.indent > indent) unsure();
  cursor.depth--;
  return list;
}

function readItem(cursor: Cursor, indent: number): unknown {
  if (atLineEnd(cursor)) {
    endLine(cursor);
    return cursor.indent > indent ? readBlock(cursor, indent) : null;
  }
  const column = cursor.at - cursor.lineStart;
  cursor.indent = column;
  if (isItem(cursor)) return readList(cursor, column);
  if (keyEnd(cursor) !== -1) return readMap(cursor, column);
  return readInline(cursor, indent);
}

function readMap(cursor: Cursor, indent: number): Record<string, unknown> {
  enter(cursor);
  const map: Record<string, unknown> = {};
  do {
    if (isItem(cursor)) unsure();
    readEntry(cursor, map, indent);
  } while (cursor.indent === indent);
  if (cursor.indent > indent) unsure();
  cursor.depth--;
  return map;
}

function readEntry(cursor: Cursor, map: Record<string, unknown>, indent: number): void {
  const colon = keyEnd(cursor);
  if (colon === -1) unsure();
  const quoted = atQuote(cursor);
  const raw = quoted ? readQuoted(cursor) : cursor.text.slice(cursor.at, colon).trimEnd();
  const key = (quoted ? raw : keyText(resolvePlain(raw))) ?? unsure();
  const start = cursor.lineStart + cursor.indent;
  cursor.at = colon + 1;
  cursor.made++;
  skipSpaces(cursor);
  const beside = atLineEnd(cursor) ? {} : { value: cursor.at };
  const value = readValue(cursor, indent);
  if (raw === '<<' && !quoted) merge(cursor, map, value);
  else {
    put(cursor, map, key, value);
    mark(cursor, map, key, { at: start, ...beside });
  }
}

function readValue(cursor: Cursor, indent: number): unknown {
  skipSpaces(cursor);
  if (!atLineEnd(cursor)) return readInline(cursor, indent);
  endLine(cursor);
  if (cursor.indent > indent) return readBlock(cursor, indent);
  return cursor.indent === indent && isItem(cursor) ? readList(cursor, indent) : null;
}

const NO_KEY = /[-?:,[\]{}#&*!|>%@`]/;

// Index of the colon that ends a key on this line; -1 if there is none.
function keyEnd(cursor: Cursor): number {
  const { text, at } = cursor;
  if (atQuote(cursor)) return quotedKeyEnd(text, at);
  if (NO_KEY.test(text.charAt(at)) && !startsPlain(text, at)) return -1;
  const end = plainEnd(text, at);
  return text.charCodeAt(end) === CODE.colon ? end : -1;
}

// Where a plain scalar's line ends: at a colon that makes it a key, at a comment, or at the line's end.
function plainEnd(text: string, at: number): number {
  let end = at;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === CODE.newline) break;
    if (code === CODE.colon && isBlank(text.charCodeAt(end + 1))) break;
    if (code === CODE.hash && text.charCodeAt(end - 1) === CODE.space) break;
  }
  return end;
}

function quotedKeyEnd(text: string, at: number): number {
  let end = quotedEnd(text, at);
  if (end === -1) return -1;
  while (text.charCodeAt(end) === CODE.space) end++;
  const ends = text.charCodeAt(end) === CODE.colon && isBlank(text.charCodeAt(end + 1));
  return ends ? end : -1;
}

// `-x`, `?x` and `:x` are plain scalars.
function startsPlain(text: string, at: number): boolean {
  const first = text.charAt(at);
  return (first === '-' || first === '?' || first === ':') && !isBlank(text.charCodeAt(at + 1));
}

function readInline(cursor: Cursor, parent: number): unknown {
  cursor.made++;
  const code = cursor.text.charCodeAt(cursor.at);
  switch (code) {
    case CODE.doubleQuote:
    case CODE.singleQuote:
      return ended(cursor, readQuoted(cursor));
    case CODE.openList:
    case CODE.openMap:
      return ended(cursor, readFlow(cursor));
    case CODE.star:
      return ended(cursor, readAlias(cursor));
    case CODE.ampersand:
      return readAnchored(cursor, parent);
    case 0x7c:
    case 0x3e:
      return readBlockText(cursor, parent);
    default:
      return readPlain(cursor, parent);
  }
}

function ended(cursor: Cursor, value: unknown): unknown {
  endLine(cursor);
  return value;
}

function readAnchored(cursor: Cursor, parent: number): unknown {
  const before = cursor.made;
  const name = anchorName(cursor);
  skipSpaces(cursor);
  if (!atLineEnd(cursor) && (keyEnd(cursor) !== -1 || isItem(cursor))) unsure();
  const value = readValue(cursor, parent);
  cursor.anchors.set(name, { value, size: cursor.made - before + 1 });
  return value;
}

function readPlain(cursor: Cursor, parent: number): unknown {
  if (NO_KEY.test(cursor.text.charAt(cursor.at)) && !startsPlain(cursor.text, cursor.at)) unsure();
  let value = readPlainLine(cursor);
  let lines = 1;
  while (cursor.indent > parent) {
    const start = cursor.at;
    const breaks = breaksBefore(cursor);
    const more = readPlainLine(cursor);
    if (cursor.at <= start) unsure();
    value += (breaks === 1 ? ' ' : '\n'.repeat(breaks - 1)) + more;
    lines++;
  }
  return lines === 1 ? resolvePlain(value) : value;
}

// Lines between the last content and this one; a comment among them ends a plain scalar.
function breaksBefore({ text, lineStart }: Cursor): number {
  let breaks = 0;
  for (let at = lineStart - 1; at >= 0; at--) {
    const code = text.charCodeAt(at);
    if (code === CODE.newline) breaks++;
    else if (code !== CODE.space) break;
  }
  const previous = text.lastIndexOf('\n', lineStart - 2);
  if (/(?:^|\s)#/.test(text.slice(previous + 1, lineStart))) unsure();
  return breaks;
}

function readPlainLine(cursor: Cursor): string {
  const { text, at } = cursor;
  const end = plainEnd(text, at);
  if (text.charCodeAt(end) === CODE.colon) unsure();
  const line = text.slice(at, end).trimEnd();
  if (line.includes('\t')) unsure();
  cursor.at = lineEnd(text, end) + 1;
  toContent(cursor);
  return line;
}

import type { Cursor } from './cursor.ts';
import {
  anchorName,
  atQuote,
  CODE,
  enter,
  isBlank,
  isMarker,
  lineEnd,
  mark,
  merge,
  put,
  readAlias,
  unsure,
} from './cursor.ts';
import { readQuoted } from './quoted.ts';
import { keyText, resolvePlain } from './scalar.ts';

/** Reads a list or mapping in brackets. */
export function readFlow(cursor: Cursor): unknown {
  enter(cursor);
  const isMap = cursor.text.charCodeAt(cursor.at) === CODE.openMap;
  cursor.at++;
  const value = isMap ? readMap(cursor) : readList(cursor);
  cursor.depth--;
  return value;
}

function readList(cursor: Cursor): readonly unknown[] {
  const list: unknown[] = [];
  for (;;) {
    if (closes(cursor, CODE.closeList)) return list;
    mark(cursor, list, list.length, { at: cursor.at });
    list.push(readNode(cursor));
    if (!separated(cursor, CODE.closeList)) unsure();
  }
}

function readMap(cursor: Cursor): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  while (!closes(cursor, CODE.closeMap)) {
    readEntry(cursor, map);
    if (!separated(cursor, CODE.closeMap)) unsure();
  }
  return map;
}

function readEntry(cursor: Cursor, map: Record<string, unknown>): void {
  const quoted = atQuote(cursor);
  const start = cursor.at;
  const raw = quoted ? readQuoted(cursor) : readPlain(cursor);
  cursor.made++;
  skipBlanks(cursor);
  const beside = cursor.marks === undefined ? {} : startOfValue(cursor);
  const value = readValue(cursor);
  if (raw === '<<' && !quoted) merge(cursor, map, value);
  else {
    const key = (quoted ? raw : keyText(resolvePlain(raw))) ?? unsure();
    put(cursor, map, key, value);
    mark(cursor, map, key, { at: start, ...beside });
  }
}

function startOfValue({ text, at }: Cursor): { readonly value?: number } {
  const [gap = ''] = /^: */.exec(text.slice(at, at + 80)) ?? [];
  const next = text.charCodeAt(at + gap.length);
  const none = gap === '' || isBlank(next) || next === CODE.comma || next === CODE.closeMap;
  return none ? {} : { value: at + gap.length };
}

function readValue(cursor: Cursor): unknown {
  if (cursor.text.charCodeAt(cursor.at) !== CODE.colon) return null;
  cursor.at++;
  skipBlanks(cursor);
  const code = cursor.text.charCodeAt(cursor.at);
  return code === CODE.comma || code === CODE.closeMap ? null : readNode(cursor);
}

function readNode(cursor: Cursor): unknown {
  const code = cursor.text.charCodeAt(cursor.at);
  if (code === CODE.openList || code === CODE.openMap) return readFlow(cursor);
  cursor.made++;
  if (atQuote(cursor)) return readQuoted(cursor);
  if (code === CODE.star) return readAlias(cursor);
  if (code !== CODE.ampersand) return resolvePlain(readPlain(cursor));
  const before = cursor.made;
  const name = anchorName(cursor);
  skipBlanks(cursor);
  const value = readNode(cursor);
  cursor.anchors.set(name, { value, size: cursor.made - before + 1 });
  return value;
}

const NO_START = /[-?:,[\]{}#&*!|>'"%@`]/;
const STOP = /[,[\]{}?\n]|: ?| #/g;

function readPlain(cursor: Cursor): string {
  const { text, at } = cursor;
  if (NO_START.test(text.charAt(at)) && !isWord(text, at)) unsure();
  const end = plainEnd(text, at);
  cursor.at = end;
  if (text.charCodeAt(end) === CODE.newline) refuseContinuation(cursor);
  return text.slice(at, end).trimEnd();
}

function plainEnd(text: string, at: number): number {
  STOP.lastIndex = at;
  for (let found = STOP.exec(text); found !== null; found = STOP.exec(text)) {
    const [what] = found;
    const next = text.charAt(found.index + 1);
    if (what === '?' || what === '[' || what === '{') unsure();
    if (what !== ':' || /^\s?$/.test(next)) return found.index;
    if (/[,[\]{}]/.test(next)) unsure();
  }
  return unsure();
}

// `-x` and `-1` are plain; `- x` is not.
function isWord(text: string, at: number): boolean {
  return text.charCodeAt(at) === CODE.dash && /[\w./]/.test(text.charAt(at + 1));
}

// A plain scalar that goes on in the next line.
function refuseContinuation(cursor: Cursor): void {
  skipBlanks(cursor);
  const code = cursor.text.charCodeAt(cursor.at);
  if (code !== CODE.comma && code !== CODE.closeList && code !== CODE.closeMap) unsure();
}

function closes(cursor: Cursor, close: number): boolean {
  skipBlanks(cursor);
  if (cursor.text.charCodeAt(cursor.at) !== close) return false;
  cursor.at++;
  return true;
}

// Takes the comma behind an entry; true also before the closing bracket.
function separated(cursor: Cursor, close: number): boolean {
  skipBlanks(cursor);
  const code = cursor.text.charCodeAt(cursor.at);
  if (code === CODE.comma) cursor.at++;
  return code === CODE.comma || code === close;
}

function skipBlanks(cursor: Cursor): void {
  for (;;) {
    const code = cursor.text.charCodeAt(cursor.at);
    if (code === CODE.newline) nextLine(cursor);
    else if (code === CODE.space) cursor.at++;
    else if (code === CODE.hash && isBlank(cursor.text.charCodeAt(cursor.at - 1))) {
      cursor.at = lineEnd(cursor.text, cursor.at);
    } else break;
  }
  const code = cursor.text.charCodeAt(cursor.at);
  if (code === CODE.tab || Number.isNaN(code)) unsure();
}

function nextLine(cursor: Cursor): void {
  cursor.at++;
  if (isMarker(cursor.text, cursor.at)) unsure();
}

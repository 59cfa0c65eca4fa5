import type { Mark } from './cursor.ts';
import { CODE, isBlank, lineEnd } from './cursor.ts';

/** Where a path leads in a text. */
export interface Scanned {
  /** The deepest part of the path that is there; absent if not even the first is. */
  readonly place: Mark | undefined;
  /** The path exists to its end. */
  readonly whole: boolean;
}

interface Found extends Mark {
  readonly item: boolean;
}

/** Entries of a mapping or list, one below the other. */
interface Block {
  /** Offset of the first entry. */
  readonly at: number;
  readonly column: number;
}

/**
 * Finds a path by the indentation of lines, without reading what lies between; undefined where only a reader of the
 * whole text can tell: in flow forms, behind aliases and merge keys, and wherever a line is not what it was taken for.
 */
export function scanPlace(text: string, path: readonly PropertyKey[]): Scanned | undefined {
  let block = firstBlock(text, startOf(text));
  let place: Mark | undefined;
  for (const part of path) {
    if (block === undefined) return undefined;
    const found =
      typeof part === 'number' ? findItem(text, block, part) : findKey(text, block, part);
    if (found === undefined) return undefined;
    if (found.at === -1) return { place, whole: false };
    place = found;
    block = blockBehind(text, found, block.column);
  }
  return { place, whole: true };
}

const START = /(?:[ ]*(?:#[^\n]*)?\n)*---[ ]*(?:#[^\n]*)?\n/y;
const NOWHERE: Found = { at: -1, item: false };

function startOf(text: string): number {
  START.lastIndex = 0;
  return START.exec(text)?.[0].length ?? 0;
}

// The next line with content, from the start of a line on.
function firstBlock(text: string, start: number): Block | undefined {
  let line = start;
  while (line < text.length) {
    let at = line;
    while (text.charCodeAt(at) === CODE.space) at++;
    const code = text.charCodeAt(at);
    if (code !== CODE.newline && code !== CODE.hash && !Number.isNaN(code)) {
      return { at, column: at - line };
    }
    line = lineEnd(text, at) + 1;
  }
  return undefined;
}

// The next entry of a block: a line of its column, before any line that is less deep.
function nextEntry(text: string, at: number, column: number): number | undefined {
  let line = lineEnd(text, at) + 1;
  for (;;) {
    const next = firstBlock(text, line);
    if (next === undefined || next.column < column) return undefined;
    if (next.column === column) return isDocumentEnd(text, next) ? undefined : next.at;
    line = lineEnd(text, next.at) + 1;
  }
}

// A list may stand in the column of the key before it.
function nextKey(text: string, at: number, column: number): number | undefined {
  let entry = nextEntry(text, at, column);
  while (entry !== undefined && isItem(text, entry)) entry = nextEntry(text, entry, column);
  return entry;
}

function isDocumentEnd(text: string, { at, column }: Block): boolean {
  return column === 0 && /^(?:---|\.\.\.)(?:\s|$)/.test(text.slice(at, at + 4));
}

function findItem(text: string, { at, column }: Block, index: number): Found | undefined {
  let entry: number | undefined = at;
  for (let count = 0; entry !== undefined && isItem(text, entry); count++) {
    if (count === index) return { at: skip(text, entry + 1), item: true };
    entry = nextEntry(text, entry, column);
  }
  return undefined;
}

function findKey(text: string, { at, column }: Block, part: PropertyKey): Found | undefined {
  for (let entry: number | undefined = at; entry !== undefined; ) {
    const key = keyAt(text, entry);
    if (key === undefined || key.name === '<<') return undefined;
    if (key.name === String(part)) {
      const value = skip(text, key.end + 1);
      return { at: entry, item: false, ...(isLineEnd(text, value) ? {} : { value }) };
    }
    entry = nextKey(text, entry, column);
  }
  return NOWHERE;
}

const KEY =
  /(?:"([^"\\\n]*)"|'([^'\n]*)'|([^\s"'&*!|>%@`{}[\],?:#-][^\n#]*?|[^\s"'&*!|>%@`{}[\],#]))[ ]*:(?=[ \n]|$)/y;

function keyAt(text: string, at: number) {
  KEY.lastIndex = at;
  const match = KEY.exec(text);
  if (match === null) return undefined;
  const name = match[1] ?? match[2] ?? match[3] ?? '';
  return { name, end: at + match[0].length - 1 };
}

// What lies behind an entry: behind `- ` on its line, or else on the lines below.
function blockBehind(text: string, found: Found, column: number): Block | undefined {
  const { at, value, item } = found;
  if (item && !isLineEnd(text, at)) return { at, column: columnOf(text, at) };
  if (value !== undefined && !isAnchor(text, value)) return undefined;
  const next = firstBlock(text, lineEnd(text, at) + 1);
  if (next === undefined || next.column < column) return undefined;
  const listBeside = !item && next.column === column && isItem(text, next.at);
  return next.column > column || listBeside ? next : undefined;
}

function isAnchor(text: string, at: number): boolean {
  return /^&[\w-]+[ ]*(?:#|$)/.test(text.slice(at, lineEnd(text, at)));
}

function isItem(text: string, at: number): boolean {
  return text.charCodeAt(at) === CODE.dash && isBlank(text.charCodeAt(at + 1));
}

function isLineEnd(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === CODE.newline || code === CODE.hash || Number.isNaN(code);
}

function columnOf(text: string, at: number): number {
  return at - (text.lastIndexOf('\n', at - 1) + 1);
}

function skip(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) === CODE.space) at++;
  return at;
}

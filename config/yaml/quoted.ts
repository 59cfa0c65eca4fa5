import type { Cursor } from './cursor.ts';
import { CODE, isMarker, unsure } from './cursor.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '/': '/',
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

/** Index behind the quote that ends a quoted scalar on its own line; -1 if it does not end there. */
export function quotedEnd(text: string, start: number): number {
  const quote = text.charCodeAt(start);
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === CODE.newline) return -1;
    if (code === CODE.backslash && quote === CODE.doubleQuote) at++;
    else if (code === quote) {
      if (quote !== CODE.singleQuote || text.charCodeAt(at + 1) !== quote) return at + 1;
      at++;
    }
  }
  return -1;
}

/** Reads a quoted scalar, over several lines if need be. */
export function readQuoted(cursor: Cursor): string {
  const { text, at } = cursor;
  const quote = text.charAt(at);
  const end = text.indexOf(quote, at + 1);
  if (end === -1) unsure();
  const plain = text.slice(at + 1, end);
  const simple = quote === '"' ? !plain.includes('\\') : text.charAt(end + 1) !== quote;
  if (!simple || plain.includes('\n')) return readPieces(cursor, quote);
  cursor.at = end + 1;
  return plain;
}

function readPieces(cursor: Cursor, quote: string): string {
  const { text } = cursor;
  const stop = quote === '"' ? /["\\\n]/g : /['\n]/g;
  let value = '';
  let at = cursor.at + 1;
  for (;;) {
    stop.lastIndex = at;
    const found = stop.exec(text) ?? unsure();
    value += text.slice(at, found.index);
    at = found.index + 1;
    const [what] = found;
    if (what === '\n') {
      const folded = foldBreaks(text, at);
      value = trimEnd(value) + folded.value;
      at = folded.at;
    } else if (what === '\\') {
      const escaped = readEscape(text, at);
      value += escaped.value;
      at = escaped.at;
    } else if (what === "'" && text.charAt(at) === "'") {
      value += "'";
      at++;
    } else {
      cursor.at = at;
      return value;
    }
  }
}

interface Piece {
  readonly value: string;
  readonly at: number;
}

// Behind a line's end: one break is a space, more are one break less.
function foldBreaks(text: string, start: number): Piece {
  let breaks = 1;
  let at = start;
  for (;;) {
    if (isMarker(text, at)) unsure();
    while (text.charAt(at) === ' ' || text.charAt(at) === '\t') at++;
    if (text.charAt(at) !== '\n') break;
    breaks++;
    at++;
  }
  return { value: breaks === 1 ? ' ' : '\n'.repeat(breaks - 1), at };
}

function readEscape(text: string, at: number): Piece {
  const code = text.charAt(at);
  const digits = { x: 2, u: 4, U: 8 }[code];
  if (digits !== undefined) return readCharacter(text, at + 1, digits);
  if (code === '\n') {
    const { value, at: behind } = foldBreaks(text, at + 1);
    return { value: value === ' ' ? '' : value, at: behind };
  }
  return { value: ESCAPES[code] ?? unsure(), at: at + 1 };
}

function readCharacter(text: string, at: number, digits: number): Piece {
  const hex = text.slice(at, at + digits);
  const code = Number.parseInt(hex, 16);
  const sound = hex.length === digits && /^[\da-fA-F]+$/.test(hex);
  if (!sound || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) unsure();
  return { value: String.fromCodePoint(code), at: at + digits };
}

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\t')) end--;
  return text.slice(0, end);
}

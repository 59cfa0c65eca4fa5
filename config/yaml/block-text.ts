import type { Cursor } from './cursor.ts';
import { atLineEnd, CODE, lineEnd, skipSpaces, toContent, unsure } from './cursor.ts';

const HEADER = /[|>](?:([+-])([1-9])?|([1-9])([+-])?)?/y;

/** Reads a literal (`|`) or folded (`>`) scalar, which must stand deeper than `parent`. */
export function readBlockText(cursor: Cursor, parent: number): string {
  HEADER.lastIndex = cursor.at;
  const [header = '', before, one, other, after] = HEADER.exec(cursor.text) ?? [];
  cursor.at += header.length;
  skipSpaces(cursor);
  if (!atLineEnd(cursor)) unsure();
  cursor.at = lineEnd(cursor.text, cursor.at) + 1;
  const given = one ?? other;
  const indent = given === undefined ? undefined : Math.max(parent, 0) + Number(given);
  const { lines, ended } = readLines(cursor, indent ?? detectIndent(cursor, parent));
  toContent(cursor);
  const chomping = before ?? after;
  return joined(lines, { folded: header.startsWith('>'), chomping, ended });
}

// The first line with content says how deep the text stands; emptier lines before it must not be deeper.
function detectIndent({ text, at: from }: Cursor, parent: number): number {
  let deepest = 0;
  let at = from;
  for (;;) {
    const start = at;
    while (text.charCodeAt(at) === CODE.space) at++;
    const code = text.charCodeAt(at);
    if (code === CODE.tab) unsure();
    if (code !== CODE.newline) {
      if (deepest > at - start && at < text.length) unsure();
      return Math.max(at - start, parent + 1);
    }
    deepest = Math.max(deepest, at - start);
    at++;
  }
}

interface Lines {
  readonly lines: readonly string[];
  /** The last line ends with a newline. */
  readonly ended: boolean;
}

function readLines(cursor: Cursor, indent: number): Lines {
  const { text } = cursor;
  const lines: string[] = [];
  let ended = true;
  while (cursor.at < text.length) {
    let at = cursor.at;
    while (at < cursor.at + indent && text.charCodeAt(at) === CODE.space) at++;
    const empty = text.charCodeAt(at) === CODE.newline;
    if (at < cursor.at + indent && !empty) break;
    const end = lineEnd(text, at);
    lines.push(text.slice(at, end));
    ended = end < text.length;
    cursor.at = end + 1;
  }
  return { lines, ended };
}

interface Manner {
  readonly folded: boolean;
  readonly chomping: string | undefined;
  readonly ended: boolean;
}

function joined(all: readonly string[], { folded, chomping, ended }: Manner): string {
  let count = all.length;
  while (count > 0 && all[count - 1] === '') count--;
  const lines = all.slice(0, count);
  const blank = all.length - count;
  const body = folded ? fold(lines) : lines.join('\n');
  if (chomping === '-') return body;
  const breaks = (count > 0 ? 1 : 0) + blank - (ended ? 0 : 1);
  if (chomping === '+') return body + '\n'.repeat(Math.max(breaks, 0));
  return count > 0 && breaks > 0 ? `${body}\n` : body;
}

// One break between lines is a space, more are one break less; lines that begin with a blank keep all theirs.
function fold(lines: readonly string[]): string {
  let value = '';
  let breaks = 0;
  let previous: string | undefined;
  for (const line of lines) {
    if (line === '') breaks++;
    else {
      value += between(previous, line, breaks) + line;
      previous = line;
      breaks = 0;
    }
  }
  return value;
}

function between(previous: string | undefined, line: string, empty: number): string {
  if (previous === undefined) return '\n'.repeat(empty);
  if (/^[ \t]/.test(line) || /^[ \t]/.test(previous)) return '\n'.repeat(empty + 1);
  return empty === 0 ? ' ' : '\n'.repeat(empty);
}

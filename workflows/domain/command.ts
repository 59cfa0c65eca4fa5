/** A command as somebody typed it: `/hold for now` is `{ name: 'hold', args: 'for now' }`. */
export interface Command {
  /** Lower case, without the slash. */
  readonly name: string;
  /** The rest of the line, without blanks around it. */
  readonly args: string;
  /** The whole line, from the slash, as typed, without blanks at its end and without its line end. */
  readonly line: string;
  /** Its place among the commands of its comment, from 0. */
  readonly index: number;
}

/**
 * What separates words: Go's `\s` but for the line feed. It is ASCII only, unlike JavaScript's: `/lgtm` and a
 * no-break space is no command (W§0, H2).
 */
const BLANK = '[ \\t\\r\\f]';

const COMMAND_LINE = new RegExp(`^/([A-Za-z][A-Za-z0-9_-]*)(?:${BLANK}+([^\\n]*))?$`);
const BLANKS: ReadonlySet<string> = new Set([' ', '\t', '\r', '\f']);

/**
 * The commands of a text: lines that begin with a slash and a letter. Give it text from `spokenText`. Lines end
 * at line feeds only, as in Go (H1).
 */
export function parseCommands(text: string): readonly Command[] {
  const found = text.split('\n').flatMap((raw) => {
    const line = withoutBlanksAtEnd(raw);
    const match = COMMAND_LINE.exec(line);
    if (match?.[1] === undefined) return [];
    return [{ name: match[1].toLowerCase(), args: match[2] ?? '', line }];
  });
  return found.map((command, index) => ({ ...command, index }));
}

/** A pattern would begin anew at each blank of a long line that does not end in one. */
function withoutBlanksAtEnd(line: string): string {
  let end = line.length;
  while (end > 0 && BLANKS.has(line.charAt(end - 1))) end -= 1;
  return line.slice(0, end);
}

/**
 * Whether a command is the first in its comment that has one of these names: where the comment is answered as a
 * whole, it is answered there.
 */
export function isFirstOf(
  command: Command,
  spoken: readonly Command[],
  names: readonly string[],
): boolean {
  return spoken.find(({ name }) => names.includes(name))?.index === command.index;
}

/** Whether a command is the given words and nothing else, without regard to case: `isExactly(c, 'lgtm cancel')`. */
export function isExactly(command: Pick<Command, 'line'>, words: string): boolean {
  return command.line.toLowerCase() === `/${words}`;
}

/** Whether a command's first argument is this word, without regard to case. */
export function firstArgumentIs(command: Command, word: string): boolean {
  return command.args.split(/[ \t\r\f]/, 1)[0]?.toLowerCase() === word;
}

/**
 * The part of a comment that is spoken: without fenced code, block quotes and HTML comments, where a
 * command does not count (a deviation from Prow that docs/compatibility.md lists). CRLF becomes LF.
 */
export function spokenText(body: string): string {
  const lines = body.replaceAll('\r\n', '\n').split('\n');
  const lastEnd = lines.findLastIndex((line) => line.includes(HTML_END));
  const kept: string[] = [];
  let inside: Inside = { kind: 'text' };
  for (const [index, line] of lines.entries()) {
    const seen = readLine(line, inside, index < lastEnd);
    inside = seen.inside;
    if (seen.text !== undefined) kept.push(seen.text);
  }
  return kept.join('\n');
}

const HTML_START = '<!--';
const HTML_END = '-->';

/** What the end of a line is in. */
type Inside =
  | { readonly kind: 'text' }
  | { readonly kind: 'html' }
  | { readonly kind: 'fence'; readonly end: RegExp };

interface ReadLine {
  readonly inside: Inside;
  /** What of the line is spoken, undefined if nothing. */
  readonly text?: string;
}

function readLine(line: string, inside: Inside, htmlEndsLater: boolean): ReadLine {
  if (inside.kind === 'fence') {
    return { inside: inside.end.test(line) ? { kind: 'text' } : inside };
  }
  const open = inside.kind === 'html';
  if (!open && /^ {0,3}>/.test(line)) return { inside };

  const seen = withoutHtmlComments(line, open);
  // In the middle of a paragraph, a comment that never ends is plain text (CommonMark).
  const hidden = seen.hidden && (open || htmlEndsLater || /^ {0,3}<!--/.test(line));
  if (hidden) return { inside: { kind: 'html' }, text: seen.text };
  const text = seen.hidden ? line : seen.text;
  const end = endOfFence(text);
  return end === undefined
    ? { inside: { kind: 'text' }, text }
    : { inside: { kind: 'fence', end } };
}

/** If the line opens a fence: what the line that closes it looks like (CommonMark: as long, or longer). */
function endOfFence(line: string): RegExp | undefined {
  const fence = /^ {0,3}(?:(`{3,})[^`]*|(~{3,})[^\n]*)$/.exec(line);
  const mark = fence?.[1] ?? fence?.[2];
  if (mark === undefined) return undefined;
  return new RegExp(`^ {0,3}${mark.charAt(0)}{${mark.length},}${BLANK}*$`);
}

/** The line without the HTML comments in it; `hidden` says whether one is open before, and after, it. */
function withoutHtmlComments(
  line: string,
  openBefore: boolean,
): { readonly text: string; readonly hidden: boolean } {
  let text = '';
  let rest = line;
  let hidden = openBefore;
  while (rest !== '') {
    const mark = hidden ? HTML_END : HTML_START;
    const at = rest.indexOf(mark);
    if (!hidden) text += at < 0 ? rest : rest.slice(0, at);
    if (at < 0) break;
    rest = rest.slice(at + mark.length);
    hidden = !hidden;
  }
  // A command begins its line as written: what follows a comment does not.
  return { text: text.startsWith('/') && !line.startsWith('/') ? ` ${text}` : text, hidden };
}

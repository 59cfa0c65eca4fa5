/** A command as somebody typed it: `/hold for now` is `{ name: 'hold', args: 'for now' }`. */
export interface Command {
  /** Lower case, without the slash. */
  readonly name: string;
  /** The rest of the line, without blanks around it. */
  readonly args: string;
  /** The whole line, from the slash, as typed, without blanks at its end and without its line end. */
  readonly line: string;
}

/**
 * What separates words: Go's `\s` but for the line feed. It is ASCII only, unlike JavaScript's: `/lgtm` and a
 * no-break space is no command (W§0, H2).
 */
const BLANK = '[ \\t\\r\\f]';

const COMMAND_LINE = new RegExp(`^/([A-Za-z][A-Za-z0-9_-]*)(?:${BLANK}+([^\\n]*))?$`);
const BLANKS_AT_END = new RegExp(`${BLANK}+$`);

/**
 * The commands of a text: lines that begin with a slash and a letter. Give it text from `spokenText`. Lines end
 * at line feeds only, as in Go (H1).
 */
export function parseCommands(text: string): readonly Command[] {
  return text.split('\n').flatMap((raw) => {
    const line = raw.replace(BLANKS_AT_END, '');
    const match = COMMAND_LINE.exec(line);
    if (match?.[1] === undefined) return [];
    return [{ name: match[1].toLowerCase(), args: match[2] ?? '', line }];
  });
}

/** Whether a command is the given words and nothing else, without regard to case: `isExactly(c, 'lgtm cancel')`. */
export function isExactly(command: Command, words: string): boolean {
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
  const kept: string[] = [];
  let closing: RegExp | undefined;
  let hidden = false;
  for (const raw of body.replaceAll('\r\n', '\n').split('\n')) {
    if (closing !== undefined) {
      if (closing.test(raw)) closing = undefined;
      continue;
    }
    if (!hidden && isQuote(raw)) continue;
    const seen = withoutHtmlComments(raw, hidden);
    hidden = seen.hidden;
    closing = closingFence(seen.text);
    if (closing === undefined) kept.push(seen.text);
  }
  return kept.join('\n');
}

function isQuote(line: string): boolean {
  return /^ {0,3}>/.test(line);
}

/** If the line opens a fence: what the line that closes it looks like (CommonMark: as long, or longer). */
function closingFence(line: string): RegExp | undefined {
  const fence = /^ {0,3}(?:(`{3,})[^`]*|(~{3,})[^\n]*)$/.exec(line);
  const mark = fence?.[1] ?? fence?.[2];
  if (mark === undefined) return undefined;
  return new RegExp(`^ {0,3}${mark.charAt(0)}{${mark.length},}[ \\t\\r\\f]*$`);
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
    const mark = hidden ? '-->' : '<!--';
    const at = rest.indexOf(mark);
    if (at < 0) return { text: hidden ? text : text + rest, hidden };
    if (!hidden) text += rest.slice(0, at);
    rest = rest.slice(at + mark.length);
    hidden = !hidden;
  }
  return { text, hidden };
}

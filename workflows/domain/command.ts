/** A command as somebody typed it: `/hold for now` is `{ name: 'hold', args: 'for now' }`. */
export interface Command {
  /** Lower case, without the slash. */
  readonly name: string;
  /** The rest of the line, trimmed of spaces and tabs. */
  readonly args: string;
  /** The whole line, from the slash, as typed, without its line end. */
  readonly line: string;
}

const COMMAND_LINE = /^\/([A-Za-z][\w-]*)(?:[ \t]+([^\n]*))?$/;

/**
 * The commands of a text: lines that begin with a slash and a letter. Give it text from `spokenText`.
 */
export function parseCommands(text: string): readonly Command[] {
  return text.split('\n').flatMap((raw) => {
    const line = raw.replace(/[ \t\r\f]+$/, '');
    const match = COMMAND_LINE.exec(line);
    if (match?.[1] === undefined) return [];
    return [{ name: match[1].toLowerCase(), args: (match[2] ?? '').trim(), line }];
  });
}

/**
 * The part of a comment that is spoken: without fenced code, block quotes and HTML comments, where a
 * command does not count (a deviation from Prow that docs/compatibility.md lists). CRLF becomes LF.
 */
export function spokenText(body: string): string {
  const lines = withoutHtmlComments(body.replaceAll('\r\n', '\n')).split('\n');
  const kept: string[] = [];
  let fence = '';
  for (const line of lines) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? '';
    if (fence !== '') {
      if (closes(mark, fence, line)) fence = '';
      continue;
    }
    if (mark !== '') fence = mark;
    else if (!/^ {0,3}>/.test(line)) kept.push(line);
  }
  return kept.join('\n');
}

function closes(mark: string, fence: string, line: string): boolean {
  return mark !== '' && mark.startsWith(fence) && line.trim() === mark;
}

function withoutHtmlComments(body: string): string {
  return body.replace(/<!--[\s\S]*?(?:-->|$)/g, '');
}

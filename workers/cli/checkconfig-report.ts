import { styleText } from 'node:util';
import type { Finding } from '../../config/checks/finding.ts';
import type { CheckSubject } from '../../config/checks/subject.ts';
import type { Problem } from '../../config/problem.ts';
import { describeProblem, fieldName } from '../../config/problem.ts';

/** One thing that `checkconfig` says. */
export interface Remark extends Problem {
  /** A note changes no verdict, not with `--strict` either. */
  readonly level: 'error' | 'warning' | 'note';
  /** The warning's name. */
  readonly warning?: string;
}

/** How many remarks there are of the levels that decide the verdict. */
export interface Counts {
  readonly error: number;
  readonly warning: number;
}

/** What is said, and where it goes. */
export interface Printer {
  /** A remark on a line of its own. */
  say(remark: Remark): void;
  /** A sentence that changes no verdict. */
  note(sentence: string): void;
  /** The last line. */
  verdict(counts: Counts, strict: boolean): void;
}

type Style = Parameters<typeof styleText>[0];

const STYLES = { error: 'red', warning: 'yellow', note: 'cyan' } as const;

/** The remark that a finding is, with its position in the file. */
export function remarkOf(
  { warning, place, ...rest }: Finding,
  subject: Pick<CheckSubject, 'locate'>,
): Remark {
  return {
    level: warning === 'unknown-preset' ? 'note' : 'warning',
    warning,
    file: place.file,
    ...subject.locate(place),
    field: fieldName(place.path),
    ...rest,
  };
}

/** Prints for people, in colours where the terminal has them, or one JSON object a line. */
export function createPrinter(output: 'text' | 'json', stream: NodeJS.WriteStream): Printer {
  const colours = stream.isTTY === true && stream.hasColors();
  const paint = (style: Style, text: string) => (colours ? styleText(style, text) : text);
  const write = (line: string) => stream.write(`${line}\n`);
  if (output === 'json') {
    return {
      say: (remark) => write(JSON.stringify(remark)),
      note: (sentence) => write(JSON.stringify({ level: 'note', why: sentence })),
      verdict: (counts, strict) => write(JSON.stringify({ level: 'verdict', ...counts, strict })),
    };
  }
  return {
    say(remark) {
      const { level, warning } = remark;
      const kind = warning === undefined ? level : `${level}[${warning}]`;
      write(`${paint(STYLES[level], kind)} ${describeProblem(remark)}`);
    },
    note: (sentence) => write(`${paint('cyan', 'note')} ${sentence}`),
    verdict: (counts, strict) => write(paint('bold', verdictText(counts, strict))),
  };
}

function verdictText({ error, warning }: Counts, strict: boolean) {
  const counts = `${amount(error, 'error')}, ${amount(warning, 'warning')}`;
  if (error > 0) return `The configuration is refused: ${counts}.`;
  if (warning === 0) return 'The configuration is good.';
  return strict
    ? `The configuration loads: ${counts}; with --strict that is a failure.`
    : `The configuration loads: ${counts}.`;
}

function amount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

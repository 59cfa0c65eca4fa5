/** One thing that is wrong with the configuration, in words for whoever edits the file. */
export interface Problem {
  readonly file: string;
  /** Counted from 1; absent where no line can be named. */
  readonly line?: number;
  /** Path inside the file, such as `presubmits.org/repo[3].branches[0]`; empty for the file as a whole. */
  readonly field: string;
  readonly why: string;
  /** What to do about it. */
  readonly next: string;
}

/** The configuration is refused whole; `problems` holds every reason that was found. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.problems = problems;
  }
}

/** A problem on one line: place, reason, remedy. */
export function describeProblem({ file, line, field, why, next }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return `${place}: ${field === '' ? '' : `${field}: `}${why}. ${next}`;
}

/** A place inside a configuration file: keys and indexes from the root of its document. */
export interface Place {
  readonly file: string;
  readonly path: readonly PropertyKey[];
}

/** Takes what is wrong with a place; the line is found later, from the file's text. */
export type Report = (place: Place, why: string, next: string) => void;

/** `presubmits.org/repo[3].name` for the path `['presubmits', 'org/repo', 3, 'name']`. */
export function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

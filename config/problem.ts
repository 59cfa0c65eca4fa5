/** One thing that is wrong with the configuration, in words for whoever edits the file. */
export interface Problem {
  readonly file: string;
  /** Counted from 1; absent where no line can be named. */
  readonly line?: number;
  /** Counted from 1; absent where no line can be named. */
  readonly column?: number;
  /** Path inside the file, such as `presubmits.org/repo[3].branches[0]`; empty for the file as a whole. */
  readonly field: string;
  readonly why: string;
  /** What to do about it. */
  readonly next: string;
  /** The value that stands there, shortened; absent where nothing does. */
  readonly found?: string;
  /** What may stand there. */
  readonly allowed?: string;
  /** The allowed value that is spelled most like the one found. */
  readonly nearest?: string;
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
export function describeProblem(problem: Problem): string {
  const { file, line, column } = problem;
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return `${place}: ${describeReason(problem)}`;
}

/** Reason and remedy of a problem, without its place. */
export function describeReason({ field, why, next, ...rest }: Problem): string {
  const { found, allowed, nearest } = rest;
  const parts = [
    `${field === '' ? '' : `${field}: `}${why}`,
    ...(found === undefined ? [] : [`Found ${found}`]),
    ...(allowed === undefined ? [] : [`Allowed: ${allowed}`]),
    ...(nearest === undefined ? [] : [`Did you mean ${nearest}?`]),
  ];
  const text = parts.map((part) => (/[.?!]$/.test(part) ? part : `${part}.`)).join(' ');
  return `${text} ${next}`;
}

/** A place inside a configuration file: keys and indexes from the root of its document. */
export interface Place {
  readonly file: string;
  readonly path: readonly PropertyKey[];
  /** It is the last key of the path that is meant, not what stands behind it. */
  readonly key?: true;
}

/** What a problem may say beyond its reason. */
export type Details = Pick<Problem, 'found' | 'allowed' | 'nearest'>;

/** Takes what is wrong with a place; the line is found later, from the file's text. */
export type Report = (place: Place, why: string, next: string, details?: Details) => void;

/** `presubmits.org/repo[3].name` for the path `['presubmits', 'org/repo', 3, 'name']`. */
export function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

import { LRUCache } from 'lru-cache';
import { RE2JS } from 're2js';

/** A pattern that RE2 refuses; the message names the pattern and RE2's reason. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

// A memo of a pure function: it saves compiling a large repository's patterns for every comment and changes no result.
const compiled = new LRUCache<string, RE2JS>({ max: 10_000 });
const simple = new LRUCache<string, boolean>({ max: 10_000 });
const good = new LRUCache<string, true>({ max: 10_000 });
const natives = new LRUCache<string, RegExp>({ max: 10_000 });

/**
 * Whether RE2 finds the pattern anywhere in the text, as Go's `MatchString` does.
 * @throws PatternError
 */
export function found(pattern: string, text: string): boolean {
  return isPlain(text) && isSimple(pattern)
    ? native(pattern).test(text)
    : compile(pattern).test(text);
}

/** Whether any of the patterns is found in the text. */
export function foundAny(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => found(pattern, text));
}

// Patterns of everyday parts, which RE2 takes for certain: a check need not compile them.
const PART = String.raw`(?:[\w /:@,=~#%&<>!;-]|\\[.\/$^*+?()|sSdDwW-]|\.)[*+?]?|[\^$|]`;
const PLAINEST = new RegExp(String.raw`^(?:\(\?[ims]+\))?(?:${PART}|\((?:${PART})*\)\??)*$`);
const FLAGS = /^\(\?([ims]+)\)/;
const ATOM = String.raw`${PART}|\[\^?(?:0-9|a-z|A-Z|[\w/.])+-?\][*+?]?`;
// Each part can be read in one way only, so that a pattern that is none is refused at once.
const INNER = String.raw`\((?:\?:)?(?:${ATOM})*\)[*+?]?`;
const GROUP = String.raw`\((?:\?:)?(?:${ATOM}|${INNER})*\)[*+?]?`;
const EVERYDAY = new RegExp(String.raw`^(?:\(\?[ims]+\))?(?:${ATOM}|${GROUP})*$`);

// Text in which `.` and `\s` mean the same to RE2 and to JavaScript.
const PLAIN = /^[\n\x20-\x7e]*$/;
const LONGEST = 1000;
const LONGEST_PATTERN = 2000;

function isPlain(text: string): boolean {
  return text.length <= LONGEST && PLAIN.test(text);
}

/**
 * Whether JavaScript's own engine, which is many times as fast, gives RE2's answer: everyday parts, and no more than
 * two that repeat without end, so that a hostile pattern cannot make it run for long.
 */
function isSimple(pattern: string): boolean {
  const known = simple.get(pattern);
  if (known !== undefined) return known;
  const repeats = pattern.match(/[*+]/g)?.length ?? 0;
  const fresh = repeats <= 2 && pattern.length <= LONGEST_PATTERN && PLAINEST.test(pattern);
  simple.set(pattern, fresh);
  return fresh;
}

function native(pattern: string): RegExp {
  const known = natives.get(pattern);
  if (known !== undefined) return known;
  const flags = new Set(FLAGS.exec(pattern)?.[1] ?? '');
  const fresh = new RegExp(pattern.replace(FLAGS, ''), [...flags].join(''));
  natives.set(pattern, fresh);
  return fresh;
}

/** Why RE2 refuses a pattern; undefined if it does not. */
export function patternProblem(pattern: string): string | undefined {
  if (good.has(pattern)) return undefined;
  const problem = EVERYDAY.test(pattern) ? undefined : compileProblem(pattern);
  if (problem === undefined) good.set(pattern, true);
  return problem;
}

function compileProblem(pattern: string): string | undefined {
  try {
    compile(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
}

function compile(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  try {
    const fresh = RE2JS.compile(pattern);
    compiled.set(pattern, fresh);
    return fresh;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PatternError(`the pattern ${JSON.stringify(pattern)} is not RE2 (${reason})`);
  }
}

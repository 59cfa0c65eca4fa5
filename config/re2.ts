import { LRUCache } from 'lru-cache';
import { RE2JS } from 're2js';

/** A pattern that RE2 refuses; the message names the pattern and RE2's reason. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

// A memo of a pure function: it saves compiling a large repository's patterns for every comment and changes no result.
const compiled = new LRUCache<string, RE2JS>({ max: 10_000 });

/**
 * Whether RE2 finds the pattern anywhere in the text, as Go's `MatchString` does.
 * @throws PatternError
 */
export function found(pattern: string, text: string): boolean {
  return compile(pattern).test(text);
}

/** Whether any of the patterns is found in the text. */
export function foundAny(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => found(pattern, text));
}

// Patterns of everyday parts, which RE2 takes for certain: a check need not compile them.
const PART = String.raw`(?:[\w /:@,=~#%&<>!;-]|\\[.\/$^*+?()|sSdDwW-]|\.)[*+?]?|[\^$|]`;
const EVERYDAY = new RegExp(String.raw`^(?:\(\?[ims]+\))?(?:${PART}|\((?:${PART})*\)\??)*$`);

/** Why RE2 refuses a pattern; undefined if it does not. */
export function patternProblem(pattern: string): string | undefined {
  if (EVERYDAY.test(pattern)) return undefined;
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

import type { z } from 'zod';
import { nearest } from './nearest.ts';
import type { Details } from './problem.ts';

type Issue = z.core.$ZodIssue;

/** What a declaration refuses, ready to be reported. */
export interface Refusal {
  readonly path: readonly PropertyKey[];
  readonly why: string;
  readonly details: Details;
}

const LONGEST = 60;

/** Turns what a declaration refuses about a value into words. */
export function refusals(error: z.ZodError, value: unknown): readonly Refusal[] {
  return error.issues.flatMap(meant).map((issue) => {
    const found = at(value, issue.path);
    return { path: issue.path, why: issue.message, details: detailsOf(issue, found) };
  });
}

/** A value in a few words, as a file shows it. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

// Of a union's alternatives, the one that the value was meant to be: that whose complaints lie deeper than the union.
function meant(issue: Issue): readonly Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const deeper = issue.errors.find(
    (list) => list.length > 0 && list.every(({ path }) => path.length > 0),
  );
  if (deeper === undefined) return [issue];
  return deeper.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })).flatMap(meant);
}

function detailsOf(issue: Issue, found: unknown): Details {
  const values = allowedValues(issue);
  const near = typeof found === 'string' ? nearest(found, values) : undefined;
  return {
    ...(found === undefined ? {} : { found: shown(found) }),
    ...(values.length === 0 ? {} : { allowed: values.join(', ') }),
    ...(near === undefined ? {} : { nearest: near }),
  };
}

function allowedValues(issue: Issue): readonly string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code === 'invalid_union') return issue.errors.flat().flatMap(allowedValues);
  return [];
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (part, key) => (typeof part === 'object' && part !== null ? Reflect.get(part, key) : undefined),
    value,
  );
}

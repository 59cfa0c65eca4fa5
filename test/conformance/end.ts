import { createHash } from 'node:crypto';
import type { EndState } from '../github/control/end-state.ts';

/**
 * How a repository ended up, without ids, times, links and SHAs, as lines that can be compared one by one
 * (DESIGN §10, *equal*).
 */
export type End = Readonly<Record<string, string>>;

const OUR_KEY = /\n?<!-- bowsprit:[^\n]*? -->\s*$/;

type Naming = (text: string) => string;

/** SHAs by what they are, so that two GitHubs can be compared; a branch that moved has its position as name. */
function namingOf({ issues, branches }: EndState): Naming {
  const names = new Map<string, string>();
  for (const [name, sha] of Object.entries(branches)) names.set(sha, `tip of ${name}`);
  for (const [number, { head }] of Object.entries(issues)) {
    if (head !== null) names.set(head, `head of #${number}`);
  }
  return (text) =>
    text.replace(/\b[0-9a-f]{40}\b/g, (sha) => `(${names.get(sha) ?? 'another commit'})`);
}

/** Text without our hidden key, links, short and long SHAs, ids and times. */
function plain(body: string, name: Naming): string {
  return name(body.replace(OUR_KEY, ''))
    .replace(/https?:\/\/[^\s)<>"'\]]+/g, 'LINK')
    .replace(/\b\d{4}-\d{2}-\d{2}[T ][\d:.]+(?:Z|[+-]\d{2}:?\d{2})?/g, 'TIME')
    .replace(/[ \t]+$/gm, '')
    .trim();
}

function short(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

type Entry = readonly [string, string];

/** Who was quicker is no part of the end state, how often something was said is. */
function commentEntries(at: string, comments: readonly (readonly [string, string])[]): Entry[] {
  const times = new Map<string, number>();
  return comments.map(([author, text]) => {
    const what = `${at} comment of ${author} ${short(text)}`;
    const count = (times.get(what) ?? 0) + 1;
    times.set(what, count);
    return [count === 1 ? what : `${what}, time ${count}`, text];
  });
}

function issueEntries(end: EndState, name: Naming): readonly Entry[] {
  return Object.entries(end.issues).flatMap(([number, issue]): readonly Entry[] => {
    const at = `#${number}`;
    const comments = issue.comments.map(({ author, body }) => [author, plain(body, name)] as const);
    return [
      [`${at} state`, issue.merged ? 'merged' : issue.state],
      [`${at} labels`, issue.labels.join(', ')],
      [`${at} assignees`, issue.assignees.join(', ')],
      [`${at} requested reviewers`, issue.requestedReviewers.join(', ')],
      ...commentEntries(at, comments),
    ];
  });
}

/**
 * Which states each context had, in order and each once. Of the pool's own context the last only: its text says
 * what is missing at the moment, so how many there were depends on how events fell together.
 */
function statusEntries(end: EndState, name: Naming): readonly Entry[] {
  return Object.entries(end.statuses).flatMap(([sha, contexts]) =>
    Object.entries(contexts).map(([context, states]): Entry => {
      const seen = context === 'tide' ? states.slice(-1) : states;
      return [`status ${context} of ${name(sha)}`, seen.join(', ')];
    }),
  );
}

/** Describes the end state of a repository. */
export function describeEnd(end: EndState): End {
  const name = namingOf(end);
  const merges = end.merges.map(({ number, base, method }) => `#${number} ${method} to ${base}`);
  return Object.fromEntries([
    ['merges in order', merges.join(', ')],
    ...issueEntries(end, name),
    ...statusEntries(end, name),
  ]);
}

/** What is not equal: a line each, with what Prow left and what Bowsprit left. */
export interface Difference {
  readonly what: string;
  readonly prow: string | undefined;
  readonly bowsprit: string | undefined;
}

/** Compares two end states. */
export function differencesOf(prow: End, bowsprit: End): readonly Difference[] {
  const all = [...new Set([...Object.keys(prow), ...Object.keys(bowsprit)])].sort();
  return all
    .filter((what) => prow[what] !== bowsprit[what])
    .map((what) => ({ what, prow: prow[what], bowsprit: bowsprit[what] }));
}

import type { EndState } from '../github/control/end-state.ts';

/** How a repository ended up, without ids, times, links and SHAs (DESIGN §10, *equal*). */
export interface End {
  /** What is one value: labels, merges, states. */
  readonly facts: Readonly<Record<string, string>>;
  /** By issue and author: what was said, in order. */
  readonly comments: Readonly<Record<string, readonly string[]>>;
}

/** The context of the merge pool itself. */
const POOL = 'tide';
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

type Entry = readonly [string, string];

function issueEntries(end: EndState): readonly Entry[] {
  return Object.entries(end.issues).flatMap(([number, issue]): readonly Entry[] => {
    const at = `#${number}`;
    return [
      [`${at} state`, issue.merged ? 'merged' : issue.state],
      [`${at} labels`, issue.labels.join(', ')],
      [`${at} assignees`, issue.assignees.join(', ')],
      [`${at} requested reviewers`, issue.requestedReviewers.join(', ')],
    ];
  });
}

function commentsOf(end: EndState, name: Naming): End['comments'] {
  const said: Record<string, string[]> = {};
  for (const [number, { comments }] of Object.entries(end.issues)) {
    for (const { author, body } of comments) {
      const what = `#${number} comment of ${author}`;
      said[what] = [...(said[what] ?? []), plain(body, name)];
    }
  }
  return said;
}

/**
 * Which states each context had, in order. Of the pool's own context only the last at a present head: its text says
 * what is missing at the moment, so how many there were depends on how events fell together.
 */
function statusEntries(end: EndState, name: Naming): readonly Entry[] {
  const heads = Object.values(end.issues).map(({ head }) => head);
  return Object.entries(end.statuses).flatMap(([sha, contexts]) =>
    Object.entries(contexts).flatMap(([context, states]): readonly Entry[] => {
      if (context !== POOL) return [[`status ${context} of ${name(sha)}`, states.join(', ')]];
      return heads.includes(sha) ? [[`status ${POOL} of ${name(sha)}`, states.at(-1) ?? '']] : [];
    }),
  );
}

/** Describes the end state of a repository. */
export function describeEnd(end: EndState): End {
  const name = namingOf(end);
  const merges = end.merges.map(({ number, base, method }) => `#${number} ${method} to ${base}`);
  return {
    facts: Object.fromEntries([
      ['merges in order', merges.join(', ')],
      ...issueEntries(end),
      ...statusEntries(end, name),
    ]),
    comments: commentsOf(end, name),
  };
}

/** What is not equal: what Prow left and what Bowsprit left. */
export interface Difference {
  readonly what: string;
  readonly prow: string | undefined;
  readonly bowsprit: string | undefined;
}

function keysOf(one: object, other: object): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
}

/** Leaves out of a list what the other has too, each as often as it is there. */
function without(list: readonly string[], other: readonly string[]): readonly string[] {
  const left = [...other];
  return list.filter((text) => {
    const at = left.indexOf(text);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** Who was quicker is no part of the end state: equal comments are taken off, the others compared in order. */
function commentDifferences(prow: End, bowsprit: End): readonly Difference[] {
  return keysOf(prow.comments, bowsprit.comments).flatMap((what) => {
    const [theirs, ours] = [prow.comments[what] ?? [], bowsprit.comments[what] ?? []];
    const [only, own] = [without(theirs, ours), without(ours, theirs)];
    const count = Math.max(only.length, own.length);
    return Array.from({ length: count }, (_, at) => ({ what, prow: only[at], bowsprit: own[at] }));
  });
}

/** Compares two end states. */
export function differencesOf(prow: End, bowsprit: End): readonly Difference[] {
  const facts = keysOf(prow.facts, bowsprit.facts)
    .map((what) => ({ what, prow: prow.facts[what], bowsprit: bowsprit.facts[what] }))
    .filter((one) => one.prow !== one.bowsprit);
  return [...facts, ...commentDifferences(prow, bowsprit)];
}

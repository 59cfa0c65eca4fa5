import type { EndState } from './end-state.ts';

/** Something in which two end states are not equal; undefined where one has nothing. */
export interface Difference {
  readonly what: string;
  readonly one: string | undefined;
  readonly other: string | undefined;
}

type Naming = (text: string) => string;
type Entry = readonly [string, string];

/** SHAs differ between two runs, what they are does not. */
function namingOf({ issues, branches }: EndState): Naming {
  const names = new Map<string, string>();
  for (const [name, sha] of Object.entries(branches)) names.set(sha, `tip of ${name}`);
  for (const [number, { head }] of Object.entries(issues)) {
    if (head !== null) names.set(head, `head of #${number}`);
  }
  return (text) =>
    text.replace(/\b[0-9a-f]{40}\b/g, (sha) => `(${names.get(sha) ?? 'another commit'})`);
}

const LINK = /https?:\/\/[^\s)<>"'\]]+/g;
const TIME = /\b\d{4}-\d{2}-\d{2}[T ][\d:.]+(?:Z|[+-]\d{2}:?\d{2})?/g;
const UUID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;
const HIDDEN = /<!--[\s\S]*?-->/g;

/** Text without links, times, ids and hidden keys. */
function plain(text: string, name: Naming): string {
  return name(text.replace(HIDDEN, '').replace(UUID, 'ID').replace(LINK, 'LINK'))
    .replace(TIME, 'TIME')
    .replace(/[ \t]+$/gm, '')
    .trim();
}

function factsOf(end: EndState): ReadonlyMap<string, string> {
  const name = namingOf(end);
  const merges = end.merges.map(({ number, base, method }) => `#${number} ${method} to ${base}`);
  const issues = Object.entries(end.issues).flatMap(([number, issue]): readonly Entry[] => [
    [`#${number} state`, issue.merged ? 'merged' : issue.state],
    [`#${number} labels`, issue.labels.join(', ')],
    [`#${number} assignees`, issue.assignees.join(', ')],
    [`#${number} requested reviewers`, issue.requestedReviewers.join(', ')],
  ]);
  // Each POST is in the list: a state that was written twice is there twice.
  const statuses = Object.entries(end.statuses).flatMap(([sha, contexts]) =>
    Object.entries(contexts).map(
      ([context, states]): Entry => [`status ${context} of ${name(sha)}`, states.join(', ')],
    ),
  );
  return new Map([['merges in order', merges.join(', ')], ...issues, ...statuses]);
}

/** Comments by issue and author; who was quicker is no part of the end. */
function commentsOf(end: EndState): ReadonlyMap<string, readonly string[]> {
  const name = namingOf(end);
  const said = new Map<string, string[]>();
  for (const [number, { comments }] of Object.entries(end.issues)) {
    for (const { author, body } of comments) {
      const what = `#${number} comment of ${author}`;
      said.set(what, [...(said.get(what) ?? []), plain(body, name)]);
    }
  }
  return said;
}

function without(list: readonly string[], other: readonly string[]): readonly string[] {
  const left = [...other];
  return list.filter((text) => {
    const at = left.indexOf(text);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function keysOf<T>(one: ReadonlyMap<string, T>, other: ReadonlyMap<string, T>): readonly string[] {
  return [...new Set([...one.keys(), ...other.keys()])].sort();
}

/**
 * In what two end states differ: merges in order of base, states, labels, comments by author and text
 * (without ids, times and links), and one entry per POST of a status. Empty if they are equal.
 */
export function differencesBetween(one: EndState, other: EndState): readonly Difference[] {
  const [facts, otherFacts] = [factsOf(one), factsOf(other)];
  const [said, otherSaid] = [commentsOf(one), commentsOf(other)];
  const unequal = keysOf(facts, otherFacts)
    .map((what) => ({ what, one: facts.get(what), other: otherFacts.get(what) }))
    .filter((entry) => entry.one !== entry.other);
  const spoken = keysOf(said, otherSaid).flatMap((what) => {
    const [mine, theirs] = [said.get(what) ?? [], otherSaid.get(what) ?? []];
    const [only, others] = [without(mine, theirs), without(theirs, mine)];
    const count = Math.max(only.length, others.length);
    return Array.from({ length: count }, (_, at) => ({ what, one: only[at], other: others[at] }));
  });
  return [...unequal, ...spoken];
}

import type { End } from './end.ts';

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

/** Who was quicker is no part of the end state: equal entries are taken off, the others compared in order. */
function listDifferences(prow: End, bowsprit: End): readonly Difference[] {
  return keysOf(prow.lists, bowsprit.lists).flatMap((what) => {
    const [theirs, ours] = [prow.lists[what] ?? [], bowsprit.lists[what] ?? []];
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
  return [...facts, ...listDifferences(prow, bowsprit)];
}

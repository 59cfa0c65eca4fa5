import { describeIssues, describePosts, type End } from './describe-end.ts';
import type { EndState } from './end-state.ts';
import { namesIn } from './plain-text.ts';

/** Something in which two ends are not equal; undefined where one has nothing. */
export interface Difference {
  readonly what: string;
  readonly one: string | undefined;
  readonly other: string | undefined;
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

/** How many words two texts share. */
function likeness(one: string, other: string): number {
  const words = new Set(one.split(/\s+/));
  return other.split(/\s+/).filter((word) => words.has(word)).length;
}

/** Who was quicker is no part of the end: equal entries are taken off, the others compared with the likest. */
function listDifferences(one: End['lists'], other: End['lists']): readonly Difference[] {
  return keysOf(one, other).flatMap((what) => {
    const [ones, others] = [one[what] ?? [], other[what] ?? []];
    const left = [...without(ones, others)];
    const paired = without(others, ones).map((text): Difference => {
      const marks = left.map((own) => likeness(own, text));
      const [likest] = left.splice(marks.indexOf(Math.max(...marks)), 1);
      return { what, one: likest, other: text };
    });
    return [...paired, ...left.map((text) => ({ what, one: text, other: undefined }))];
  });
}

/** In what two described ends differ; empty if they are equal. */
export function differencesOf(one: End, other: End): readonly Difference[] {
  const facts = keysOf(one.facts, other.facts)
    .map((what) => ({ what, one: one.facts[what], other: other.facts[what] }))
    .filter((entry) => entry.one !== entry.other);
  return [...facts, ...listDifferences(one.lists, other.lists)];
}

function described(end: EndState): End {
  const names = namesIn(end);
  const { facts, lists } = describeIssues(end, names);
  return { facts: { ...facts, ...describePosts(end, names) }, lists };
}

/**
 * In what two end states differ: merges in order of base, states, labels, comments by author and text
 * (without ids, times and links), and one entry per POST of a status.
 */
export function differencesBetween(one: EndState, other: EndState): readonly Difference[] {
  return differencesOf(described(one), described(other));
}

import { describeIssues, type End } from '../github/control/describe-end.ts';
import type { EndState } from '../github/control/end-state.ts';
import { type Names, plain } from '../github/control/plain-text.ts';
import { foldStates, POOL } from './fold-states.ts';
import type { RunSeen } from './runs.ts';

type Entry = readonly [string, string];

/**
 * Which states each context had, in order, and what it says in the end. Of the pool's own context only the newest at
 * a present head: its text says what is missing at the moment, so how many there were depends on how events fell.
 */
function statusEntries(end: EndState, names: Names): readonly Entry[] {
  const issues = Object.values(end.issues);
  const heads = issues.map(({ head }) => head);
  // Just before it merges, Tide writes a success that says nothing, unless it has written one already.
  const waiting = issues.filter(({ merged }) => !merged).map(({ head }) => head);
  return Object.entries(end.statuses).flatMap(([sha, contexts]) =>
    Object.entries(contexts).flatMap(([context, states]): readonly Entry[] => {
      const what = `status ${context} of ${plain(sha, names)}`;
      const newest = end.newest[sha]?.[context];
      const text: Entry = [`${what} says`, plain(newest?.description ?? '', names)];
      if (context !== POOL) return [[what, foldStates(states).join(', ')], text];
      const state: Entry = [what, newest?.state ?? ''];
      return heads.includes(sha) ? [state, ...(waiting.includes(sha) ? [text] : [])] : [];
    }),
  );
}

function runText({ spec, status }: RunSeen, names: Names): string {
  const { type, job, refs } = spec;
  const pulls = (refs?.pulls ?? []).map(({ number, sha }) => `#${number} (${sha})`);
  const base = `${refs?.base_ref} (${refs?.base_sha})`;
  return plain(`${type} ${job} on ${base} with ${pulls.join(', ')}: ${status.state}`, names);
}

/** With the commits that merging made, by what was merged. */
function namesAfter({ merges }: EndState, made: Names): Names {
  const names = new Map(made);
  for (const { number, base, sha } of merges) names.set(sha, `${base} after #${number}`);
  return names;
}

/** What is compared: the repository, the runs, and what is known of commits. */
export interface Outcome {
  readonly end: EndState;
  readonly runs: readonly RunSeen[];
  readonly names: Names;
}

/** Describes how a repository ended up (DESIGN §10, *equal*). */
export function describeEnd({ end, runs, names: made }: Outcome): End {
  const names = namesAfter(end, made);
  const { facts, lists } = describeIssues(end, names);
  return {
    facts: { ...facts, ...Object.fromEntries(statusEntries(end, names)) },
    lists: { ...lists, runs: runs.map((run) => runText(run, names)) },
  };
}

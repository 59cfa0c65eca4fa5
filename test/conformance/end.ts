import type { EndState } from '../github/control/end-state.ts';
import { foldStates, POOL } from './fold-states.ts';
import { namesAfter, plain } from './plain-text.ts';
import type { RunSeen } from './runs.ts';
import type { Names } from './stage.ts';

/** How a repository ended up, without ids, times, links and SHAs (DESIGN §10, *equal*). */
export interface End {
  /** What is one value: labels, merges, states, texts of statuses. */
  readonly facts: Readonly<Record<string, string>>;
  /** What there may be several of, in any order: comments by issue and author, runs. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
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

function commentsOf(end: EndState, names: Names): End['lists'] {
  const said: Record<string, string[]> = {};
  for (const [number, { comments }] of Object.entries(end.issues)) {
    for (const { author, body } of comments) {
      const what = `#${number} comment of ${author}`;
      said[what] = [...(said[what] ?? []), plain(body, names)];
    }
  }
  return said;
}

function runText({ spec, status }: RunSeen, names: Names): string {
  const { type, job, refs } = spec;
  const pulls = (refs?.pulls ?? []).map(({ number, sha }) => `#${number} (${sha})`);
  const base = `${refs?.base_ref} (${refs?.base_sha})`;
  return plain(`${type} ${job} on ${base} with ${pulls.join(', ')}: ${status.state}`, names);
}

/** What is compared: the repository, the runs, and what is known of commits. */
export interface Outcome {
  readonly end: EndState;
  readonly runs: readonly RunSeen[];
  readonly names: Names;
}

/** Describes how a repository ended up. */
export function describeEnd({ end, runs, names: made }: Outcome): End {
  const names = namesAfter(end, made);
  const merges = end.merges.map(({ number, base, method }) => `#${number} ${method} to ${base}`);
  return {
    facts: Object.fromEntries([
      ['merges in order', merges.join(', ')],
      ...issueEntries(end),
      ...statusEntries(end, names),
    ]),
    lists: { ...commentsOf(end, names), runs: runs.map((run) => runText(run, names)) },
  };
}

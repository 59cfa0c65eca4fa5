import type { EndState } from './end-state.ts';
import { type Names, plain } from './plain-text.ts';

/** How a repository ended up, in words that two GitHubs share: without ids, times, links and SHAs. */
export interface End {
  /** What is one value: labels, merges, states, texts of statuses. */
  readonly facts: Readonly<Record<string, string>>;
  /** What there may be several of, in any order: comments by issue and author. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
}

/** Merges in order of base, and issues with their comments; what of statuses counts is the comparison's business. */
export function describeIssues(end: EndState, names: Names): End {
  const merges = end.merges.map(({ number, base, method }) => `#${number} ${method} to ${base}`);
  const issues = Object.entries(end.issues).flatMap(([number, issue]) => [
    [`#${number} state`, issue.merged ? 'merged' : issue.state],
    [`#${number} labels`, issue.labels.join(', ')],
    [`#${number} assignees`, issue.assignees.join(', ')],
    [`#${number} requested reviewers`, issue.requestedReviewers.join(', ')],
  ]);
  return {
    facts: Object.fromEntries([['merges in order', merges.join(', ')], ...issues]),
    lists: commentsOf(end, names),
  };
}

/** Each POST of a status counts: one that was written twice is there twice. */
export function describePosts(end: EndState, names: Names): End['facts'] {
  const posts = Object.entries(end.statuses).flatMap(([sha, contexts]) =>
    Object.entries(contexts).map(([context, states]) => [
      `status ${context} of ${plain(sha, names)}`,
      states.join(', '),
    ]),
  );
  return Object.fromEntries(posts);
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

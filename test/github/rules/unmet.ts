import { newestStatuses } from '../actions/statuses.ts';
import type { Hub } from '../hub.ts';
import { opinionsOf } from '../search/qualifiers.ts';
import type { PullIssue, Repo, User } from '../state/model.ts';
import { type Requirements, requirementsOf } from './requirements.ts';

const PASSED = new Set(['success', 'neutral', 'skipped']);

/** `success`, `failure` or `pending` for each context and check run of a commit. */
export function statesAt(repo: Repo, sha: string): ReadonlyMap<string, string> {
  const states = new Map<string, string>();
  for (const run of repo.checkRuns[sha] ?? []) {
    const passed = PASSED.has(run.conclusion ?? '') ? 'success' : 'failure';
    states.set(run.name, run.status === 'completed' ? passed : 'pending');
  }
  for (const { context, state } of newestStatuses(repo.statuses[sha] ?? [])) {
    states.set(context, state === 'error' ? 'failure' : state);
  }
  return states;
}

const WORDS: Readonly<Record<string, string>> = {
  failure: 'is failing',
  pending: 'is in progress',
};

function unmetChecks(repo: Repo, issue: PullIssue, required: Requirements): string | undefined {
  const states = statesAt(repo, issue.pull.head.sha);
  const missing = required.contexts.filter((context) => states.get(context) !== 'success');
  const [first] = missing;
  if (first === undefined) return undefined;
  if (missing.length > 1) {
    return `${missing.length} of ${required.contexts.length} required status checks have not succeeded.`;
  }
  return `Required status check "${first}" ${WORDS[states.get(first) ?? ''] ?? 'is expected'}.`;
}

function unmetReviews(issue: PullIssue, required: Requirements): string | undefined {
  if (required.approvals === 0) return undefined;
  const opinions = opinionsOf(issue);
  if (opinions.some(({ state }) => state === 'CHANGES_REQUESTED')) {
    return 'Changes have been requested by a reviewer with write access.';
  }
  if (opinions.length >= required.approvals) return undefined;
  const reviews = required.approvals === 1 ? 'review is' : 'reviews are';
  return `At least ${required.approvals} approving ${reviews} required by reviewers with write access.`;
}

/** What the base still asks of a pull request, in GitHub's words; undefined if nothing. */
export function unmetRequirement(
  hub: Hub,
  repo: Repo,
  view: { readonly issue: PullIssue; readonly actor?: User | undefined },
): string | undefined {
  const { issue, actor } = view;
  const required = requirementsOf(hub, repo, { branch: issue.pull.base.ref, actor });
  return unmetReviews(issue, required) ?? unmetChecks(repo, issue, required);
}

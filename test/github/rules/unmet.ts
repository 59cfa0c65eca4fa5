import { newestStatuses } from '../actions/statuses.ts';
import type { Hub } from '../hub.ts';
import { opinionsOf } from '../search/qualifiers.ts';
import type { PullIssue, Repo, User } from '../state/model.ts';
import { type Requirements, requirementsApart } from './requirements.ts';

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

/** GitHub's word for what a required check is at. */
const WORDS: Readonly<Record<string, string>> = {
  failure: 'failing',
  pending: 'in progress',
};

function wordFor(state: string | undefined): string {
  return WORDS[state ?? ''] ?? 'expected';
}

/** `1 expected and 2 failing`. */
function countsOf(words: readonly string[]): string {
  const counts = [...new Set(words)]
    .sort()
    .map((word) => `${words.filter((one) => one === word).length} ${word}`);
  const last = counts.pop() ?? '';
  return counts.length === 0 ? last : `${counts.join(', ')} and ${last}`;
}

/** Whatever a branch that is behind has passed is expected anew, where checks are strict. */
function unmetChecks(repo: Repo, view: Unmet, required: Requirements): string | undefined {
  const { contexts, strict } = required;
  const states = statesAt(repo, view.issue.pull.head.sha);
  const late = strict && view.behind === true;
  const missing = contexts.filter((context) => late || states.get(context) !== 'success');
  const words = missing.map((context) => (late ? 'expected' : wordFor(states.get(context))));
  const [first] = missing;
  if (first === undefined) return undefined;
  if (contexts.length === 1) return `Required status check "${first}" is ${words[0]}.`;
  const alike = missing.length === contexts.length && new Set(words).size === 1;
  const told = alike ? `are ${words[0]}` : `have not succeeded: ${countsOf(words)}`;
  return `${missing.length} of ${contexts.length} required status checks ${told}.`;
}

function unmetReviews(issue: PullIssue, required: Requirements): string | undefined {
  if (required.approvals === 0) return undefined;
  const opinions = opinionsOf(issue);
  const against = opinions.filter(({ state }) => state === 'CHANGES_REQUESTED').length;
  if (against > 0) {
    const reviews = against === 1 ? 'review' : 'reviews';
    return `${against} ${reviews} requesting changes by reviewers with write access.`;
  }
  if (opinions.length >= required.approvals) return undefined;
  const reviews = required.approvals === 1 ? 'review is' : 'reviews are';
  return `At least ${required.approvals} approving ${reviews} required by reviewers with write access.`;
}

/** What is to be merged, and by whom. */
interface Unmet {
  readonly issue: PullIssue;
  readonly actor?: User | undefined;
  /** The head does not contain the tip of the base. */
  readonly behind?: boolean;
}

/**
 * What the base still asks of a pull request, in GitHub's words; undefined if nothing. Protection says its
 * sentences in one line, rulesets in paragraphs below their headline.
 */
export function unmetRequirement(hub: Hub, repo: Repo, view: Unmet): string | undefined {
  const { issue, actor } = view;
  const { classic, rules } = requirementsApart(hub, repo, { branch: issue.pull.base.ref, actor });
  const sentences = (required: Requirements): readonly string[] =>
    [unmetReviews(issue, required), unmetChecks(repo, view, required)].filter(
      (sentence) => sentence !== undefined,
    );
  const byRules = sentences(rules);
  if (byRules.length > 0) {
    return ['Repository rule violations found', ...byRules, ''].join('\n\n');
  }
  const byProtection = sentences(classic);
  return byProtection.length > 0 ? byProtection.join(' ') : undefined;
}

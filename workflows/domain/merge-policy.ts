import type { PullRequestRecord } from './record.ts';

/** One of `tide.queries` that applies to the repository, as the configuration has it (J§2.2, J§2.8). */
export interface PoolQuery {
  readonly author: string;
  readonly milestone: string;
  /** All are needed; an entry may hold alternatives, separated by commas. */
  readonly labels: readonly string[];
  readonly missingLabels: readonly string[];
  readonly includedBranches: readonly string[];
  readonly excludedBranches: readonly string[];
  readonly reviewApprovedRequired: boolean;
}

/** A context that must be green before merging. */
export interface RequiredContext {
  readonly context: string;
  /** Name of the presubmit behind it, empty for a context of somebody else. */
  readonly job: string;
  /** Its absence keeps nobody out of the pool: the pool itself starts it (`run_before_merge`). */
  readonly conditional: boolean;
}

/**
 * All that the configuration says about merging one pull request, computed in `config/` for its repository,
 * branch, labels and changed files. Regular expressions are resolved there: here are plain lists only.
 */
export interface MergePolicy {
  readonly configNumber: number;
  readonly configHash: string;
  /** All queries of the repository, branch terms not yet considered; none: nothing merges here. */
  readonly queries: readonly PoolQuery[];
  readonly displayAllQueries: boolean;
  /** Required contexts of the policy, and the presubmits that the pool requires of this pull request. */
  readonly requiredContexts: readonly RequiredContext[];
  /** Contexts that never matter, those that a pattern names among the record's statuses included. */
  readonly optionalContexts: readonly string[];
  readonly requiredIfPresent: readonly string[];
  readonly skipUnknown: boolean;
  /** `conflict`: two labels override it (J§2.4). */
  readonly mergeMethod: 'merge' | 'squash' | 'rebase' | 'conflict';
  /** What the repository's settings allow; absent if not known, and then GitHub itself refuses. */
  readonly allowedMethods?: readonly string[];
  readonly blocksPolicy: 'permit' | 'block' | 'ignore';
  /** Issues that block this branch, by number. */
  readonly blockers?: readonly number[];
  /** Why the policy could not be computed (T38, T39): nothing merges then. */
  readonly problem?: string;
}

/** What eligibility rests on: the record, the policy, and facts that have another source. */
export interface EligibilityInput {
  readonly record: PullRequestRecord;
  readonly policy: MergePolicy;
  /** Head of the base branch as far as known; absent: a success on any base is shown as a success. */
  readonly baseSha?: string;
  /** GitHub's review decision; absent is unknown, and not approved. */
  readonly reviewDecision?: 'approved' | 'changes-requested' | 'review-required';
  /** GitHub's mergeStateStatus is BLOCKED. */
  readonly blockedByGitHub?: boolean;
  readonly rebaseable?: boolean;
  /** Its author is trusted, or its code was declared fit to be tested. */
  readonly trusted?: boolean;
}

import type { RepositoryName } from './repository.ts';

/** Prow's job types (J§1.1.1). */
export type RunType = 'presubmit' | 'postsubmit' | 'periodic' | 'batch';

/** Prow's states (J§1.1.3). */
export type RunState =
  | 'scheduling'
  | 'triggered'
  | 'pending'
  | 'success'
  | 'failure'
  | 'aborted'
  | 'error';

/** One pull request in a run's refs; names as in Prow's `Pull`, in its JSON. */
export interface Pull {
  readonly number: number;
  readonly author: string;
  readonly sha: string;
  readonly title?: string;
  readonly ref?: string;
  readonly head_ref?: string;
  readonly link?: string;
  readonly commit_link?: string;
  readonly author_link?: string;
}

/** The code under test; names as in Prow's `Refs`, in its JSON. */
export interface Refs {
  readonly org: string;
  readonly repo: string;
  readonly repo_link?: string;
  readonly base_ref: string;
  readonly base_sha?: string;
  readonly base_link?: string;
  readonly pulls?: readonly Pull[];
}

/**
 * A run that shall be: enough for the `job` workflow to render everything else from the configuration
 * that `configHash` names. `uuid` is UUIDv5 of the cause, so one cause cannot make two runs.
 */
export interface RunRequest {
  readonly uuid: string;
  readonly type: RunType;
  readonly job: string;
  /** GitHub status context; empty where the job has none. */
  readonly context: string;
  readonly refs: Refs;
  readonly configHash: string;
  /** Key of the event, or of the pool's decision, that asked for it. */
  readonly cause: string;
  readonly guid: string;
  readonly optional: boolean;
  readonly report: boolean;
  readonly rerunCommand: string;
  /** Asked for by `/retest`: labelled `prow.k8s.io/retest: "true"`. */
  readonly retest: boolean;
  /** Made by the pool: labelled `created-by-tide: "true"`. */
  readonly byPool: boolean;
  /** Higher wins among runs of one identity (job, org, repo, base, pulls). Milliseconds since 1970. */
  readonly createdAt: number;
  /** The author may be a stranger: the local executor refuses such code against a real GitHub. */
  readonly trusted: boolean;
  /** Workflow id of the owner that is told of every change. */
  readonly owner: string;
}

/** What a run tells its owner at every transition; whole, never a delta (DESIGN §3, messages). */
export interface RunReport {
  readonly uuid: string;
  /** Grows with every transition of this run: an older report never follows a newer one. */
  readonly version: number;
  readonly type: RunType;
  readonly job: string;
  readonly context: string;
  readonly state: RunState;
  readonly description: string;
  readonly url: string;
  readonly buildId: string;
  readonly complete: boolean;
  readonly createdAt: number;
  readonly headSha: string;
  readonly baseRef: string;
  readonly baseSha: string;
  readonly pulls: readonly { readonly number: number; readonly sha: string }[];
  readonly optional: boolean;
  readonly report: boolean;
  readonly rerunCommand: string;
  readonly cause: string;
}

/** Whether a state is one that nothing leaves (J§1.1.3). */
export function isTerminal(state: RunState): boolean {
  return state === 'success' || state === 'failure' || state === 'error' || state === 'aborted';
}

/** Where a run's repository is. */
export function repositoryOf(refs: Refs): RepositoryName {
  return { org: refs.org, repo: refs.repo };
}

import type { RunReport } from './run.ts';

/** One thing that a pull request still needs, or has, before it may merge (DESIGN §6, explain). */
export interface Requirement {
  /** label, forbidden-label, context, author, milestone, branch, review, conflict, job… */
  readonly kind: string;
  readonly subject: string;
  readonly met: boolean;
  /** What is true now, in words, with what it was learnt from. */
  readonly fact: string;
  /** Who or what can clear it, in words. */
  readonly clearedBy: string;
}

/** How a context stands for merging: one required context of one member. */
export interface ContextStanding {
  readonly context: string;
  /** Name of the presubmit behind it, empty for a context of somebody else. */
  readonly job: string;
  readonly state: 'success' | 'pending' | 'failure' | 'missing';
  /** Base SHA that the success was found on; empty if unknown (somebody else's context). */
  readonly baseSha: string;
  /** Counts on every base: description holds Prow's skip-retest sentinel, or it is nobody's presubmit. */
  readonly anyBase: boolean;
}

/** What a pull request tells its pool: its whole record for merging (never a delta). */
export interface PoolMember {
  readonly number: number;
  readonly generation: number;
  readonly title: string;
  readonly author: string;
  readonly headSha: string;
  readonly headRef: string;
  readonly baseRef: string;
  readonly htmlUrl: string;
  readonly labels: readonly string[];
  readonly updatedAt: string;
  /** Fulfils a query and nothing but retesting stands between it and merging. */
  readonly eligible: boolean;
  /** Text of the `tide` status without its state (J§2.6). */
  readonly explanation: string;
  readonly requirements: readonly Requirement[];
  /** Required contexts (jobs and others). */
  readonly contexts: readonly ContextStanding[];
  /** Its unfinished runs. */
  readonly unfinished: readonly RunReport[];
  /** merge, squash or rebase (J§2.4). */
  readonly mergeMethod: string;
  readonly configNumber: number;
  readonly configHash: string;
  /** State of the `tide` status, whose text is `explanation`. */
  readonly statusState?: 'success' | 'pending' | 'error';
  /** Its code may run where strangers' code may not. */
  readonly trusted?: boolean;
}

/** The five actions of Prow's table, and being stopped (J§2.2.3). */
export type PoolActionName =
  | 'WAIT'
  | 'TRIGGER'
  | 'TRIGGER_BATCH'
  | 'MERGE'
  | 'MERGE_BATCH'
  | 'BLOCKED';

/** A batch that the pool tests or has tested at one base. */
export interface PoolBatch {
  /** Identity: base SHA and the sorted number@head list. */
  readonly id: string;
  readonly baseSha: string;
  readonly pulls: readonly { readonly number: number; readonly sha: string }[];
  /** Runs by context. */
  readonly runs: Readonly<Record<string, RunReport>>;
  readonly contexts: readonly string[];
  readonly state: 'pending' | 'success' | 'failure';
}

/** One line of the pool's history (J§2.7), and of `/tide-history.js`. */
export interface PoolRecordEntry {
  readonly key: string;
  readonly time: string;
  readonly action: PoolActionName;
  readonly baseSha: string;
  readonly target: readonly {
    readonly number: number;
    readonly author: string;
    readonly title: string;
    readonly sha: string;
  }[];
  readonly error: string;
}

/** The pool as pages show it; one row of the table `pools`. */
export interface PoolSnapshot {
  readonly org: string;
  readonly repo: string;
  readonly branch: string;
  readonly version: number;
  readonly baseSha: string;
  readonly action: PoolActionName;
  /** Numbers that the action is about. */
  readonly target: readonly number[];
  readonly reason: string;
  readonly error: string;
  readonly updatedAt: string;
  readonly members: readonly PoolMember[];
  readonly batches: readonly PoolBatch[];
}

import type { Message, RepairInput, RunObservation } from './contract.ts';
import type { Applied } from './domain/applied.ts';
import type { ConfigInspection } from './domain/config-offer.ts';
import type { Activation, ConfigState } from './domain/config-state.ts';
import type { Decision, DecisionInput } from './domain/decision.ts';
import type { KeyedEffect } from './domain/effect.ts';
import type { DomainEvent } from './domain/event.ts';
import type { PoolBatch, PoolMember, PoolSnapshot } from './domain/pool.ts';
import type { RepositoryName } from './domain/repository.ts';
import type { RunReport, RunRequest } from './domain/run.ts';

/** Where an effect goes. */
export interface EffectTarget {
  readonly repository: RepositoryName;
  readonly number: number;
  /** Workflow id of the entity: part of comment keys. */
  readonly entity: string;
  readonly configHash: string;
}

export type { Applied } from './domain/applied.ts';

/** Deciding (activities/decide.ts). */
export interface DecidePorts {
  decide(input: DecisionInput): Promise<Decision>;
  /** An event that could not be decided: dead-letter table, alarm. Idempotent by entity and event key. */
  buryEvent(burial: Burial): Promise<void>;
}

/** An event on its way to the dead letters. */
export interface Burial {
  readonly entity: string;
  readonly repository: RepositoryName;
  readonly number: number;
  readonly event: DomainEvent;
  readonly plugin: string;
  readonly message: string;
}

/** One type of activity per family of writes (DESIGN §2.6); all idempotent. */
export interface EffectPorts {
  changeLabel(target: EffectTarget, effect: KeyedEffect): Promise<Applied>;
  changeComment(target: EffectTarget, effect: KeyedEffect): Promise<Applied>;
  changePeople(target: EffectTarget, effect: KeyedEffect): Promise<Applied>;
  writeStatus(target: EffectTarget, effect: KeyedEffect): Promise<Applied>;
  steerActions(target: EffectTarget, effect: KeyedEffect): Promise<Applied>;
}

/** Sending to other workflows. */
export interface TellPorts {
  tell(message: Message): Promise<void>;
}

/** What the job workflow needs to know of a run, rendered from the configuration by hash. */
export interface RunPlan {
  readonly agent: string;
  /** The build cluster that was chosen for it; without it, the job's. */
  readonly cluster?: string;
  /** Task queue of the executor, and which executor it is. */
  readonly executor: 'local' | 'kubernetes';
  readonly queue: string;
  readonly maxConcurrency: number;
  readonly jobQueue: string;
  readonly jobQueueCapacity: number;
  /** plank.max_concurrency; 0 is none. */
  readonly overallConcurrency: number;
  /** Milliseconds. */
  readonly pendingTimeout: number;
  readonly runningTimeout: number;
  readonly maxRevivals: number;
  /** Until a pod has a node; without it, `pendingTimeout` counts. */
  readonly unscheduledTimeout?: number;
  /** For so long a pod may be in trouble (no image, no such volume) before it is given up. */
  readonly troubleTimeout?: number;
  /** An evicted pod is not started again. */
  readonly errorOnEviction?: boolean;
  /** For so long the executor or its build cluster may be out of reach before the run is given up. */
  readonly reachTimeout?: number;
  /** A run is looked at for the first time so long after its start, then ever more seldom. */
  readonly firstLook?: number;
  /** The worker tells all who listen by `reportRun`. */
  readonly reportsTogether?: boolean;
  /** False where the server does not know our search attributes: setting one would stop the run. */
  readonly searchAttributes?: boolean;
  /** Build id and page of the first attempt, where that may start at once: one activity less. */
  readonly first?: { readonly buildId: string; readonly url: string };
  /** Set when the run cannot be: unknown job, no such executor, untrusted on the local executor. */
  readonly refusal?: string;
}

/** One attempt of a run: a new build id, a new folder, a new pod. */
export interface Attempt {
  readonly run: RunRequest;
  readonly attempt: number;
  readonly buildId: string;
}

/** The run's record for pages and tools: what `prowjob.json` and `/prowjobs.js` are made of. */
export interface RunPublication {
  readonly run: RunRequest;
  readonly report: RunReport;
  readonly startTime: string;
  readonly pendingTime: string;
  readonly completionTime: string;
  /** The build cluster that was chosen for it. */
  readonly cluster?: string;
  /** A newer run has taken its place: its owner and GitHub hear nothing more of it. */
  readonly superseded?: boolean;
}

/** Preparing and reporting runs. */
export interface RunPorts {
  /** Renders the run; stores its first row. */
  prepareRun(run: RunRequest): Promise<RunPlan>;
  /** A build id: 19 digits, unique, growing (J§1.1.5). */
  vendBuildId(run: RunRequest): Promise<{ readonly buildId: string; readonly url: string }>;
  /** Upserts the run's row by version and tells the pages. */
  publishRun(publication: RunPublication): Promise<void>;
  /** Writes finished.json where the executor could not, prowjob.json always (J§1.6, gcs reporter). */
  archiveRun(publication: RunPublication): Promise<void>;
}

/** Telling those who listen to a run: its page, its owner, and the reporters (J§1.6); idempotent. */
export interface ReportPorts {
  /** Tells everybody but those named; answers who could not be told and has to be asked again. */
  reportRun(publication: RunPublication, except: readonly string[]): Promise<readonly string[]>;
  /** Tells one; fails until it was told. */
  repeatReport(publication: RunPublication, name: string): Promise<void>;
}

/** An executor (DESIGN §5); every call is on the executor's own task queue and idempotent. */
export interface ExecutorPorts {
  startRun(attempt: Attempt): Promise<RunObservation>;
  observeRun(attempt: Attempt): Promise<RunObservation>;
  /** Ends the processes or the pod, with grace; returns when they are gone. */
  stopRun(attempt: Attempt): Promise<RunObservation>;
}

/** Type of the failure of an executor's activity while the build cluster's API does not answer. */
export const CLUSTER_UNREACHABLE = 'ClusterUnreachable';

/** What executors on Kubernetes do besides. */
export interface PodPorts {
  /** The end was seen: keeps log and description of the pod, then lets it go. */
  settleRun(attempt: Attempt): Promise<void>;
}

/** From a SHA to its pull requests. */
export interface CommitPorts {
  pullRequestsOfCommit(repository: RepositoryName, sha: string): Promise<readonly number[]>;
}

/** The pool's decision for one snapshot (domain/pool-action.ts decides, this reads what it needs). */
export interface PoolQuestion {
  readonly repository: RepositoryName;
  readonly branch: string;
  readonly members: readonly PoolMember[];
  readonly batches: readonly PoolBatch[];
  /** Sets that failed at this base: never tested again (identity as in PoolBatch.id). */
  readonly failedBatches: readonly PoolBatch[];
  /** Base SHAs that the pool's own merges made, newest last: an older one read back is a lagging read. */
  readonly ownMerges: readonly string[];
  readonly merging: boolean;
  /** Numbers that GitHub or they themselves refused to have merged: left alone for now (T24). */
  readonly refused?: readonly number[];
  /** The serial test that the pool asked for and that has not ended. */
  readonly serial?: { readonly number: number; readonly sha: string };
  /** Names this decision: the runs of a batch get their ids from it. */
  readonly cause?: string;
  /** The newest configuration that the pool was told of: an older one has no answer. */
  readonly configNumber?: number;
}

/** What the pool shall do now. */
export type PoolOrder =
  | {
      readonly kind: 'wait';
      readonly baseSha: string;
      readonly reason: string;
      /** Ask again after so many milliseconds: what was read lags behind what is known. */
      readonly againAfter?: number;
    }
  | {
      readonly kind: 'merge' | 'merge-batch';
      readonly baseSha: string;
      readonly pulls: readonly { readonly number: number; readonly sha: string }[];
      readonly reason: string;
    }
  | {
      readonly kind: 'trigger';
      readonly baseSha: string;
      readonly number: number;
      readonly headSha: string;
      readonly contexts: readonly string[];
      readonly reason: string;
    }
  /** Its turn has come, and it does not merge onto the base. */
  | {
      readonly kind: 'conflict';
      readonly baseSha: string;
      readonly number: number;
      readonly headSha: string;
      readonly reason: string;
    }
  | {
      readonly kind: 'trigger-batch';
      readonly baseSha: string;
      readonly pulls: readonly { readonly number: number; readonly sha: string }[];
      readonly runs: readonly RunRequest[];
      readonly reason: string;
    };

/** What a merge attempt came to (J§2.2.5). */
export type MergeOutcome =
  | { readonly kind: 'merged'; readonly sha: string; readonly already: boolean }
  /** Try the next one. */
  | { readonly kind: 'refused'; readonly message: string }
  /** GitHub cannot merge it onto its base. */
  | { readonly kind: 'conflict'; readonly message: string }
  /** Wait and try again. */
  | { readonly kind: 'base-modified'; readonly message: string }
  /** GitHub's answer of this moment differs from what the pull request said: one of the two is late. Look again soon. */
  | { readonly kind: 'outdated'; readonly message: string }
  /** End this batch. */
  | { readonly kind: 'stop'; readonly message: string };

/** What the pool asks of the world. */
export interface PoolPorts {
  decidePool(question: PoolQuestion): Promise<PoolOrder>;
  mergePullRequest(order: {
    readonly repository: RepositoryName;
    readonly branch: string;
    readonly number: number;
    readonly headSha: string;
    /** The base that the tests ran on: read again just before. */
    readonly baseSha: string;
    readonly mergeMethod: string;
    readonly configHash: string;
  }): Promise<MergeOutcome>;
  publishPool(snapshot: PoolSnapshot): Promise<void>;
  recordMerge(entry: {
    readonly org: string;
    readonly repo: string;
    readonly branch: string;
    readonly entry: import('./domain/pool.ts').PoolRecordEntry;
  }): Promise<void>;
}

/** A pull request that merges onto its base again. */
export interface SolvedConflict {
  readonly number: number;
  readonly headSha: string;
}

/** What a branch asks of the world beside deciding. */
export interface BranchPorts {
  /** Pull requests that were in conflict with the branch and are not with this head of it. */
  findSolvedConflicts(question: {
    readonly repository: RepositoryName;
    readonly branch: string;
    readonly baseSha: string;
  }): Promise<readonly SolvedConflict[]>;
}

/** A webhook that leads to us: an organisation's, or a repository's. */
export interface HookPlace {
  readonly org: string;
  readonly repo?: string;
  readonly id: number;
}

/** Repair passes (DESIGN §3): what webhooks missed. */
export interface RepairPorts {
  hooksThatLeadHere(question: RepairInput): Promise<readonly HookPlace[]>;
  /** Asks GitHub to repeat the deliveries that failed; the next pass looks from the watermark on. */
  redeliverFailed(question: {
    readonly hook: HookPlace;
    readonly since: string;
  }): Promise<{ readonly watermark: string; readonly redelivered: number }>;
}

/** How many rows a purge threw away. */
export interface Purged {
  readonly deliveries: number;
  readonly closedHeads: number;
  readonly etags: number;
}

/** What the database keeps for a while only. */
export interface PurgePorts {
  purgeStored(): Promise<Purged>;
}

/** The configuration (docs/decisions/0009). */
export interface ConfigPorts {
  /** Activations that the database remembers, oldest first. */
  rememberedConfigs(): Promise<readonly Activation[]>;
  /** Reads what is stored under a hash, checks it, and compares it with what is active. */
  inspectConfig(question: {
    readonly hash: string;
    readonly against?: string;
  }): Promise<ConfigInspection>;
  /** Writes an activation down; `taken` is a number at least as high that the database has given away. */
  activateConfig(activation: Activation): Promise<{ readonly taken?: number }>;
  /** The workers that are alive, and the hash of what their files say. */
  standingWorkers(): Promise<Readonly<Record<string, string>>>;
  /** Tells the pages, and writes the audit down. */
  publishConfig(state: ConfigState): Promise<void>;
  /** Tells, paced, the pull requests and pools whose part changed; false when a newer one came meanwhile. */
  tellConfigChanged(change: {
    readonly number: number;
    readonly from: string;
    readonly to: string;
  }): Promise<boolean>;
}

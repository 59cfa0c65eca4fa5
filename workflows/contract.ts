import type { ConfigComplaint, ConfigFarewell, ConfigOffer } from './domain/config-offer.ts';
import type { ConfigState } from './domain/config-state.ts';
import type { MailItem } from './domain/decision.ts';
import type { KeyedEffect } from './domain/effect.ts';
import type { DomainEvent } from './domain/event.ts';
import type { PoolMember } from './domain/pool.ts';
import type { PullRequestRecord } from './domain/record.ts';
import type { RepositoryName } from './domain/repository.ts';
import type { RunReport, RunRequest } from './domain/run.ts';

/** The task queue of all workflows and of their quick activities (eager dispatch: T§2). */
export const CORE_QUEUE = 'bowsprit';

/** The task queue on which one host runs local jobs. */
export function hostQueue(host: string): string {
  return `host-${host}`;
}

/**
 * The task queue on which runs of a build cluster are steered.
 * @public
 */
export function clusterQueue(alias: string): string {
  return `cluster-${alias}`;
}

/** Signal names; a name is never changed. */
export const SIGNALS = {
  /** `AddressedMail`: to pullRequest, issue, branch, commit. */
  mail: 'mail',
  /** `RunReport`: to mergePool. */
  runChanged: 'runChanged',
  /** `PoolMember`: from a pull request to its pool. */
  memberChanged: 'memberChanged',
  /** `MemberLeft`: a pull request left the pool (closed, merged, retargeted). */
  memberLeft: 'memberLeft',
  /** `BaseMoved`: from a branch to its pool. */
  baseMoved: 'baseMoved',
  /** `MergeQuestion`: from the pool to a pull request. */
  mayMerge: 'mayMerge',
  /** `MergeAnswer`: from a pull request to the pool. */
  mergeAnswer: 'mergeAnswer',
  /** `RunObservation`: from a host's watcher or a cluster's informer to a job. */
  observed: 'observed',
  /** `AbortOrder`: to a job. */
  abort: 'abort',
  /** `SlotRequest`: to slots. */
  slotAsked: 'slotAsked',
  /** `SlotRequest`: to slots. */
  slotReleased: 'slotReleased',
  /** `SlotGrant`: to job. */
  slotGranted: 'slotGranted',
  /** `ConfigOffer`: from a worker to config. */
  configOffered: 'configOffered',
  /** `ConfigComplaint`: from a worker to config. */
  configRefused: 'configRefused',
  /** `ConfigFarewell`: from a worker to config. */
  configLeft: 'configLeft',
  /** `ConfigChanged`: to mergePool. */
  configChanged: 'configChanged',
} as const;

/** Update names of config: `ConfigVerdict` in, `ConfigVerdictResult` out. */
export const UPDATES = {
  confirmConfig: 'confirmConfig',
  rejectConfig: 'rejectConfig',
} as const;

/** Query name of every entity: answers its state for operators. */
export const STATE_QUERY = 'state';

/** Which entity a workflow is for. */
export interface EntityAddress {
  readonly repository: RepositoryName;
  readonly repositoryId: number;
}

/** Events for one entity, as one signal. */
export interface AddressedMail extends EntityAddress {
  readonly events: readonly DomainEvent[];
}

/** Input of `pullRequest` and `issue`. */
export interface EntityInput extends EntityAddress {
  readonly number: number;
  readonly carried?: CarriedEntity;
}

/** What an entity takes along when it continues as new. */
export interface CarriedEntity {
  readonly record?: PullRequestRecord;
  readonly mailbox: readonly MailItem[];
  readonly seen: readonly string[];
  readonly configNumber: number;
  readonly told?: ToldPool;
  readonly parked: readonly KeyedEffect[];
  readonly member?: PoolMember;
  /** Of the newest decision. */
  readonly lookAgain?: number;
}

/** What a pull request last told a pool. */
export interface ToldPool {
  readonly branch: string;
  /** Canonical text of the member as told, without its generation. */
  readonly content: string;
}

/** Input of `branch`; `ref` is the short name. */
export interface BranchInput extends EntityAddress {
  readonly ref: string;
  readonly carried?: { readonly mailbox: readonly DomainEvent[]; readonly seen: readonly string[] };
}

/** Input of `commit`. */
export interface CommitInput extends EntityAddress {
  readonly sha: string;
  readonly carried?: { readonly mailbox: readonly DomainEvent[]; readonly seen: readonly string[] };
}

/** Input of `job`. */
export interface JobInput {
  readonly run: RunRequest;
}

/** Input of `mergePool`. */
export interface PoolInput extends EntityAddress {
  readonly branch: string;
  /** The pool's own state, opaque to others, when it continues as new. */
  readonly carried?: unknown;
}

/** A pull request is no longer this pool's. */
export interface MemberLeft {
  readonly number: number;
  readonly generation: number;
  readonly merged: boolean;
}

/** The branch was pushed to; the pool reads the truth itself. */
export interface BaseMoved {
  readonly after: string;
}

/** May this pull request be merged at this head now? */
export interface MergeQuestion {
  readonly token: string;
  readonly headSha: string;
  readonly pool: string;
}

/** The pull request's answer, given after draining its mailbox. */
export interface MergeAnswer {
  readonly token: string;
  readonly number: number;
  readonly headSha: string;
  readonly allowed: boolean;
  readonly reason: string;
}

/** What was seen of a run's process or pod. */
export interface RunObservation {
  readonly attempt: number;
  /** missing: there is no such process or pod. */
  readonly phase: 'waiting' | 'running' | 'finished' | 'missing';
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly exitCode?: number;
  /** Set where the executor itself judged: timeout, interrupted, clone failed… */
  readonly verdict?: 'success' | 'failure' | 'error' | 'aborted';
  readonly description?: string;
  /** With `missing`: the cluster took the pod from its test, and how. */
  readonly lost?: 'evicted' | 'unreachable' | 'unknown';
  /** With `waiting`: why it does not get on, in words. */
  readonly trouble?: string;
  /** With `finished`: processes still live, and must be stopped. */
  readonly alive?: boolean;
  /** Which pod was seen, at what version: what is older, or of another one, is not believed. */
  readonly pod?: { readonly uid: string; readonly resourceVersion: string };
}

/** Stop a run; `description` becomes its description. */
export interface AbortOrder {
  readonly description: string;
  /** True when a newer run replaced it: then no report of this one reaches GitHub. */
  readonly superseded: boolean;
}

/** A place in the line for a limit, oldest first. */
export interface SlotRequest {
  readonly kind: string;
  readonly name: string;
  readonly holder: string;
  readonly createdAt: number;
  readonly capacity: number;
}

/** The limit's answer. */
export interface SlotGrant {
  readonly kind: string;
  readonly name: string;
}

/** Input of `slots`. */
export interface SlotsInput {
  readonly kind: string;
  readonly name: string;
  readonly carried?: {
    readonly waiting: readonly SlotRequest[];
    readonly held: readonly SlotRequest[];
  };
}

/** Input of `config`. */
export interface ConfigInput {
  readonly carried?: ConfigState;
}

/** A configuration came into force that concerns the receiver. */
export interface ConfigChanged {
  readonly number: number;
}

/** Input of `repair`. */
export interface RepairInput {
  readonly org: string;
  /** The gateway's address as GitHub knows it: only hooks with it are ours. */
  readonly hookUrl: string;
  /** ISO 8601; what failed before is not ours to repeat. */
  readonly since: string;
}

/** Result of `repair`, and where the next pass begins. */
export interface RepairState {
  readonly watermarks: Readonly<Record<string, string>>;
}

/** Workflow ids: the id is the lock (DESIGN §3). Names are lower case, as GitHub's are not case-sensitive. */
export const ids = {
  pullRequest: ({ org, repo }: RepositoryName, number: number) =>
    `pr/${org}/${repo}/${number}`.toLowerCase(),
  issue: ({ org, repo }: RepositoryName, number: number) =>
    `issue/${org}/${repo}/${number}`.toLowerCase(),
  /** Branch names are case-sensitive. */
  branch: ({ org, repo }: RepositoryName, ref: string) =>
    `branch/${org.toLowerCase()}/${repo.toLowerCase()}/${ref}`,
  commit: ({ org, repo }: RepositoryName, sha: string) =>
    `commit/${org}/${repo}/${sha}`.toLowerCase(),
  job: (uuid: string) => `job/${uuid}`,
  pool: ({ org, repo }: RepositoryName, branch: string) =>
    `pool/${org.toLowerCase()}/${repo.toLowerCase()}/${branch}`,
  slots: (kind: string, name: string) => `slots/${kind}/${name}`,
  repair: (org: string) => `repair/${org}`.toLowerCase(),
  purge: 'purge',
  config: 'config',
};

/** A message for another workflow, carried by the `tell` activity: signalWithStart of its addressee. */
export type Message =
  | {
      readonly to: 'pullRequest';
      readonly input: EntityInput;
      readonly signal: 'mail' | 'mayMerge';
      readonly body: AddressedMail | MergeQuestion;
    }
  | {
      readonly to: 'issue';
      readonly input: EntityInput;
      readonly signal: 'mail';
      readonly body: AddressedMail;
    }
  | {
      readonly to: 'commit';
      readonly input: CommitInput;
      readonly signal: 'mail';
      readonly body: AddressedMail;
    }
  | {
      readonly to: 'branch';
      readonly input: BranchInput;
      readonly signal: 'mail';
      readonly body: AddressedMail;
    }
  | {
      readonly to: 'mergePool';
      readonly input: PoolInput;
      readonly signal:
        | 'memberChanged'
        | 'memberLeft'
        | 'baseMoved'
        | 'mergeAnswer'
        | 'runChanged'
        | 'configChanged';
      readonly body: PoolMember | MemberLeft | BaseMoved | MergeAnswer | RunReport | ConfigChanged;
    }
  | {
      readonly to: 'config';
      readonly input: ConfigInput;
      readonly signal: 'configOffered' | 'configRefused' | 'configLeft';
      readonly body: ConfigOffer | ConfigComplaint | ConfigFarewell;
    }
  | {
      readonly to: 'slots';
      readonly input: SlotsInput;
      readonly signal: 'slotAsked' | 'slotReleased';
      readonly body: SlotRequest;
    }
  /** Never started by a message: a plain signal to a job that is known to run. */
  | {
      readonly to: 'job';
      readonly uuid: string;
      readonly signal: 'observed' | 'abort' | 'slotGranted';
      readonly body: RunObservation | AbortOrder | SlotGrant;
    };

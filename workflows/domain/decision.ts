import type { KeyedEffect } from './effect.ts';
import type { DomainEvent } from './event.ts';
import type { PoolMember } from './pool.ts';
import type { PullRequestRecord } from './record.ts';
import type { RepositoryName } from './repository.ts';
import type { RunRequest } from './run.ts';

/** An event in a mailbox; `plugins` restricts a repeated try to those that could not decide before. */
export interface MailItem {
  readonly event: DomainEvent;
  readonly plugins?: readonly string[];
  /** 1 for the first try. */
  readonly attempt: number;
}

/** What `decide` is asked: the mailbox, and what the entity remembers. */
export interface DecisionInput {
  /** Workflow id, for the decision log. */
  readonly entity: string;
  readonly scope: 'pull-request' | 'issue' | 'branch';
  readonly repository: RepositoryName;
  readonly repositoryId: number;
  /** Pull request or issue; 0 for a branch. */
  readonly number: number;
  readonly record?: PullRequestRecord;
  readonly items: readonly MailItem[];
  /** Effects that were decided and are not carried out yet: part of what is wanted. */
  readonly waiting: readonly KeyedEffect[];
  /** Workflow time, milliseconds: the same on every try. */
  readonly now: number;
  /** The configuration number of the last decision: a lower one is not accepted. */
  readonly configNumber: number;
  /** Asked as a local activity: give up with `needsOrdinary` when a costly fact is wanted. */
  readonly quick: boolean;
}

/** A plugin or event that could not be decided; what it says goes to the dead letters and the pull request. */
export interface Undecided {
  readonly eventKey: string;
  readonly plugin: string;
  readonly message: string;
  /** GitHub or the network was in the way: tried again for a day; else five times. */
  readonly transient: boolean;
}

/** The answer: in history before the first effect starts. */
export interface Decision {
  /** Set (and all else empty) when the answer needs an ordinary activity. */
  readonly needsOrdinary: boolean;
  readonly configNumber: number;
  readonly configHash: string;
  readonly record?: PullRequestRecord;
  readonly effects: readonly KeyedEffect[];
  /** Keys of waiting effects that nobody wants any more. */
  readonly withdrawn: readonly string[];
  readonly runs: readonly RunRequest[];
  readonly aborts: readonly {
    readonly uuid: string;
    readonly description: string;
    readonly superseded: boolean;
  }[];
  /** Standing for merging, undefined where no query could ever apply. */
  readonly member?: PoolMember;
  readonly undecided: readonly Undecided[];
  /** Keys of events that this decision made up for (a lost `opened`): the real one comes too late. */
  readonly heard: readonly string[];
  /** Those events themselves, for another try of a plugin that could not decide them. */
  readonly madeUp?: readonly MailItem[];
  /** It rests on something whose changes nobody tells: to be decided again after so many milliseconds. */
  readonly lookAgain?: number;
}

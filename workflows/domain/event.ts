import type { PullRequestFacts } from './pull-request-facts.ts';
import type { RunReport } from './run.ts';

/**
 * What every event carries. `key` is the event's meaning (DESIGN: `comment:ID:created`), so that two
 * deliveries of one fact are one event; `guid` is the delivery that brought it, for logs and labels only.
 */
export interface EventBase {
  readonly key: string;
  readonly guid: string;
  /** When GitHub says it happened, ISO 8601 (seconds). Orders facts about one thing. */
  readonly at: string;
  /** Login of the account that caused it, as GitHub spells it. */
  readonly sender: string;
}

/** The text of a comment or body: inline while small, else to be read from the stored delivery. */
export type EventText =
  | { readonly kind: 'inline'; readonly text: string }
  | { readonly kind: 'stored'; readonly deliveryId: string; readonly length: number };

/** What a webhook tells of a pull request; `labels` is absent where the payload has none or too many. */
export interface PullRequestSnapshot extends PullRequestFacts {
  /** `org/repo` of the head, empty when the fork is gone. */
  readonly headRepository: string;
  readonly baseSha: string;
  readonly updatedAt: string;
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
  readonly milestone?: string;
}

/** `pull_request`, one of GitHub's actions. */
export interface PullRequestEvent extends EventBase {
  readonly kind: 'pull-request';
  readonly action: string;
  readonly pullRequest: PullRequestSnapshot;
  /** For `labeled` and `unlabeled`. */
  readonly label?: string;
  /** For `edited`: whether the base branch or base SHA changed. */
  readonly baseChanged?: boolean;
}

/** Where a comment's text came from: Prow's "generic comment" (W§2.3). */
export type CommentSource =
  | 'comment'
  | 'pull-request-body'
  | 'issue-body'
  | 'review'
  | 'review-comment';

/** A comment in Prow's generic sense: issue comment, body of an opened item, review, review comment. */
export interface CommentEvent extends EventBase {
  readonly kind: 'comment';
  readonly action: 'created' | 'edited' | 'deleted';
  readonly source: CommentSource;
  /** GitHub's id of the comment or review; 0 for a body. */
  readonly id: number;
  readonly author: string;
  readonly authorType: string;
  readonly body: EventText;
  readonly htmlUrl: string;
  readonly createdAt: string;
  readonly isPullRequest: boolean;
  readonly state: 'open' | 'closed';
  /** Author of the issue or pull request. */
  readonly issueAuthor: string;
  /** Labels, assignees as the payload had them, valid at `updatedAt` of the issue. */
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
  readonly issueUpdatedAt?: string;
}

/** A review was submitted, edited or dismissed; its text comes as a `CommentEvent` of its own. */
export interface ReviewEvent extends EventBase {
  readonly kind: 'review';
  readonly action: 'submitted' | 'edited' | 'dismissed';
  readonly id: number;
  readonly author: string;
  readonly authorType: string;
  /** Lower case, as webhooks have it: approved, changes_requested, commented, dismissed. */
  readonly state: string;
  readonly body: EventText;
  readonly htmlUrl: string;
  readonly pullRequest: PullRequestSnapshot;
}

/** `push` to a branch; `changedFiles` is the union that Prow takes from the payload's commits. */
export interface PushEvent extends EventBase {
  readonly kind: 'push';
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  readonly deleted: boolean;
  readonly forced: boolean;
  readonly compareUrl: string;
  /** Absent when it would not fit the event: read it from the delivery or GitHub. */
  readonly changedFiles?: readonly string[];
  readonly deliveryId: string;
}

/** `status`: a commit status somebody wrote. */
export interface StatusEvent extends EventBase {
  readonly kind: 'status';
  readonly sha: string;
  readonly context: string;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  readonly description: string;
  readonly targetUrl: string;
}

/** `issues`: an issue (never a pull request) changed. */
export interface IssueEvent extends EventBase {
  readonly kind: 'issue';
  readonly action: string;
  readonly number: number;
  readonly title: string;
  readonly author: string;
  readonly state: 'open' | 'closed';
  readonly labels: readonly string[];
}

/** A run told its owner where it stands; from our own `job` workflows, never from a webhook. */
export interface RunChangedEvent extends EventBase {
  readonly kind: 'run-changed';
  readonly run: RunReport;
}

/** The pool asks for the required jobs to be run again on the base that it will merge onto. */
export interface RetestAskedEvent extends EventBase {
  readonly kind: 'retest-asked';
  readonly contexts: readonly string[];
  readonly headSha: string;
  readonly baseSha: string;
}

/**
 * Whether the head can be merged onto its base became known; from our own pool and branches, never from a webhook:
 * GitHub tells nobody when a conflict comes up or goes.
 */
export interface MergeabilityEvent extends EventBase {
  readonly kind: 'mergeability';
  readonly headSha: string;
  readonly mergeable: boolean;
}

/** Something outside the pull request that its eligibility rests on moved (base, configuration). */
export interface RecheckEvent extends EventBase {
  readonly kind: 'recheck';
  readonly why: string;
  /** The configuration that it is about: an older one has no answer. */
  readonly configNumber?: number;
}

/** Everything an entity can find in its mailbox. */
export type DomainEvent =
  | PullRequestEvent
  | CommentEvent
  | ReviewEvent
  | PushEvent
  | StatusEvent
  | IssueEvent
  | RunChangedEvent
  | RetestAskedEvent
  | MergeabilityEvent
  | RecheckEvent;

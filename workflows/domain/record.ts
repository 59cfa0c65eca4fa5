import type { CommentFamily } from './effect.ts';
import type { CommentSource } from './event.ts';
import type { PullRequestFacts } from './pull-request-facts.ts';
import type { RunReport } from './run.ts';

/** What is known of one label: the last evidence wins, by GitHub's time. */
export interface LabelFact {
  readonly present: boolean;
  /** ISO time of the evidence: an event's time, or the Date of GitHub's answer to our own write. */
  readonly at: string;
  /** Place in time of the newest order (comment, push) about it that was obeyed: an older one comes too late. */
  readonly order?: string;
  /** Not evidence but a wish that GitHub has not got yet: no snapshot can speak against it. */
  readonly wished?: boolean;
}

/** A comment worth remembering: it has a command line, or it is one of the bot's own family comments. */
export interface CommentNote {
  readonly id: number;
  readonly source: CommentSource;
  readonly author: string;
  readonly authorType: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly htmlUrl: string;
  /** People: their command lines only, fenced code, quotes and HTML comments taken out. The bot: its whole body. */
  readonly body: string;
  /** Set for the bot's own comments that belong to a family. */
  readonly family?: CommentFamily;
  /** For reviews: approved, changes_requested, commented, dismissed. */
  readonly reviewState?: string;
}

/** A commit status at the head, ours or another's. */
export interface StatusFact {
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  readonly description: string;
  readonly targetUrl: string;
  readonly at: string;
}

/**
 * All that a pull request's entity remembers. Small on purpose: it travels in every decision.
 * `…Complete` says whether the entity has seen everything since the beginning (it saw `opened`) or must
 * ask GitHub once.
 */
export interface PullRequestRecord extends PullRequestFacts {
  readonly headRepository: string;
  readonly baseSha: string;
  /** Newest `updated_at` seen: an older snapshot changes nothing but what it alone knows. */
  readonly updatedAt: string;
  readonly labels: Readonly<Record<string, LabelFact>>;
  readonly labelsComplete: boolean;
  readonly assignees: readonly string[];
  readonly milestone: string;
  readonly comments: readonly CommentNote[];
  readonly commentsComplete: boolean;
  /** Statuses at `headSha`, by context. */
  readonly statuses: Readonly<Record<string, StatusFact>>;
  readonly statusesComplete: boolean;
  /** Newest run of each job, by job name. */
  readonly runs: Readonly<Record<string, RunReport>>;
  /** True when it came under Bowsprit after it was opened: evaluated only until somebody speaks. */
  readonly adopted: boolean;
  /** Grows with every decision. */
  readonly generation: number;
}

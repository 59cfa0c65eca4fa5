import type { Command } from '../domain/command.ts';
import type { Effect } from '../domain/effect.ts';
import type {
  CommentEvent,
  IssueEvent,
  PullRequestEvent,
  PushEvent,
  ReviewEvent,
  StatusEvent,
} from '../domain/event.ts';
import type { Facts } from '../domain/facts.ts';

/** A comment with its text at hand, whole and with what does not count taken out. */
export interface SpokenComment extends Omit<CommentEvent, 'body'> {
  /** As it was written. */
  readonly body: string;
  /** Without fenced code, block quotes and HTML comments: where commands are looked for. */
  readonly text: string;
  readonly commands: readonly Command[];
}

/** A review with its text at hand. */
export interface SpokenReview extends Omit<ReviewEvent, 'body'> {
  readonly body: string;
  readonly commands: readonly Command[];
}

/** One command of a comment, with the comment it stands in. */
export interface SpokenCommand extends Command {
  readonly comment: SpokenComment;
}

/** An effect, or an effect with the sentence that the decision log shall have. */
export type Wish =
  | Effect
  | {
      readonly effect: Effect;
      readonly reason: string;
      /** True for what grants something to the commits that were seen: not to be carried out at another head (DESIGN §3). */
      readonly grants?: boolean;
    };

/** What a handler gives back. */
export type Wishes = readonly Wish[] | Promise<readonly Wish[]>;

/** Handlers by kind of event; each is called only for what it names. */
export interface Handlers {
  /** Once for each of the plugin's own `commands` in a created comment. */
  readonly command?: (command: SpokenCommand, facts: Facts) => Wishes;
  /** Once for a created comment, whatever is in it. */
  readonly comment?: (comment: SpokenComment, facts: Facts) => Wishes;
  readonly pullRequest?: (event: PullRequestEvent, facts: Facts) => Wishes;
  readonly review?: (event: SpokenReview, facts: Facts) => Wishes;
  readonly push?: (event: PushEvent, facts: Facts) => Wishes;
  readonly status?: (event: StatusEvent, facts: Facts) => Wishes;
  readonly issue?: (event: IssueEvent, facts: Facts) => Wishes;
}

/** One command for the help page and `/plugin-help.js` (S§2). */
export interface CommandHelp {
  readonly usage: string;
  readonly does: string;
  readonly whoCanUse: string;
  readonly examples?: readonly string[];
  readonly featured?: boolean;
}

/** A plugin: a pure rule with its own help. */
export interface Plugin {
  readonly name: string;
  /** Command words without the slash, lower case; one owner each. */
  readonly commands: readonly string[];
  /** One or two sentences for the plugin list. */
  readonly description: string;
  readonly help: readonly CommandHelp[];
  /** Works on pull requests only (default), or on issues too. */
  readonly scope?: 'pull-requests' | 'both';
  /** Whether its handlers want what the bot itself did (W§1 says which do); default false. */
  readonly hearsTheBot?: boolean;
  readonly on: Handlers;
}

/** Declares a plugin; the type is the check. */
export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}

/** A wish with the sentence that the decision log shall have. */
export function because(reason: string, effect: Effect): Wish {
  return { effect, reason };
}

/** A wish that grants something to the head as it is now, and to no other. */
export function granting(reason: string, effect: Effect): Wish {
  return { effect, reason, grants: true };
}

import type { ConfigSnapshot } from '../../config/snapshot.ts';
import type { DecisionInput, Undecided } from '../../workflows/domain/decision.ts';
import type { PushEvent } from '../../workflows/domain/event.ts';
import type { PullRequestRecord } from '../../workflows/domain/record.ts';
import { openWorkingCopy, type WorkingCopy } from '../../workflows/domain/working-copy.ts';
import type { ActiveConfig, DecisionSources } from './sources.ts';

/** One call of `decide` while it works: the copy moves, everything else stands. */
export interface Batch {
  readonly input: DecisionInput;
  readonly sources: DecisionSources;
  readonly config: ActiveConfig;
  readonly snapshot: ConfigSnapshot;
  readonly botLogin: string;
  readonly isBot: (login: string) => boolean;
  /** Answers that were read in this batch, by question. */
  readonly memo: Map<string, Promise<unknown>>;
  readonly undecided: Undecided[];
  copy: WorkingCopy;
  /** The push that is being decided: the repository's own jobs are those of its commit. */
  pushed?: PushEvent;
  /** Time of the event that is being decided, empty between events: what is younger has not happened yet. */
  at: string;
  /** See `Decision`. */
  lookAgain?: number;
}

/** Begins a batch over what is known of a pull request. */
export function openBatch(
  input: DecisionInput,
  sources: DecisionSources,
  start: {
    readonly config: ActiveConfig;
    readonly botLogin: string;
    readonly record: PullRequestRecord;
  },
): Batch {
  const { config, botLogin, record } = start;
  return {
    input,
    sources,
    config,
    snapshot: config.snapshot,
    botLogin,
    isBot: botTest(botLogin),
    memo: new Map(),
    undecided: [],
    copy: openWorkingCopy(record, input.waiting),
    at: '',
  };
}

/** Whether a login is our own account: apps appear with `[bot]`, logins in any case. */
export function botTest(botLogin: string): (login: string) => boolean {
  const own = botLogin.toLowerCase();
  return (login) => login.toLowerCase().replace(/\[bot\]$/, '') === own;
}

/** Asks once per batch; a question that failed may be asked again. */
export function memoised<T>(batch: Batch, question: string, ask: () => Promise<T>): Promise<T> {
  const known = batch.memo.get(question);
  if (known !== undefined) return known as Promise<T>;
  const answer = ask();
  batch.memo.set(question, answer);
  answer.catch(() => batch.memo.delete(question));
  return answer;
}

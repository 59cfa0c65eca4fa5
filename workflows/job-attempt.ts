import { ActivityFailure, condition, isCancellation } from '@temporalio/workflow';
import type { RunObservation } from './contract.ts';
import { type RunVerdict, SAYS, verdictOf } from './domain/job-state.ts';
import type { RunRequest } from './domain/run.ts';
import type { JobDesk } from './job-desk.ts';
import { ExecutorSilent, PATIENCE_MINUTES } from './job-executor.ts';
import type { JobInbox } from './job-inbox.ts';
import type { Attempt, ExecutorPorts, RunPlan } from './ports.ts';

/** What a run carries along. */
export interface Course {
  readonly run: RunRequest;
  readonly desk: JobDesk;
  readonly inbox: JobInbox;
  plan: RunPlan | undefined;
  /** The newest attempt, from just before it was started. */
  attempt: Attempt | undefined;
  /** The verdict is ours, and the processes still live. */
  mustStop: boolean;
}

/** An attempt that was started. */
export interface Started {
  readonly plan: RunPlan;
  readonly executor: ExecutorPorts;
  readonly started: Attempt;
  readonly first: RunObservation;
}

/** The poll repairs what signals lost; it slows down, so that a run of days keeps a short history. */
const FIRST_POLL_MS = 60_000;
const SLOWEST_POLL_MS = 600_000;

/** Follows an attempt to its end; `missing` asks for another one. */
export async function followAttempt(
  course: Course,
  begun: Started,
): Promise<RunVerdict | 'missing'> {
  const { inbox } = course;
  const began = Date.now();
  inbox.seen ??= begun.first;
  const watch: Watch = { poll: FIRST_POLL_MS, silentSince: undefined };
  for (;;) {
    const seen = inbox.seen ?? begun.first;
    if (seen.phase === 'finished') return verdictOf(seen);
    if (seen.phase === 'missing') return 'missing';
    const limit = limitOf(begun.plan, seen, began);
    if (Date.now() >= limit.at) {
      course.mustStop = true;
      return limit.verdict;
    }
    const wait = Math.min(watch.poll, limit.at - Date.now());
    const woken = await condition(() => inbox.seen !== seen, wait);
    if (!woken) await repair(course, begun, watch);
  }
}

interface Watch {
  poll: number;
  silentSince: number | undefined;
}

async function repair(course: Course, begun: Started, watch: Watch): Promise<void> {
  watch.poll = Math.min(watch.poll * 1.5, SLOWEST_POLL_MS);
  const answered = await look(course, begun);
  watch.silentSince = answered ? undefined : (watch.silentSince ?? Date.now());
  sayIfSilent(course, begun.plan, watch.silentSince);
}

/** Asks the executor; false if nobody answers. */
async function look({ inbox }: Course, { executor, started }: Started): Promise<boolean> {
  try {
    const seen = await executor.observeRun(started);
    // A signal may have been quicker.
    if (inbox.seen?.phase !== 'finished') inbox.seen = seen;
    return true;
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    return false;
  }
}

function sayIfSilent({ desk }: Course, plan: RunPlan, since: number | undefined): void {
  if (since === undefined) {
    desk.change({ description: SAYS.triggered });
    return;
  }
  if (Date.now() - since > PATIENCE_MINUTES * 60_000) throw new ExecutorSilent(plan.queue);
  desk.change({ description: SAYS.silent(plan.queue) });
}

interface Limit {
  readonly at: number;
  readonly verdict: RunVerdict;
}

/** A run of the local executor that waits for a free process is in no trouble: it has no pending limit. */
function limitOf(plan: RunPlan, seen: RunObservation, began: number): Limit {
  const running = seen.phase === 'running';
  const since = seen.startedAt === undefined ? began : Date.parse(seen.startedAt);
  const allowed = running ? plan.runningTimeout : plan.pendingTimeout;
  const none = allowed <= 0 || (!running && plan.executor === 'local');
  const verdict: RunVerdict = running
    ? { state: 'aborted', description: SAYS.runningTimeout }
    : { state: 'error', description: SAYS.pendingTimeout };
  return { at: none ? Number.POSITIVE_INFINITY : since + allowed, verdict };
}

import { ActivityFailure, condition, isCancellation, patched } from '@temporalio/workflow';
import type { RunObservation } from './contract.ts';
import { isOutdated, type RunVerdict, SAYS, verdictOf } from './domain/job-state.ts';
import type { RunRequest } from './domain/run.ts';
import type { JobDesk } from './job-desk.ts';
import { ExecutorSilent, patienceOf, unreachableReason } from './job-executor.ts';
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
/** What keeps a pod from starting is told by looking only. */
const FIRST_POLL_OF_POD_MS = 30_000;
const SLOWEST_POLL_MS = 600_000;
/** A pod that runs is followed by the informer: it is looked at so much more seldom. */
const RUNNING_PACE = 20;
/** Between two looks of which the first found nobody, when it is time for a verdict. */
const SILENT_PAUSE_MS = 10_000;

/** Follows an attempt to its end; `missing` asks for another one. */
export async function followAttempt(
  course: Course,
  begun: Started,
): Promise<RunVerdict | 'missing'> {
  const { inbox } = course;
  const { plan } = begun;
  inbox.seen ??= begun.first;
  const watch = startWatch(plan);
  for (;;) {
    const seen = inbox.seen ?? begun.first;
    const ended = endOf(course, plan, seen);
    if (ended !== undefined) return ended;
    noteTrouble(watch, seen);
    const limit = limitOf(plan, seen, watch);
    const left = limit.at - Date.now();
    if (left <= 0 && isJudged(limit, watch)) {
      course.mustStop = true;
      return limit.verdict;
    }
    const wait = left > 0 ? Math.min(paceOf(plan, seen, watch), left) : lastPause(watch);
    const woken = wait > 0 && (await condition(() => inbox.seen !== seen, wait));
    if (!woken) await repair(course, begun, watch);
  }
}

function noteTrouble(watch: Watch, { trouble }: RunObservation): void {
  watch.troubleSince = trouble === undefined ? undefined : (watch.troubleSince ?? Date.now());
}

/** What was seen may be old: who was down for an hour hears of that hour when the time is up already. */
function isJudged({ at }: Limit, { lookedAt }: Watch): boolean {
  return lookedAt >= at || !patched('look-before-limit');
}

interface Watch {
  readonly began: number;
  poll: number;
  /** When an executor last answered. */
  lookedAt: number;
  silentSince: number | undefined;
  troubleSince: number | undefined;
}

function startWatch({ executor, firstLook }: RunPlan): Watch {
  const usual = executor === 'local' ? FIRST_POLL_MS : FIRST_POLL_OF_POD_MS;
  const poll = firstLook ?? usual;
  return { began: Date.now(), poll, lookedAt: 0, silentSince: undefined, troubleSince: undefined };
}

/** When it is time for a verdict, nobody waits, unless the last look found nobody. */
function lastPause({ silentSince }: Watch): number {
  return silentSince === undefined ? 0 : SILENT_PAUSE_MS;
}

function paceOf({ executor }: RunPlan, { phase }: RunObservation, { poll }: Watch): number {
  const followed = executor === 'kubernetes' && phase === 'running';
  return followed ? Math.min(poll * RUNNING_PACE, SLOWEST_POLL_MS) : poll;
}

/** What an attempt came to, if it is over; a pod that is still there then must go. */
function endOf(
  course: Course,
  plan: RunPlan,
  seen: RunObservation,
): RunVerdict | 'missing' | undefined {
  if (seen.phase !== 'finished' && seen.phase !== 'missing') return undefined;
  const evicted = seen.lost === 'evicted' && plan.errorOnEviction === true;
  if (seen.alive || evicted) course.mustStop = true;
  if (seen.phase === 'finished') return verdictOf(seen);
  if (!evicted) return 'missing';
  return { state: 'error', description: SAYS.evicted };
}

async function repair(course: Course, begun: Started, watch: Watch): Promise<void> {
  watch.poll = Math.min(watch.poll * 1.5, SLOWEST_POLL_MS);
  const silence = await look(course, begun);
  if (silence === undefined) {
    watch.silentSince = undefined;
    watch.lookedAt = Date.now();
    course.desk.change({ description: SAYS.triggered });
    return;
  }
  const { plan } = begun;
  watch.silentSince ??= Date.now();
  if (Date.now() - watch.silentSince > patienceOf(plan)) {
    throw new ExecutorSilent(plan, silence.reason);
  }
  course.desk.change({ description: saySilence(plan.queue, silence.reason) });
}

/** What is said of an executor that is waited for. */
export function saySilence(queue: string, reason: string | undefined): string {
  return reason === undefined ? SAYS.silent(queue) : SAYS.unreachable(reason);
}

/** Nobody answered; the reason if that was not for want of a worker. */
interface Silence {
  readonly reason: string | undefined;
}

async function look(
  { inbox }: Course,
  { executor, started }: Started,
): Promise<Silence | undefined> {
  try {
    const seen = await executor.observeRun(started);
    // A signal may have been quicker. Who looks sees the pod that there is, be it another one than before.
    const isAnother = seen.pod !== undefined && seen.pod.uid !== inbox.seen?.pod?.uid;
    const isNews = isAnother || !isOutdated(seen, inbox.seen);
    if (inbox.seen?.phase !== 'finished' && isNews) inbox.seen = seen;
    return undefined;
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    return { reason: unreachableReason(error) };
  }
}

interface Limit {
  readonly at: number;
  readonly verdict: RunVerdict;
}

/** For so long a pod's trouble may last if the plan does not say. */
const TROUBLE_MS = 60_000;

function limitOf(plan: RunPlan, seen: RunObservation, watch: Watch): Limit {
  if (seen.phase === 'running') {
    const verdict: RunVerdict = { state: 'aborted', description: SAYS.runningTimeout };
    return { at: after(plan.runningTimeout, sinceOf(seen, watch)), verdict };
  }
  // A run of the local executor that waits for a free process is in no trouble: it has no limit.
  if (plan.executor === 'local') return pendingLimit(SAYS.pendingTimeout, Number.POSITIVE_INFINITY);
  const limits = [startLimit(plan, seen, watch)];
  if (watch.troubleSince !== undefined && seen.trouble !== undefined) {
    const at = after(plan.troubleTimeout ?? TROUBLE_MS, watch.troubleSince);
    limits.push(pendingLimit(SAYS.trouble(seen.trouble), at));
  }
  return limits.reduce((first, other) => (other.at < first.at ? other : first));
}

/** A pod has so long to get a node, then so long to start there. */
function startLimit(plan: RunPlan, seen: RunObservation, watch: Watch): Limit {
  const { unscheduledTimeout } = plan;
  if (seen.startedAt === undefined && unscheduledTimeout !== undefined) {
    return pendingLimit(SAYS.unscheduledTimeout, after(unscheduledTimeout, watch.began));
  }
  return pendingLimit(SAYS.pendingTimeout, after(plan.pendingTimeout, sinceOf(seen, watch)));
}

function pendingLimit(description: string, at: number): Limit {
  return { at, verdict: { state: 'error', description } };
}

function sinceOf({ startedAt }: RunObservation, { began }: Watch): number {
  return startedAt === undefined ? began : Date.parse(startedAt);
}

/** No time is none: then there is no limit. */
function after(allowed: number, since: number): number {
  return allowed <= 0 ? Number.POSITIVE_INFINITY : since + allowed;
}

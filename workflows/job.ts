import { TemporalFailure } from '@temporalio/common';
import {
  CancellationScope,
  condition,
  defineQuery,
  isCancellation,
  log,
  patched,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
} from '@temporalio/workflow';
import { type JobInput, type SlotRequest, STATE_QUERY } from './contract.ts';
import { type RunVerdict, SAYS, type SlotNeed, slotNeeds } from './domain/job-state.ts';
import type { RunReport, RunRequest } from './domain/run.ts';
import { type Course, followAttempt, saySilence } from './job-attempt.ts';
import { openDesk } from './job-desk.ts';
import { ExecutorSilent, executorOn, podsOn, reach } from './job-executor.ts';
import { openInbox, slotKey } from './job-inbox.ts';
import type { RunPlan, RunPorts, TellPorts } from './ports.ts';
import { WORKER_DIED } from './proxies.ts';

const { prepareRun, vendBuildId, archiveRun } = proxyActivities<RunPorts>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '24 hours',
  heartbeatTimeout: WORKER_DIED,
  retry: { initialInterval: '500 milliseconds', maximumInterval: '1 minute' },
});

/** Planning takes milliseconds, and changes nothing outside but the next build id. */
const inside = proxyLocalActivities<Pick<RunPorts, 'prepareRun'>>({
  startToCloseTimeout: '4 seconds',
  retry: { maximumAttempts: 1 },
});

const { tell } = proxyActivities<TellPorts>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '24 hours',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '1 minute' },
});

/** A granted slot whose message got lost is asked for again. */
const ASK_AGAIN = '10 minutes';

/** One run: its slot, its attempts, its verdict, and who is told of it (DESIGN §3, §5). */
export async function job({ run }: JobInput): Promise<RunReport> {
  const life = new CancellationScope();
  const desk = openDesk(run);
  const inbox = openInbox((order) => {
    if (order.superseded) desk.mute();
    desk.change({ state: 'aborted', description: order.description });
    life.cancel();
  });
  setHandler(defineQuery<RunReport>(STATE_QUERY), () => desk.report);
  const course: Course = { run, desk, inbox, plan: undefined, attempt: undefined, mustStop: false };

  const asked: SlotNeed[] = [];
  const verdict = await life.run(() => live(course, asked)).catch(verdictOnFailure);
  await CancellationScope.nonCancellable(() => end(course, verdict, asked));
  return desk.report;
}

/** From the plan to the verdict; an abort cancels it wherever it is. */
async function live(course: Course, asked: SlotNeed[]): Promise<RunVerdict> {
  const { run, desk } = course;
  const quick = patched('plan-inside') ? await planQuickly(run) : undefined;
  const plan = quick ?? (await prepareRun(run));
  course.plan = plan;
  desk.place(plan.cluster);
  if (plan.reportsTogether) desk.reportTogether();
  if (plan.searchAttributes !== false) desk.index();
  desk.announce();
  if (plan.refusal !== undefined) return { state: 'error', description: plan.refusal };
  for (const need of slotNeeds(run.job, plan)) {
    asked.push(need);
    await acquire(course, need);
  }
  for (let attempt = 1; ; attempt += 1) {
    const ended = await tryOnce(course, plan, attempt);
    if (ended !== 'missing') return ended;
    if (attempt > plan.maxRevivals) {
      const lost = course.inbox.seen?.lost;
      course.mustStop = lost !== undefined;
      const cause = lost ?? 'unknown';
      const description = SAYS.maxRevivals(plan.maxRevivals, cause);
      return { state: 'error', description };
    }
    log.info('run is started again', { uuid: run.uuid, attempt });
  }
}

/** Nothing if it takes its time, or fails: then it is tried again for as long as it takes. */
async function planQuickly(run: RunRequest): Promise<RunPlan | undefined> {
  try {
    return await inside.prepareRun(run);
  } catch (error) {
    if (isCancellation(error) || !(error instanceof TemporalFailure)) throw error;
    return undefined;
  }
}

async function tryOnce(
  course: Course,
  plan: RunPlan,
  attempt: number,
): Promise<RunVerdict | 'missing'> {
  const { run, desk, inbox } = course;
  const known = attempt === 1 ? plan.first : undefined;
  const { buildId, url } = known ?? (await vendBuildId(run));
  const started = { run, attempt, buildId };
  course.attempt = started;
  inbox.current = attempt;
  inbox.seen = undefined;
  const executor = executorOn(plan.queue);
  const first = await reach(() => executor.startRun(started), {
    plan,
    silent: (reason) => desk.change({ description: saySilence(plan.queue, reason) }),
  });
  desk.change({
    state: 'pending',
    description: SAYS.triggered,
    url,
    buildId,
    pendingTime: desk.status.pendingTime || new Date().toISOString(),
  });
  return await followAttempt(course, { plan, executor, started, first });
}

async function acquire({ run, inbox }: Course, need: SlotNeed): Promise<void> {
  while (!inbox.granted.has(slotKey(need))) {
    await tell(slotMessage(run, need, 'slotAsked'));
    await condition(() => inbox.granted.has(slotKey(need)), ASK_AGAIN);
  }
}

function slotMessage(run: RunRequest, need: SlotNeed, signal: 'slotAsked' | 'slotReleased') {
  const { kind, name, capacity } = need;
  const body: SlotRequest = { kind, name, capacity, holder: run.uuid, createdAt: run.createdAt };
  return { to: 'slots' as const, input: { kind, name }, signal, body };
}

/** Only failures that Temporal knows are a verdict; a mistake of ours must stop the task and be mended. */
function verdictOnFailure(error: unknown): RunVerdict {
  if (isCancellation(error)) return { state: 'aborted', description: SAYS.aborted };
  if (error instanceof ExecutorSilent) {
    const description =
      error.reason === undefined
        ? SAYS.silentTooLong(error.message, error.minutes)
        : SAYS.unreachableTooLong(error.reason, error.minutes);
    return { state: 'error', description };
  }
  if (!(error instanceof TemporalFailure)) throw error;
  const reason = error.cause instanceof Error ? error.cause.message : error.message;
  return { state: 'error', description: SAYS.cannotStart(reason) };
}

/** Processes first, then everybody who waits for the end, side by side. */
async function end(course: Course, verdict: RunVerdict, asked: readonly SlotNeed[]): Promise<void> {
  const { run, desk, inbox } = course;
  const mustStop = inbox.abort !== undefined || verdict.state === 'aborted' || course.mustStop;
  if (mustStop) {
    desk.change(verdict);
    await stop(course);
  }
  // An abort that came first stays: nothing leaves a terminal state.
  desk.change({ ...verdict, complete: true, completionTime: new Date().toISOString() });
  const releases = asked.map((need) => tell(slotMessage(run, need, 'slotReleased')));
  const work = [...releases, desk.told()];
  if (!course.plan?.reportsTogether) work.push(archiveRun(desk.publication));
  if (!mustStop) work.push(settle(course));
  for (const result of await Promise.allSettled(work)) {
    if (result.status === 'rejected') log.warn('left undone', { reason: String(result.reason) });
  }
}

async function stop({ plan, attempt }: Course): Promise<void> {
  if (plan === undefined || attempt === undefined) return;
  const executor = executorOn(plan.queue);
  try {
    await reach(() => executor.stopRun(attempt), { plan, silent: () => undefined });
  } catch (error) {
    log.warn('could not stop the run', { uuid: attempt.run.uuid, reason: String(error) });
  }
}

/** A pod is kept until its log is. */
async function settle({ plan, attempt }: Course): Promise<void> {
  if (plan?.executor !== 'kubernetes' || attempt === undefined) return;
  await reach(() => podsOn(plan.queue).settleRun(attempt), { plan, silent: () => undefined });
}

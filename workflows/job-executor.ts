import {
  ActivityFailure,
  ApplicationFailure,
  TimeoutFailure,
  TimeoutType,
} from '@temporalio/common';
import { proxyActivities, sleep } from '@temporalio/workflow';
import { CLUSTER_UNREACHABLE, type ExecutorPorts, type PodPorts, type RunPlan } from './ports.ts';
import { WORKER_DIED } from './proxies.ts';

/** For so long an executor may be out of reach before a run is given up, unless its plan says otherwise. */
const PATIENCE_MS = 60 * 60_000;

/** For so long an executor is waited for. */
export function patienceOf({ reachTimeout = PATIENCE_MS }: Pick<RunPlan, 'reachTimeout'>): number {
  return reachTimeout;
}

/** No worker took the task for too long, or none reached the build cluster; the message is the queue. */
export class ExecutorSilent extends Error {
  override readonly name = 'ExecutorSilent';
  /** What the build cluster's worker said, if there was one. */
  readonly reason: string | undefined;
  readonly minutes: number;

  constructor(plan: RunPlan, reason: string | undefined) {
    super(plan.queue);
    this.reason = reason;
    this.minutes = patienceOf(plan) / 60_000;
  }
}

/** An executor's activities on its own task queue. */
export function executorOn(taskQueue: string): ExecutorPorts {
  const quick = proxyActivities<ExecutorPorts>({
    taskQueue,
    scheduleToStartTimeout: '30 seconds',
    startToCloseTimeout: '1 minute',
    heartbeatTimeout: WORKER_DIED,
    retry: { initialInterval: '1 second', maximumInterval: '1 minute', maximumAttempts: 20 },
  });
  const { stopRun } = proxyActivities<Pick<ExecutorPorts, 'stopRun'>>({
    taskQueue,
    scheduleToStartTimeout: '30 seconds',
    // As long as the longest grace; the heartbeat notices a worker that died.
    startToCloseTimeout: '45 minutes',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '1 minute', maximumAttempts: 20 },
  });
  return { startRun: quick.startRun, observeRun: quick.observeRun, stopRun };
}

/** What only executors on Kubernetes do, on the same queue. */
export function podsOn(taskQueue: string): PodPorts {
  return proxyActivities<PodPorts>({
    taskQueue,
    scheduleToStartTimeout: '30 seconds',
    startToCloseTimeout: '2 minutes',
    heartbeatTimeout: WORKER_DIED,
    retry: { initialInterval: '1 second', maximumInterval: '1 minute', maximumAttempts: 20 },
  });
}

/** Between two tries to reach a build cluster that does not answer. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Tries until a worker takes the task and reaches what it steers; `silent` hears of every try that did
 * not, with the worker's reason if there was a worker.
 */
export async function reach<Answer>(
  call: () => Promise<Answer>,
  { plan, silent }: { readonly plan: RunPlan; readonly silent: (reason?: string) => void },
): Promise<Answer> {
  const since = Date.now();
  const first = Math.min(FIRST_PAUSE_MS, patienceOf(plan) / 10);
  for (let pause = first; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await call();
    } catch (error) {
      const { reason } = silenceOf(error);
      if (Date.now() - since > patienceOf(plan)) throw new ExecutorSilent(plan, reason);
      silent(reason);
      if (reason !== undefined) await sleep(pause);
    }
  }
}

/** Why nobody answered; throws what is another failure. */
function silenceOf(error: unknown): { readonly reason: string | undefined } {
  const reason = unreachableReason(error);
  if (reason === undefined && !foundNobody(error)) throw error;
  return { reason };
}

/** What a worker says of a build cluster that does not answer it; nothing if the error is another. */
export function unreachableReason(error: unknown): string | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  if (!(cause instanceof ApplicationFailure) || cause.type !== CLUSTER_UNREACHABLE)
    return undefined;
  return cause.message;
}

function foundNobody(error: unknown): boolean {
  return (
    error instanceof ActivityFailure &&
    error.cause instanceof TimeoutFailure &&
    error.cause.timeoutType === TimeoutType.SCHEDULE_TO_START
  );
}

import { ActivityFailure, TimeoutFailure, TimeoutType } from '@temporalio/common';
import { proxyActivities } from '@temporalio/workflow';
import type { ExecutorPorts } from './ports.ts';

/** For so long an executor may be out of reach before a run is given up. */
export const PATIENCE_MINUTES = 60;

/** No worker took the task, for longer than `PATIENCE_MINUTES`; the message is the queue. */
export class ExecutorSilent extends Error {
  override readonly name = 'ExecutorSilent';
}

/** An executor's activities on its own task queue. */
export function executorOn(taskQueue: string): ExecutorPorts {
  const quick = proxyActivities<ExecutorPorts>({
    taskQueue,
    scheduleToStartTimeout: '30 seconds',
    startToCloseTimeout: '1 minute',
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

/** Tries until a worker takes the task; `silent` hears of every try that found none. */
export async function reach<Answer>(
  call: () => Promise<Answer>,
  { queue, silent }: { readonly queue: string; readonly silent: () => void },
): Promise<Answer> {
  const since = Date.now();
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!foundNobody(error)) throw error;
      if (Date.now() - since > PATIENCE_MINUTES * 60_000) throw new ExecutorSilent(queue);
      silent();
    }
  }
}

function foundNobody(error: unknown): boolean {
  return (
    error instanceof ActivityFailure &&
    error.cause instanceof TimeoutFailure &&
    error.cause.timeoutType === TimeoutType.SCHEDULE_TO_START
  );
}

import { type Client, ScheduleAlreadyRunning, type ScheduleOptions } from '@temporalio/client';
import { CORE_QUEUE, ids } from '../workflows/contract.ts';

const SCHEDULE = {
  scheduleId: ids.purge,
  spec: { intervals: [{ every: '1h' }] },
  action: {
    type: 'startWorkflow',
    workflowType: 'purge',
    workflowId: ids.purge,
    taskQueue: CORE_QUEUE,
    args: [],
    workflowRunTimeout: '45m',
  },
  policies: { overlap: 'SKIP', catchupWindow: '1m' },
} as const satisfies ScheduleOptions;

/** Has one schedule that throws away what is kept for a while only. Idempotent. */
export async function schedulePurge(client: Client): Promise<void> {
  try {
    await client.schedule.create(SCHEDULE);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(ids.purge).update(({ state }) => ({ ...SCHEDULE, state }));
  }
}

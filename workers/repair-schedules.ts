import { type Client, ScheduleAlreadyRunning, type ScheduleOptions } from '@temporalio/client';
import { z } from 'zod';
import { CORE_QUEUE, ids, type RepairInput } from '../workflows/contract.ts';
import { schedulePurge } from './purge-schedule.ts';

/** Which repair passes there shall be. */
export interface RepairPlan {
  /** Organisations (or users) of the configuration. */
  readonly orgs: readonly string[];
  readonly hookUrl: string;
  readonly everyMs: number;
}

const PREFIX = 'repair/';
/** A pass that hangs does not keep the next ones from starting for ever. */
const LONGEST_PASS = '10m';
const known = z.object({ since: z.string() });

/** Has one schedule per organisation and one that purges, and none for organisations that left. Idempotent. */
export async function scheduleRepairs(client: Client, plan: RepairPlan): Promise<void> {
  const wanted = new Map(plan.orgs.map((org) => [ids.repair(org), org]));
  for await (const { scheduleId } of client.schedule.list()) {
    if (!scheduleId.startsWith(PREFIX) || wanted.has(scheduleId)) continue;
    await client.schedule.getHandle(scheduleId).delete();
  }
  for (const org of wanted.values()) await scheduleRepair(client, plan, org);
  await schedulePurge(client);
}

async function scheduleRepair(client: Client, plan: RepairPlan, org: string): Promise<void> {
  const { hookUrl } = plan;
  try {
    const since = new Date().toISOString();
    await client.schedule.create(scheduleOf(plan, { org, hookUrl, since }));
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(ids.repair(org)).update(({ action, state }) => {
      const before = known.safeParse(action.args?.[0]);
      const since = before.success ? before.data.since : new Date().toISOString();
      return { ...scheduleOf(plan, { org, hookUrl, since }), state };
    });
  }
}

function scheduleOf({ everyMs }: RepairPlan, input: RepairInput) {
  const id = ids.repair(input.org);
  return {
    scheduleId: id,
    spec: { intervals: [{ every: everyMs }] },
    action: {
      type: 'startWorkflow',
      workflowType: 'repair',
      workflowId: id,
      taskQueue: CORE_QUEUE,
      args: [input],
      workflowRunTimeout: LONGEST_PASS,
    },
    policies: { overlap: 'SKIP', catchupWindow: '1m' },
  } as const satisfies ScheduleOptions;
}

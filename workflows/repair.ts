import { log, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { RepairInput, RepairState } from './contract.ts';
import type { HookPlace, RepairPorts } from './ports.ts';
import { WORKER_DIED } from './proxies.ts';

const { hooksThatLeadHere, redeliverFailed } = proxyActivities<RepairPorts>({
  startToCloseTimeout: '60s',
  heartbeatTimeout: WORKER_DIED,
  scheduleToCloseTimeout: '3m',
  retry: { initialInterval: '2s', maximumInterval: '30s' },
});

/**
 * One repair pass over an organisation: GitHub does not repeat a webhook that failed, so we ask it to.
 * Started by a schedule; each pass begins where the one before ended.
 */
export async function repair(input: RepairInput): Promise<RepairState> {
  const before = stateOf(workflowInfo().lastResult);
  const hooks = await hooksThatLeadHere(input);
  const watermarks: Record<string, string> = {};
  for (const hook of hooks) {
    const since = before[keyOf(hook)] ?? input.since;
    watermarks[keyOf(hook)] = await repairHook(hook, since);
  }
  return { watermarks };
}

/** A hook that cannot be repaired now keeps its watermark, and does not keep the others from it. */
async function repairHook(hook: HookPlace, since: string): Promise<string> {
  try {
    return (await redeliverFailed({ hook, since })).watermark;
  } catch (error) {
    log.warn('hook not repaired in this pass', { hook: keyOf(hook), error: String(error) });
    return since;
  }
}

function keyOf({ org, repo, id }: HookPlace): string {
  return `${org}/${repo ?? ''}/${id}`;
}

/** The pass before may have been another version's. */
function stateOf(result: unknown): Readonly<Record<string, string>> {
  if (typeof result !== 'object' || result === null || !('watermarks' in result)) return {};
  const { watermarks } = result;
  if (typeof watermarks !== 'object' || watermarks === null) return {};
  return Object.fromEntries(
    Object.entries(watermarks).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

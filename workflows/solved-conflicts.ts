import {
  ActivityFailure,
  condition,
  isCancellation,
  log,
  proxyActivities,
} from '@temporalio/workflow';
import type { BranchInput } from './contract.ts';
import type { PushEvent } from './domain/event.ts';
import type { BranchPorts } from './ports.ts';
import { WORKER_DIED } from './proxies.ts';
import { tellPull } from './tell-pull.ts';

/** A fetch, and a merge in git for each conflict; the next push asks again. */
const { findSolvedConflicts } = proxyActivities<BranchPorts>({
  startToCloseTimeout: '10m',
  heartbeatTimeout: WORKER_DIED,
  scheduleToCloseTimeout: '15m',
  retry: { initialInterval: '1s', maximumInterval: '10s', maximumAttempts: 5 },
});

/** Looks for solved conflicts beside the branch's other work, which waits for none of it. */
export interface ConflictLooks {
  readonly busy: boolean;
  /** One look at a time; of the pushes that come meanwhile the newest counts. */
  look(push: PushEvent): void;
  idle(): Promise<void>;
}

/** Opens it, with nothing to look for. */
export function openConflictLooks(input: BranchInput): ConflictLooks {
  let newest: PushEvent | undefined;
  let busy = false;
  const work = async (): Promise<void> => {
    busy = true;
    for (let push = newest; push !== undefined; push = newest) {
      newest = undefined;
      await tellSolvedConflicts(input, push);
    }
    busy = false;
  };
  return {
    get busy() {
      return busy;
    },
    look(push) {
      newest = push;
      if (!busy) void work();
    },
    idle: () => condition(() => !busy),
  };
}

/** What was in conflict with the branch may not be any more; GitHub tells nobody. */
async function tellSolvedConflicts(
  input: BranchInput,
  { after, at, deleted }: PushEvent,
): Promise<void> {
  if (deleted) return;
  const { repository, ref } = input;
  const question = { repository, branch: ref, baseSha: after };
  const found = await findSolvedConflicts(question).catch((error: unknown) => {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    log.warn('conflicts not looked at', { branch: ref, reason: error.cause?.message });
    return [];
  });
  for (const { number, headSha } of found) {
    await tellPull(input, number, {
      kind: 'mergeability',
      key: `mergeable:${headSha}:${after}:${at}`,
      guid: '',
      at,
      sender: '',
      headSha,
      mergeable: true,
    });
  }
}

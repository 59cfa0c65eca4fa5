import {
  ActivityFailure,
  continueAsNew,
  isCancellation,
  log,
  patched,
  proxyActivities,
} from '@temporalio/workflow';
import type { BranchInput, CarriedEntity } from './contract.ts';
import type { PushEvent } from './domain/event.ts';
import { drainMailbox, openEntity, shouldContinue, waitForWork } from './entity.ts';
import type { BranchPorts } from './ports.ts';
import { tell, WORKER_DIED } from './proxies.ts';

const QUIET_MS = 10_000;
const CONFLICTS = 'solved-conflicts';

/** A fetch and merges in git; the next push asks again. */
const { findSolvedConflicts } = proxyActivities<BranchPorts>({
  startToCloseTimeout: '120s',
  heartbeatTimeout: WORKER_DIED,
  scheduleToCloseTimeout: '180s',
  retry: { initialInterval: '1s', maximumInterval: '10s' },
});

/** One branch: its pushes in order. They start postsubmits and wake the branch's pool (DESIGN §3). */
export async function branch(input: BranchInput): Promise<void> {
  const { repository, repositoryId } = input;
  const address = { repository, repositoryId, number: 0 };
  const entity = openEntity('branch', { ...address, ...takenOver(input) });
  for (;;) {
    const woken = await waitForWork(entity, QUIET_MS);
    const last = (await drainMailbox(entity)).findLast(isPush);
    if (last !== undefined) await tellMoved(input, last);
    if (entity.mailbox.items.length > 0) continue;
    if (!woken && entity.delayed.size === 0) return;
    if (shouldContinue(entity)) {
      const mailbox = [...entity.delayed].map(({ event }) => event);
      const carried = { mailbox, seen: [...entity.mailbox.seen] };
      await continueAsNew<typeof branch>({ ...input, carried });
    }
  }
}

function takenOver({ carried }: BranchInput): { readonly carried?: CarriedEntity } {
  if (carried === undefined) return {};
  const mailbox = carried.mailbox.map((event) => ({ event, attempt: 1 }));
  return { carried: { mailbox, seen: carried.seen, configNumber: 0, parked: [] } };
}

function isPush(event: { readonly kind: string }): event is PushEvent {
  return event.kind === 'push';
}

async function tellMoved(input: BranchInput, push: PushEvent): Promise<void> {
  await wakePool(input, push);
  if (patched(CONFLICTS)) await tellSolvedConflicts(input, push);
}

async function wakePool(
  { repository, repositoryId, ref }: BranchInput,
  push: PushEvent,
): Promise<void> {
  await tell({
    to: 'mergePool',
    input: { repository, repositoryId, branch: ref },
    signal: 'baseMoved',
    body: { after: push.after },
  });
}

/** What was in conflict with the branch may not be any more; GitHub tells nobody. */
async function tellSolvedConflicts(
  { repository, repositoryId, ref }: BranchInput,
  { after, at, deleted }: PushEvent,
): Promise<void> {
  if (deleted) return;
  const question = { repository, branch: ref, baseSha: after };
  const found = await findSolvedConflicts(question).catch((error: unknown) => {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    log.warn('conflicts not looked at', { branch: ref, reason: error.cause?.message });
    return [];
  });
  for (const { number, headSha } of found) {
    const event = { kind: 'mergeability', guid: '', at, sender: '', headSha } as const;
    await tell({
      to: 'pullRequest',
      input: { repository, repositoryId, number },
      signal: 'mail',
      body: {
        repository,
        repositoryId,
        events: [{ ...event, mergeable: true, key: `mergeable:${headSha}:${after}` }],
      },
    });
  }
}

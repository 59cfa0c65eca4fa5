import { continueAsNew } from '@temporalio/workflow';
import type { BranchInput, CarriedEntity } from './contract.ts';
import type { PushEvent } from './domain/event.ts';
import { drainMailbox, openEntity, shouldContinue, waitForWork } from './entity.ts';
import { tell } from './proxies.ts';

const QUIET_MS = 10_000;

/** One branch: its pushes in order. They start postsubmits and wake the branch's pool (DESIGN §3). */
export async function branch(input: BranchInput): Promise<void> {
  const { repository, repositoryId } = input;
  const address = { repository, repositoryId, number: 0 };
  const entity = openEntity('branch', { ...address, ...takenOver(input) });
  for (;;) {
    const woken = await waitForWork(entity, QUIET_MS);
    const last = (await drainMailbox(entity)).findLast(isPush);
    if (last !== undefined) await wakePool(input, last);
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

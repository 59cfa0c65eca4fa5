import { continueAsNew, patched } from '@temporalio/workflow';
import type { BranchInput, CarriedEntity } from './contract.ts';
import type { PushEvent } from './domain/event.ts';
import { drainMailbox, type Entity, openEntity, shouldContinue, waitForWork } from './entity.ts';
import { tell } from './proxies.ts';
import { type ConflictLooks, openConflictLooks } from './solved-conflicts.ts';

const QUIET_MS = 10_000;
const CONFLICTS = 'solved-conflicts';

/** One branch: its pushes in order. They start postsubmits and wake the branch's pool (DESIGN §3). */
export async function branch(input: BranchInput): Promise<void> {
  const { repository, repositoryId } = input;
  const address = { repository, repositoryId, number: 0 };
  const entity = openEntity('branch', { ...address, ...takenOver(input) });
  const conflicts = openConflictLooks(input);
  for (;;) {
    const woken = await waitForWork(entity, QUIET_MS);
    const last = (await drainMailbox(entity)).findLast(isPush);
    if (last !== undefined) await tellMoved(input, last, conflicts);
    if (entity.mailbox.items.length > 0) continue;
    if (!woken && entity.delayed.size === 0 && !conflicts.busy) return;
    if (shouldContinue(entity)) {
      await conflicts.idle();
      await continueAsNew<typeof branch>({ ...input, carried: handedOn(entity) });
    }
  }
}

function handedOn({
  mailbox: { items, seen },
  delayed,
}: Entity): NonNullable<BranchInput['carried']> {
  return { mailbox: [...items, ...delayed].map(({ event }) => event), seen: [...seen] };
}

function takenOver({ carried }: BranchInput): { readonly carried?: CarriedEntity } {
  if (carried === undefined) return {};
  const mailbox = carried.mailbox.map((event) => ({ event, attempt: 1 }));
  return { carried: { mailbox, seen: carried.seen, configNumber: 0, parked: [] } };
}

function isPush(event: { readonly kind: string }): event is PushEvent {
  return event.kind === 'push';
}

async function tellMoved(
  input: BranchInput,
  push: PushEvent,
  conflicts: ConflictLooks,
): Promise<void> {
  await wakePool(input, push);
  if (patched(CONFLICTS)) conflicts.look(push);
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

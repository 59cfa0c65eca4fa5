import type { BranchInput } from './contract.ts';
import type { PushEvent } from './domain/event.ts';
import { drainMailbox, openEntity, waitForWork } from './entity.ts';
import { tell } from './proxies.ts';

const QUIET_MS = 10_000;

/** One branch: its pushes in order. They start postsubmits and wake the branch's pool (DESIGN §3). */
export async function branch(input: BranchInput): Promise<void> {
  const { repository, repositoryId } = input;
  const entity = openEntity('branch', { repository, repositoryId, number: 0 });
  for (;;) {
    const woken = await waitForWork(entity, QUIET_MS);
    const last = (await drainMailbox(entity)).findLast(isPush);
    if (last !== undefined) await wakePool(input, last);
    if (entity.mailbox.items.length > 0) continue;
    if (!woken && entity.delayed.size === 0) return;
  }
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

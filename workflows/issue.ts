import { continueAsNew } from '@temporalio/workflow';
import type { EntityInput } from './contract.ts';
import { carry, drainMailbox, openEntity, shouldContinue, waitForWork } from './entity.ts';

/** A burst ends when nothing came for so long. */
const QUIET_MS = 10_000;

/** One plain issue: the order of its events, for as long as they come (DESIGN §3). */
export async function issue(input: EntityInput): Promise<void> {
  const entity = openEntity('issue', input);
  for (;;) {
    const woken = await waitForWork(entity, QUIET_MS);
    await drainMailbox(entity);
    if (entity.mailbox.items.length > 0) continue;
    const settled = entity.parking.effects.size === 0 && entity.delayed.size === 0;
    if (!woken && settled) return;
    if (shouldContinue(entity)) {
      await continueAsNew<typeof issue>({ ...input, carried: carry(entity) });
    }
  }
}

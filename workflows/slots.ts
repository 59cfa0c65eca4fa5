import {
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  getExternalWorkflowHandle,
  log,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import {
  ids,
  SIGNALS,
  type SlotGrant,
  type SlotRequest,
  type SlotsInput,
  STATE_QUERY,
} from './contract.ts';
import { ask, grant, holds, release, type SlotLine } from './domain/slots-queue.ts';

/** So often every holder is asked, by granting once more, whether it still lives. */
const LEASE_CHECK = '10 minutes';
const LONGEST_HISTORY = 1000;

/** One limit (`max_concurrency` of a job, a queue, all): grants its slots to runs, the oldest first. */
export async function slots(input: SlotsInput): Promise<void> {
  const { kind, name } = input;
  let line: SlotLine<SlotRequest> = { held: [], waiting: [], capacity: 0, ...input.carried };
  let changed = true;
  const toTell: SlotRequest[] = [];

  setHandler(defineSignal<[SlotRequest]>(SIGNALS.slotAsked), (request) => {
    line = ask(line, request);
    if (holds(line, request.holder)) toTell.push(request);
    changed = true;
  });
  setHandler(defineSignal<[SlotRequest]>(SIGNALS.slotReleased), ({ holder }) => {
    line = release(line, holder);
    changed = true;
  });
  setHandler(defineQuery<SlotLine<SlotRequest>>(STATE_QUERY), () => line);

  for (;;) {
    changed = false;
    const step = grant(line);
    line = step.line;
    const gone = await tellHolders([...toTell.splice(0), ...step.granted], { kind, name });
    for (const holder of gone) line = release(line, holder);
    if (changed || gone.length > 0 || toTell.length > 0) continue;
    if (isIdle(line)) return;
    if (workflowInfo().historyLength > LONGEST_HISTORY) {
      await continueAsNew<typeof slots>({ kind, name, carried: line });
    }
    if (!(await condition(() => changed, LEASE_CHECK))) toTell.push(...line.held);
  }
}

function isIdle({ held, waiting }: SlotLine<SlotRequest>): boolean {
  return held.length + waiting.length === 0;
}

/** Answers which of them are no more. */
async function tellHolders(
  places: readonly SlotRequest[],
  slot: SlotGrant,
): Promise<readonly string[]> {
  const gone: string[] = [];
  for (const { holder } of places) {
    if (!(await tellHolder(holder, slot))) gone.push(holder);
  }
  return gone;
}

/**
 * Tells a run of its slot. By a signal straight from here, not by `tell`: only the server's answer says
 * whether the run still exists, and a run is never started by a message.
 */
async function tellHolder(uuid: string, slot: SlotGrant): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(ids.job(uuid)).signal(
      defineSignal<[SlotGrant]>(SIGNALS.slotGranted),
      slot,
    );
    return true;
  } catch (error) {
    log.info('slot freed: its run is gone', { uuid, reason: String(error) });
    return false;
  }
}

import { defineSignal, setHandler } from '@temporalio/workflow';
import { type AbortOrder, type RunObservation, SIGNALS, type SlotGrant } from './contract.ts';
import { isOutdated, type SlotNeed } from './domain/job-state.ts';

/** What signals have brought to a run. */
export interface JobInbox {
  abort: AbortOrder | undefined;
  /** Looks at the attempt `current`; older ones are dropped. */
  current: number;
  seen: RunObservation | undefined;
  readonly granted: Set<string>;
}

/** Registers the handlers, first of all; `onAbort` hears of the first order. */
export function openInbox(onAbort: (order: AbortOrder) => void): JobInbox {
  const inbox: JobInbox = { abort: undefined, current: 0, seen: undefined, granted: new Set() };
  setHandler(defineSignal<[RunObservation]>(SIGNALS.observed), (seen) => {
    if (seen.attempt !== inbox.current || inbox.seen?.phase === 'finished') return;
    if (!isOutdated(seen, inbox.seen)) inbox.seen = seen;
  });
  setHandler(defineSignal<[AbortOrder]>(SIGNALS.abort), (order) => {
    if (inbox.abort !== undefined) return;
    inbox.abort = order;
    onAbort(order);
  });
  setHandler(defineSignal<[SlotGrant]>(SIGNALS.slotGranted), (slot) => {
    inbox.granted.add(slotKey(slot));
  });
  return inbox;
}

/** A limit's name in the set of granted ones. */
export function slotKey({
  kind,
  name,
}: Pick<SlotNeed, 'name'> & { readonly kind: string }): string {
  return `${kind}/${name}`;
}

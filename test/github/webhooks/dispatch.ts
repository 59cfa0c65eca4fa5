import type { Faults } from '../http/faults.ts';
import type { Hook } from '../state/model.ts';
import type { Delivery, Outgoing } from './delivery.ts';
import type { Lines } from './lines.ts';

const HELD_BACK_MS = 1000;

/** What a dispatcher stands on. */
export interface DispatchParts {
  readonly faults: Faults;
  readonly lines: Lines;
  readonly make: (hook: Hook, outgoing: Outgoing, again?: Delivery) => Delivery;
  readonly post: (hook: Hook, delivery: Delivery) => Promise<void>;
}

/** Sends an event to a hook, unless a fault loses, delays, doubles or swaps it. */
export type Dispatch = (hook: Hook, outgoing: Outgoing) => void;

/** Sends after a while, or as soon as the function that it returns is called. */
function later(lines: Lines, ms: number, send: () => void): () => void {
  const done = lines.hold();
  let sent = false;
  const release = (): void => {
    if (sent) return;
    sent = true;
    send();
    done();
  };
  setTimeout(release, ms).unref();
  return release;
}

/** A dispatcher that holds nothing back yet. */
export function createDispatch(parts: DispatchParts): Dispatch {
  const { faults, lines, make, post } = parts;
  const heldBack = new Map<number, () => void>();

  function line(hook: Hook, delivery: Delivery): void {
    lines.push(hook.id, () => post(hook, delivery));
  }
  /** Goes when the next event of the hook has gone first, or after a while. */
  function holdBack(hook: Hook, delivery: Delivery): void {
    heldBack.get(hook.id)?.();
    heldBack.set(
      hook.id,
      later(lines, HELD_BACK_MS, () => line(hook, delivery)),
    );
  }
  return (hook, outgoing) => {
    const delivery = make(hook, outgoing);
    const event = outgoing.action ? `${outgoing.event}.${outgoing.action}` : outgoing.event;
    const fault = faults.strike(['drop', 'delay', 'double', 'reorder'], { event });
    if (fault?.do === 'drop') delivery.status = 'dropped';
    else if (fault?.do === 'delay') later(lines, fault.ms, () => line(hook, delivery));
    else if (fault?.do === 'reorder') holdBack(hook, delivery);
    else {
      line(hook, delivery);
      if (fault) line(hook, make(hook, outgoing, delivery));
      heldBack.get(hook.id)?.();
    }
  };
}

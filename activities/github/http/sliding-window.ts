/** At most so many in any period of time: stricter than a token bucket, and free for a lone caller. */
export interface SlidingWindow {
  /** Milliseconds until one more fits; 0 is now. */
  wait(now: number): number;
  take(now: number): void;
  /** Lets only this share of the limit through, at least one. */
  narrow(share: number): void;
}

/** A window of `limit` in `period` milliseconds. */
export function createSlidingWindow(limit: number, period: number): SlidingWindow {
  let allowed = limit;
  let taken: number[] = [];

  function forget(now: number): void {
    taken = taken.filter((time) => time > now - period);
  }
  return {
    wait(now) {
      forget(now);
      const blocking = taken[taken.length - allowed];
      return blocking === undefined ? 0 : Math.max(0, blocking + period - now);
    },
    take(now) {
      if (Number.isFinite(limit)) taken.push(now);
    },
    narrow(share) {
      allowed = Math.max(1, Math.floor(limit * share));
    },
  };
}

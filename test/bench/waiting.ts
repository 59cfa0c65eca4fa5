import { setTimeout as delay } from 'node:timers/promises';

const LOOK_MS = 20;

/** Waits until something holds; throws after the patience, 60 s by default. */
export async function until(
  what: string,
  holds: () => Promise<boolean>,
  { patienceMs = 60_000, lookMs = LOOK_MS } = {},
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await delay(lookMs);
  }
}

/** Milliseconds since 1970, finer than `Date.now`. */
export function clock(): number {
  return performance.timeOrigin + performance.now();
}

/** Waits until the emulator has heard nothing and delivered nothing for so long. */
export async function quiet(
  github: { idle(): Promise<void>; ledger(): Promise<readonly unknown[]> },
  quietMs = 700,
): Promise<void> {
  for (let before = -1; ; ) {
    await github.idle();
    const heard = (await github.ledger()).length;
    if (heard === before) return;
    before = heard;
    await delay(quietMs);
  }
}

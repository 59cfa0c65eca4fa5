import { setTimeout as delay } from 'node:timers/promises';

const LOOK_MS = 100;

/** Looks again and again until there is something (not nothing, `false`, 0 or empty); a failure says what was waited for. */
export async function until<T>(
  what: string,
  timeoutMs: number,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await delay(LOOK_MS);
  }
}

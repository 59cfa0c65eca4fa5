import { setTimeout as delay } from 'node:timers/promises';
import type { GitHub } from '../github/server.ts';

const LOOK_MS = 250;
const PATIENCE_MS = 60_000;

/** Waits until nothing was written to these repositories, and nothing delivered, for a while. */
export async function restOf(
  github: GitHub,
  repositories: readonly string[],
  quietMs: number,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  let before = '';
  let since = performance.now();
  while (performance.now() - since < quietMs) {
    if (performance.now() > deadline) throw new Error(`no rest within ${PATIENCE_MS / 1000} s`);
    await github.control.idle();
    const states = repositories.map((name) => github.control.state(name));
    const now = JSON.stringify(states);
    if (now !== before) since = performance.now();
    before = now;
    await delay(LOOK_MS);
  }
}

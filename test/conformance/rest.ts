import { setTimeout as delay } from 'node:timers/promises';
import type { GitHub } from '../github/server.ts';
import { runsIn } from './runs.ts';

const LOOK_MS = 250;
/** Longer than either system waits between two looks at the same thing. */
const QUIET_MS = 4000;
const PATIENCE_MS = 60_000;

/** Waits until nothing was written to these repositories, nothing delivered, and no run went on, for a while. */
export async function restOf(
  { control }: GitHub,
  repositories: readonly string[],
  runs: () => Promise<unknown>,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  let before = '';
  let since = performance.now();
  while (performance.now() - since < QUIET_MS) {
    if (performance.now() > deadline) throw new Error(`no rest within ${PATIENCE_MS / 1000} s`);
    await control.idle();
    const seen = await runs();
    const ends = repositories.map((name) => [
      control.state(name),
      runsIn(seen, name).map(({ status }) => status.state),
    ]);
    const now = JSON.stringify(ends);
    if (now !== before) since = performance.now();
    before = now;
    await delay(LOOK_MS);
  }
}

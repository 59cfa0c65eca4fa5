import type { PullAtHead } from './domain/pool-action.ts';
import { memberAt, withRefusal } from './domain/pool-state.ts';
import { type Pool, stepName } from './pool.ts';
import { tellPull } from './tell-pull.ts';

/** Without a change that we can see, GitHub is asked again after this, then after twice as long. */
export const REFUSED_MS = 600_000;

/** Leaves a pull request alone for a while, and ends its batch. */
export function refuse(
  pool: Pool,
  pull: PullAtHead,
  { message, pause }: { readonly message: string; readonly pause: number },
): { readonly kind: 'stop'; readonly message: string } {
  const member = memberAt(pool.state, pull);
  if (member !== undefined) {
    pool.state = withRefusal(pool.state, member, { message, now: Date.now(), firstPause: pause });
  }
  return { kind: 'stop', message };
}

/** Tells a pull request that it does not merge onto this base: it says so, and leaves the pool until that is mended. */
export async function refuseConflict(
  pool: Pool,
  pull: PullAtHead,
  { message, baseSha }: { readonly message: string; readonly baseSha: string },
): Promise<void> {
  refuse(pool, pull, { message, pause: REFUSED_MS });
  const { number, sha: headSha } = pull;
  await tellPull(pool.input, number, {
    kind: 'mergeability',
    // Of this step: meanwhile GitHub may have said the opposite of the same head and base.
    key: `conflict:${stepName(pool, `${number}:${headSha}:${baseSha}`)}`,
    guid: '',
    at: new Date().toISOString(),
    sender: '',
    headSha,
    mergeable: false,
  });
}

import { proxyActivities } from '@temporalio/workflow';
import type { JobInput } from '../../workflows/contract.ts';

export { mergePool } from '../../workflows/merge-pool.ts';

const { runStarted } = proxyActivities<{ runStarted(input: JobInput): Promise<void> }>({
  startToCloseTimeout: '10s',
});

/** A run whose verdict the world of the test knows. */
export async function job(input: JobInput): Promise<void> {
  await runStarted(input);
}

import { proxyActivities } from '@temporalio/workflow';
import type { PoolPorts } from './ports.ts';
import { WORKER_DIED } from './proxies.ts';

/** Reading the base, and for a batch a fetch and merges in git. */
export const { decidePool } = proxyActivities<Pick<PoolPorts, 'decidePool'>>({
  startToCloseTimeout: '120s',
  heartbeatTimeout: WORKER_DIED,
  scheduleToCloseTimeout: '180s',
  retry: { initialInterval: '1s', maximumInterval: '10s' },
});

/** Merging; a try whose answer was lost finds the pull request merged. */
export const { mergePullRequest } = proxyActivities<Pick<PoolPorts, 'mergePullRequest'>>({
  startToCloseTimeout: '30s',
  heartbeatTimeout: WORKER_DIED,
  scheduleToCloseTimeout: '120s',
  retry: { initialInterval: '1s', maximumInterval: '10s' },
});

/** Pages and history: a database that is away holds no merge up. */
export const { publishPool, recordMerge } = proxyActivities<
  Pick<PoolPorts, 'publishPool' | 'recordMerge'>
>({
  startToCloseTimeout: '5s',
  scheduleToCloseTimeout: '10s',
  retry: { initialInterval: '500ms', maximumInterval: '2s' },
});

import type { RenderedRun } from '../../activities/rendered-run.ts';
import { statusOf } from '../activities/kubernetes/hand-driven.ts';

const now = (): string => new Date().toISOString().replace(/\.\d+Z$/, 'Z');
const ended = (exitCode: number, reason?: string) => ({
  terminated: { exitCode, finishedAt: now(), startedAt: now(), ...(reason ? { reason } : {}) },
});
const only = (state: object) => [statusOf('test', state)];
/** The status of a pod whose test runs. */
export const running = () => ({
  phase: 'Running',
  startTime: now(),
  containerStatuses: only({ running: { startedAt: now() } }),
});
/** The status of a pod that its node has thrown out. */
export const evicted = {
  phase: 'Failed',
  reason: 'Evicted',
  message: 'The node was low on memory.',
};

type Row = readonly [
  name: string,
  rendered: Partial<RenderedRun>,
  /** What the pod's node says; nothing if it never gets one. */
  status: (() => object) | undefined,
  ending: readonly [state: string, description: string],
];

/** The table of J§1.2.3: what a pod comes to. */
export const VERDICTS: readonly Row[] = [
  [
    'an evicted pod whose job says so (P21)',
    { errorOnEviction: true },
    () => evicted,
    ['error', 'Job pod was evicted by the cluster.'],
  ],
  [
    'a container out of memory (P22)',
    {},
    () => ({ ...running(), containerStatuses: only(ended(137, 'OOMKilled')) }),
    ['error', 'Job pod was OOM killed by the cluster.'],
  ],
  [
    'an evicted pod at its last revival (P20)',
    { maxRevivals: 0 },
    () => evicted,
    ['error', 'Job pod reached max revivals (0) after being stopped unexpectedly (evicted)'],
  ],
  [
    'a pod in the phase Unknown at its last revival',
    { maxRevivals: 0 },
    () => ({ phase: 'Unknown' }),
    ['error', 'Job pod reached max revivals (0) after being stopped unexpectedly (unknown)'],
  ],
  [
    'success',
    {},
    () => ({ phase: 'Succeeded', containerStatuses: only(ended(0)) }),
    ['success', 'Job succeeded.'],
  ],
  [
    'a container that never finished (P24)',
    {},
    () => ({ phase: 'Succeeded', containerStatuses: only({ running: {} }) }),
    ['error', "Pod was in succeeded phase but some containers didn't finish"],
  ],
  [
    'failure (P25)',
    {},
    () => ({ phase: 'Failed', containerStatuses: only(ended(3)) }),
    ['failure', 'Job failed.'],
  ],
  [
    'a deadline of the pod itself',
    {},
    () => ({ phase: 'Failed', reason: 'DeadlineExceeded' }),
    ['failure', 'Job failed.'],
  ],
  [
    'no node in time (P16)',
    { unscheduledTimeout: 400 },
    undefined,
    ['error', 'Pod scheduling timeout.'],
  ],
  [
    'a node, but no start in time (P17)',
    { pendingTimeout: 1_500 },
    () => ({ phase: 'Pending', startTime: now() }),
    ['error', 'Pod pending timeout.'],
  ],
  [
    'running too long, at the limit by itself (P18)',
    { runningTimeout: 1_500 },
    running,
    ['aborted', 'Pod running timeout.'],
  ],
  [
    'an image that cannot be had',
    {},
    () => ({
      phase: 'Pending',
      startTime: now(),
      containerStatuses: only({ waiting: { reason: 'ErrImagePull', message: 'no such image' } }),
    }),
    ['error', 'Pod can not start: container "test": ErrImagePull: no such image'],
  ],
  [
    'a config map that is not there',
    {},
    () => ({
      phase: 'Pending',
      startTime: now(),
      containerStatuses: only({
        waiting: { reason: 'CreateContainerConfigError', message: 'configmap "x" not found' },
      }),
    }),
    [
      'error',
      'Pod can not start: container "test": CreateContainerConfigError: configmap "x" not found',
    ],
  ],
];

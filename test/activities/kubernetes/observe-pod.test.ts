import { describe, expect, test } from 'vitest';
import { hasEnded, observePod } from '../../../activities/kubernetes/observe-pod.ts';
import { parsePod } from '../../../activities/kubernetes/pod.ts';

const START = '2026-01-01T00:00:00Z';
const END = '2026-01-01T00:01:00Z';

const ended = (exitCode: number, reason = '') => ({
  name: 'test',
  state: { terminated: { exitCode, reason, finishedAt: END } },
});
const running = { name: 'sidecar', state: { running: { startedAt: START } } };
const waiting = (reason: string, message: string) => ({
  name: 'test',
  state: { waiting: { reason, message } },
});

function podWith(status: object, metadata: object = {}, spec: object = {}) {
  return parsePod({
    metadata: {
      name: 'p',
      namespace: 'n',
      uid: 'u',
      resourceVersion: '7',
      creationTimestamp: START,
      ...metadata,
    },
    spec: { nodeName: 'node', containers: [{ name: 'test' }], ...spec },
    status: { startTime: START, ...status },
  });
}

const deleted = { deletionTimestamp: END };
const disrupted = (reason: string) => ({
  conditions: [{ type: 'DisruptionTarget', status: 'True', reason }],
});

describe('a pod is read as Prow reads it (J§1.2.3)', () => {
  test.for([
    [
      'evicted',
      podWith({ phase: 'Failed', reason: 'Evicted' }),
      { phase: 'missing', lost: 'evicted' },
    ],
    [
      'evicted by the API',
      podWith({ phase: 'Running', ...disrupted('EvictionByEvictionAPI') }, deleted),
      { phase: 'missing', lost: 'evicted' },
    ],
    [
      'evicted, but its test had succeeded',
      podWith({
        phase: 'Succeeded',
        containerStatuses: [ended(0)],
        ...disrupted('EvictionByEvictionAPI'),
      }),
      { phase: 'finished', verdict: 'success' },
    ],
    [
      'its node is gone',
      podWith({ phase: 'Running', reason: 'NodeLost' }, deleted),
      { phase: 'missing', lost: 'unreachable' },
    ],
    [
      'its node was tainted',
      podWith({ phase: 'Running', ...disrupted('DeletionByTaintManager') }, deleted),
      { phase: 'missing', lost: 'unreachable' },
    ],
    ['unknown', podWith({ phase: 'Unknown' }), { phase: 'missing', lost: 'unknown' }],
    [
      'out of memory while another runs',
      podWith({ phase: 'Running', containerStatuses: [ended(137, 'OOMKilled'), running] }),
      {
        phase: 'finished',
        verdict: 'error',
        description: 'Job pod was OOM killed by the cluster.',
        alive: true,
      },
    ],
    [
      'succeeded',
      podWith({ phase: 'Succeeded', containerStatuses: [ended(0)] }),
      { phase: 'finished', verdict: 'success', finishedAt: END },
    ],
    [
      'succeeded, but a container is unfinished',
      podWith({ phase: 'Succeeded', containerStatuses: [ended(0), running] }),
      {
        phase: 'finished',
        verdict: 'error',
        description: "Pod was in succeeded phase but some containers didn't finish",
      },
    ],
    [
      'succeeded, its sidecar was ended with it',
      podWith(
        {
          phase: 'Succeeded',
          containerStatuses: [ended(0)],
          initContainerStatuses: [{ ...ended(143), name: 'proxy' }],
        },
        {},
        { initContainers: [{ name: 'proxy', restartPolicy: 'Always' }] },
      ),
      { phase: 'finished', verdict: 'success' },
    ],
    [
      'failed',
      podWith({ phase: 'Failed', containerStatuses: [ended(7)] }),
      { phase: 'finished', verdict: 'failure', finishedAt: END },
    ],
    [
      'past its deadline',
      podWith({ phase: 'Failed', reason: 'DeadlineExceeded' }),
      { phase: 'finished', verdict: 'failure' },
    ],
    [
      'pending without a node',
      podWith({ phase: 'Pending', startTime: null }),
      { phase: 'waiting' },
    ],
    ['pending on its node', podWith({ phase: 'Pending' }), { phase: 'waiting', startedAt: START }],
    [
      'pending without its image',
      podWith({ phase: 'Pending', containerStatuses: [waiting('ErrImagePull', 'no such image')] }),
      { phase: 'waiting', trouble: 'container "test": ErrImagePull: no such image' },
    ],
    [
      'pending, pulling',
      podWith({ phase: 'Pending', containerStatuses: [waiting('ContainerCreating', '')] }),
      { phase: 'waiting', startedAt: START },
    ],
    [
      'running',
      podWith({ phase: 'Running', containerStatuses: [running] }),
      { phase: 'running', startedAt: START },
    ],
    [
      'running and deleted',
      podWith({ phase: 'Running' }, deleted),
      {
        phase: 'finished',
        verdict: 'error',
        description: 'Pod got deleted unexpectedly',
        alive: true,
      },
    ],
    [
      'pending and deleted',
      podWith({ phase: 'Pending' }, deleted),
      { phase: 'finished', verdict: 'error', description: 'Pod got deleted unexpectedly' },
    ],
    [
      'failed and deleted',
      podWith({ phase: 'Failed' }, deleted),
      { phase: 'finished', verdict: 'failure' },
    ],
  ] as const)('%s', ([, pod, expected]) => {
    const seen = observePod(pod);

    expect(seen).toMatchObject({ ...expected, pod: { uid: 'u', resourceVersion: '7' } });
  });

  test('a healthy pod is in no trouble, and no end of it is claimed', () => {
    const seen = observePod(podWith({ phase: 'Running' }));

    expect(Object.keys(seen).sort()).toEqual(['phase', 'pod', 'startedAt']);
  });

  test.for([
    ['without a node', podWith({ phase: 'Pending' }, {}, { nodeName: '' }), true],
    ['running', podWith({ phase: 'Running', containerStatuses: [running] }), false],
    ['all containers ended', podWith({ phase: 'Running', containerStatuses: [ended(0)] }), true],
    [
      'one still runs',
      podWith({ phase: 'Running', containerStatuses: [ended(0), running] }),
      false,
    ],
    ['on its node, nothing known', podWith({ phase: 'Pending' }), false],
    ['failed', podWith({ phase: 'Failed' }), true],
  ] as const)('nothing of it runs any more: %s', ([, pod, expected]) => {
    expect(hasEnded(pod)).toBe(expected);
  });
});

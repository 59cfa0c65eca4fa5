import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKubernetesExecutor } from '../../../activities/kubernetes/kubernetes-executor.ts';
import { FINALIZER } from '../../../activities/kubernetes/pod.ts';
import { createPodApi } from '../../../activities/kubernetes/pod-api.ts';
import { createTransport } from '../../../activities/kubernetes/transport.ts';
import type { RenderedRun } from '../../../activities/rendered-run.ts';
import { openStorage } from '../../../activities/storage/open-storage.ts';
import { StorageError } from '../../../activities/storage/storage-error.ts';
import type { Attempt, ExecutorPorts, PodPorts } from '../../../workflows/ports.ts';
import { startApiOnly } from '../../cluster/api-only.ts';
import type { ControlPlane } from '../../cluster/control-plane.ts';
import { describeWith } from '../../tools.ts';
import { attemptOf, type Practice, practice } from '../local/practice.ts';
import { buildCluster, NAMESPACE, type PodHand, takeHand } from './hand-driven.ts';
import { renderedPod } from './rendered-pod.ts';

describeWith(['git', 'kubernetes-api'], 'the executor on Kubernetes', () => {
  let plane: ControlPlane;
  let hand: PodHand;
  let given: Practice;
  let executor: ExecutorPorts & PodPorts;

  beforeAll(async () => {
    plane = await startApiOnly();
    hand = await takeHand(plane);
    given = practice();
    executor = executorWith({});
  }, 180_000);
  afterAll(() => plane?.stop());

  function executorWith(change: { readonly spec?: object; readonly namespace?: string }) {
    return createKubernetesExecutor({
      api: hand.api,
      render: async (run) => podRun(run.uuid, change),
      openStorage,
      replaceWithin: 500,
      stopMargin: 1_000,
    });
  }

  function podRun(uuid: string, change: object): RenderedRun {
    return given.render(['true'], { pod: (buildId) => renderedPod({ uuid, buildId, ...change }) });
  }

  function newAttempt(): Attempt {
    return attemptOf(given, { uuid: randomUUID() });
  }

  const nextOf = (before: Attempt): Attempt => ({
    ...before,
    attempt: before.attempt + 1,
    buildId: `${before.buildId}${before.attempt + 1}`,
  });

  test('makes the pod of an attempt, and whoever asks twice finds that one', async () => {
    const attempt = newAttempt();

    const first = await executor.startRun(attempt);
    const second = await executor.startRun(attempt);

    expect(first).toMatchObject({ attempt: attempt.attempt, phase: 'waiting' });
    expect(second.pod?.uid).toBe(first.pod?.uid);
    const pod = await hand.read(attempt.run.uuid);
    expect(pod?.metadata).toMatchObject({
      finalizers: [FINALIZER],
      labels: { 'prow.k8s.io/build-id': attempt.buildId, 'created-by-prow': 'true' },
      annotations: { 'bowsprit/attempt': `${attempt.attempt}` },
    });
  });

  test('ten that ask at once make one pod', async () => {
    const attempt = newAttempt();

    const seen = await Promise.all(Array.from({ length: 10 }, () => executor.startRun(attempt)));

    expect(new Set(seen.map(({ pod }) => pod?.uid)).size).toBe(1);
  });

  test('the next attempt takes the place of the last one', async () => {
    const attempt = newAttempt();
    const first = await executor.startRun(attempt);

    const second = await executor.startRun(nextOf(attempt));

    expect(second.pod?.uid).not.toBe(first.pod?.uid);
    expect(await executor.observeRun(attempt)).toMatchObject({ phase: 'missing' });
  });

  test('a pod whose node does not answer makes way for the next attempt all the same', async () => {
    const attempt = newAttempt();
    const { pod } = await executor.startRun(attempt);
    await hand.bind(attempt.run.uuid);
    await hand.say(attempt.run.uuid, { phase: 'Running' });

    const second = await executor.startRun(nextOf(attempt));

    expect(second.pod?.uid).not.toBe(pod?.uid);
  });

  test('a bucket that refuses for good keeps no pod, and the reason is said', async () => {
    const reasons: string[] = [];
    const refusing = createKubernetesExecutor({
      api: hand.api,
      render: async (run) => podRun(run.uuid, {}),
      openStorage: (url) => ({
        ...openStorage(url),
        write: () => {
          throw new StorageError({ verb: 'write', url: 'gs://private/podinfo.json' }, 'forbidden');
        },
      }),
      lost: async (_attempt, reason) => {
        reasons.push(reason);
      },
    });
    const attempt = newAttempt();
    await refusing.startRun(attempt);

    await refusing.settleRun(attempt);

    expect(reasons).toEqual([expect.stringMatching(/^cannot write gs:\/\/private.*may not/)]);
    expect((await hand.read(attempt.run.uuid))?.metadata.finalizers).toEqual([]);
  });

  test.for([
    [
      'that the API rejects',
      { spec: { containers: [{ name: 'test' }] } },
      /spec.containers\[0\].image: Required value/,
    ],
    [
      'in a namespace that is not there',
      { namespace: 'nowhere' },
      /namespaces "nowhere" not found/,
    ],
    [
      'with a name of 300 characters',
      { spec: { containers: [{ name: 'x'.repeat(300), image: 'i' }] } },
      /must be no more than 63/,
    ],
    ['with no container', { spec: { containers: [] } }, /spec.containers: Required value/],
  ] as const)("a pod %s is an error in the API's words", async ([, change, words]) => {
    const seen = await executorWith(change).startRun(newAttempt());

    expect(seen).toMatchObject({ phase: 'finished', verdict: 'error' });
    expect(seen.description).toMatch(/^Pod can not be created: /);
    expect(seen.description).toMatch(words);
  });

  test('a pod that was never made is missing, and stopping it is no trouble', async () => {
    const attempt = newAttempt();

    expect(await executor.observeRun(attempt)).toMatchObject({ phase: 'missing' });
    expect(await executor.stopRun(attempt)).toMatchObject({ phase: 'missing' });
    await executor.settleRun(attempt);
  });

  test('a pod without a node is gone at once when it is stopped', async () => {
    const attempt = newAttempt();
    await executor.startRun(attempt);

    await executor.stopRun(attempt);

    expect(await hand.read(attempt.run.uuid)).toBeUndefined();
  });

  test('a pod is stopped with grace: it stays until its containers have ended', async () => {
    const attempt = newAttempt();
    const { uuid } = attempt.run;
    await executor.startRun(attempt);
    await hand.bind(uuid);
    await hand.say(uuid, { phase: 'Running' });

    let stopped = false;
    const stopping = executor.stopRun(attempt).then(() => {
      stopped = true;
    });
    await expect
      .poll(async () => (await hand.read(uuid))?.metadata.deletionTimestamp)
      .toBeDefined();
    expect(stopped).toBe(false);
    await hand.end(uuid, 130);
    await hand.bury(uuid);

    await stopping;
    expect(await hand.read(uuid)).toBeUndefined();
    const podinfo = await given.storage.read(`logs/unit/${attempt.buildId}/podinfo.json`);
    expect(podinfo).toBeDefined();
  });

  test('a pod whose node does not answer is given up after its grace', async () => {
    const attempt = newAttempt();
    await executor.startRun(attempt);
    await hand.bind(attempt.run.uuid);
    await hand.say(attempt.run.uuid, { phase: 'Running' });

    await executor.stopRun(attempt);

    expect(await hand.read(attempt.run.uuid)).toBeUndefined();
  });

  test('a pod that was deleted by hand is kept until its end was seen', async () => {
    const attempt = newAttempt();
    const { uuid } = attempt.run;
    await executor.startRun(attempt);
    const pod = await hand.read(uuid);
    if (pod === undefined) throw new Error('no pod');

    await hand.api.remove(pod);

    expect(await executor.observeRun(attempt)).toMatchObject({
      phase: 'finished',
      verdict: 'error',
      description: 'Pod got deleted unexpectedly',
    });
    await executor.settleRun(attempt);
    expect(await hand.read(uuid)).toBeUndefined();
  });

  test('what is kept of a pod is its description', async () => {
    const attempt = newAttempt();
    const { uuid } = attempt.run;
    await executor.startRun(attempt);
    await hand.bind(uuid);
    await hand.end(uuid, 0);

    await executor.settleRun(attempt);
    await executor.settleRun(attempt);

    expect((await hand.read(uuid))?.metadata.finalizers).toEqual([]);
    const bytes = await given.storage.read(`logs/unit/${attempt.buildId}/podinfo.json`);
    expect(JSON.parse(Buffer.from(bytes ?? []).toString())).toMatchObject({
      pod: { metadata: { name: uuid }, status: { phase: 'Succeeded' } },
    });
  });

  test('a cluster that does not answer is said to be so, and goes on where it was', async () => {
    const attempt = newAttempt();
    await plane.crash();

    await expect(executor.startRun(attempt)).rejects.toMatchObject({
      type: 'ClusterUnreachable',
      message: expect.stringMatching(
        /^The build cluster "default" does not answer: .*ECONNREFUSED/,
      ),
    });

    await plane.recover();
    expect(await executor.startRun(attempt)).toMatchObject({ phase: 'waiting' });
  });

  test('a token that is not known is waited for, one without rights is an answer', async () => {
    const stranger = createTransport(buildCluster(plane, { token: 'unknown' }));
    const api = createPodApi(stranger);

    await expect(api.read({ namespace: NAMESPACE, name: 'x' })).rejects.toMatchObject({
      type: 'ClusterUnreachable',
    });
  });
});

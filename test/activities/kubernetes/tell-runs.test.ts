import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createEndedPods } from '../../../activities/kubernetes/ended-pods.ts';
import { markedPod } from '../../../activities/kubernetes/make-pod.ts';
import { MARKS, type Pod } from '../../../activities/kubernetes/pod.ts';
import { createPodApi } from '../../../activities/kubernetes/pod-api.ts';
import { type RunWatchSetting, watchRuns } from '../../../activities/kubernetes/tell-runs.ts';
import { createTransport } from '../../../activities/kubernetes/transport.ts';
import type { RunObservation } from '../../../workflows/contract.ts';
import { startApiOnly } from '../../cluster/api-only.ts';
import type { ControlPlane } from '../../cluster/control-plane.ts';
import { until } from '../../system/until.ts';
import { describeWith } from '../../tools.ts';
import { attemptOf, type Practice, practice } from '../local/practice.ts';
import { buildCluster, type PodHand, statusOf, takeHand } from './hand-driven.ts';
import { renderedPod } from './rendered-pod.ts';

const LIMIT_MS = 20_000;

describeWith(['git', 'kubernetes-api'], 'the informer of a build cluster', () => {
  let plane: ControlPlane;
  let hand: PodHand;
  let given: Practice;
  const open: { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    plane = await startApiOnly();
    hand = await takeHand(plane);
    given = practice();
  }, 180_000);
  afterEach(async () => {
    for (const watch of open.splice(0)) await watch.close();
    for (const { metadata } of (await hand.api.list(hand.namespace)).items) {
      await drop(metadata.name);
    }
  });
  afterAll(() => plane?.stop());

  async function makePod(): Promise<Pod> {
    const attempt = attemptOf(given, { uuid: randomUUID() });
    const { buildId, run } = attempt;
    const pod = renderedPod({ uuid: run.uuid, buildId });
    return hand.api.create(hand.namespace, markedPod(pod, attempt));
  }

  /** Nothing is left of it, as if its finalizer had never been. */
  async function drop(name: string): Promise<void> {
    const pod = await hand.read(name);
    if (pod === undefined) return;
    await hand.api.release(pod);
    await hand.api.remove(pod, 0);
  }

  const run = async (name: string): Promise<void> => {
    await hand.bind(name);
    const startedAt = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    const containerStatuses = [statusOf('test', { running: { startedAt } })];
    await hand.say(name, { phase: 'Running', startTime: startedAt, containerStatuses });
  };

  /** Starts an informer, and collects what it tells of one run. */
  function listen(name: string, change: Partial<RunWatchSetting> = {}) {
    const told: RunObservation['phase'][] = [];
    const requests: string[] = [];
    const errors: unknown[] = [];
    const cluster = buildCluster(plane);
    const watch = watchRuns({
      api: createPodApi(createTransport(cluster, (_, method) => requests.push(method))),
      namespace: async () => hand.namespace,
      keepEnded: async () => 60_000,
      relistEvery: async () => 60_000,
      calmAfter: 0,
      tell: async (uuid, { phase }) => {
        if (uuid === name) told.push(phase);
        return true;
      },
      lives: async () => true,
      onError: (error) => errors.push(error),
      ...change,
    });
    open.push(watch);
    const hears = (phase: RunObservation['phase']) =>
      until(`to be told "${phase}"; told were ${told.join(', ')}`, LIMIT_MS, () =>
        told.includes(phase),
      );
    return { told, requests, errors, hears, watch };
  }

  test('one listing and one watch tell all that becomes of a pod', async () => {
    const { metadata } = await makePod();
    const heard = listen(metadata.name);
    await heard.hears('waiting');

    await run(metadata.name);
    await heard.hears('running');
    await hand.end(metadata.name, 0);
    await heard.hears('finished');

    expect(heard.errors).toEqual([]);
    expect(heard.requests).toEqual(['GET', 'GET']);
  });

  test('a run of which all is well hears of its pod once: when it has ended', async () => {
    const { metadata } = await makePod();
    const heard = listen(metadata.name, { calmAfter: LIMIT_MS });

    await run(metadata.name);
    await hand.end(metadata.name, 0);
    await heard.hears('finished');

    expect(heard.told).toEqual(['finished']);
  });

  test('what could not be told is told again until it is heard, the newest state only', async () => {
    const { metadata } = await makePod();
    let away = true;
    const tried: string[] = [];
    const heard: string[] = [];
    const { errors } = listen(metadata.name, {
      tell: async (_, { phase }) => {
        tried.push(phase);
        if (away) throw new Error('Temporal is away');
        heard.push(phase);
        return true;
      },
    });
    await until('the first tries', LIMIT_MS, () => tried.length > 0);

    await run(metadata.name);
    await hand.end(metadata.name, 1);
    await until('the end to be tried', LIMIT_MS, () => tried.includes('finished'));
    away = false;
    await until('the end to be heard', LIMIT_MS, () => heard.length > 0);

    expect(heard).toEqual(['finished']);
    expect(String(errors[0])).toContain('Temporal is away');
  });

  test('an informer that cannot tell anybody can be closed', async () => {
    const { metadata } = await makePod();
    const { errors, watch } = listen(metadata.name, {
      tell: async () => {
        throw new Error('Temporal is away');
      },
    });
    await until('a try', LIMIT_MS, () => errors.length > 0);

    await watch.close();
  });

  test('a pod that vanished while nobody looked is missing (P27)', async () => {
    const { metadata } = await makePod();
    let blind = false;
    const heard = listen(metadata.name, {
      relistEvery: async () => 1_000,
      namespace: async () => {
        if (blind) throw new Error('it shall not look');
        return hand.namespace;
      },
    });
    await heard.hears('waiting');

    blind = true;
    await until('nobody to look', LIMIT_MS, () => heard.errors.length > 0);
    await drop(metadata.name);
    blind = false;

    await heard.hears('missing');
  });

  test('a pod that was seen to end need not be asked for when it is settled, an older one must', async () => {
    const { metadata } = await makePod();
    const buildId = metadata.labels[MARKS.buildId] ?? '';
    const ended = createEndedPods();
    const heard = listen(metadata.name, { ended });
    await heard.hears('waiting');

    await hand.end(metadata.name, 0);
    await heard.hears('finished');

    expect(ended.take(metadata, 'another')).toBeUndefined();
    expect(ended.take(metadata, buildId)).toMatchObject({ status: { phase: 'Succeeded' } });
    expect(ended.take(metadata, buildId)).toBeUndefined();
  });

  test('a run that has seen its pod end is asked for without a message', async () => {
    const { metadata } = await makePod();
    await hand.end(metadata.name, 0);
    const asked: string[] = [];
    const heard = listen(metadata.name, {
      lives: async (uuid) => {
        asked.push(uuid);
        return false;
      },
      keepEnded: async () => 0,
      relistEvery: async () => 1_000,
    });

    await until('the pod to go', LIMIT_MS, async () => !(await hand.read(metadata.name)));

    expect(heard.told).toEqual(['finished']);
    expect(asked).toEqual([metadata.name]);
  });
});

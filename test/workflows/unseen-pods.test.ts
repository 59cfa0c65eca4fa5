import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { MARKS } from '../../activities/kubernetes/pod.ts';
import type { PodHand } from '../activities/kubernetes/hand-driven.ts';
import { startApiOnly } from '../cluster/api-only.ts';
import type { ControlPlane } from '../cluster/control-plane.ts';
import { until } from '../system/until.ts';
import { describeWith } from '../tools.ts';
import { openPodWorld, type PodRun, type PodScript, type PodWorld } from './pod-world.ts';

const LIMIT_MS = 15_000;
/** As much of a pod as it takes to make it again. */
const manifest = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.object({
    name: z.string(),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
  }),
  spec: z.unknown(),
});

describeWith(['temporal', 'postgres', 'git', 'kubernetes-api'], 'a pod that nobody watched', () => {
  let plane: ControlPlane;
  let world: PodWorld;
  let hand: PodHand;
  beforeAll(async () => {
    plane = await startApiOnly();
    world = await openPodWorld(plane);
    hand = world.hand;
  }, 180_000);
  afterAll(async () => {
    await world?.close();
    await plane?.stop();
  });

  const begin = async (script: PodScript = {}): Promise<PodRun> => {
    const started = await world.start({}, script);
    await started.pod();
    return started;
  };
  /** Nothing is left of it. */
  const drop = async (name: string): Promise<void> => {
    const pod = await hand.read(name);
    if (pod === undefined) throw new Error('no pod');
    await hand.api.release(pod);
    await hand.api.remove(pod, 0);
  };
  const end = async (name: string): Promise<void> => {
    await hand.bind(name);
    await hand.end(name, 0);
  };

  test('that vanished is replaced, the run stays pending (P27)', async () => {
    const started = await begin();
    const { uuid } = started.run;
    const first = await hand.read(uuid);

    await world.unseen(() => drop(uuid));

    const second = await started.pod(2);
    const buildId = second.metadata.labels[MARKS.buildId];
    expect(buildId).not.toBe(first?.metadata.labels[MARKS.buildId]);
    await end(uuid);
    expect(await started.result()).toMatchObject({ state: 'success', buildId });
  });

  test('that ended is found when the time of its run is up', async () => {
    await world.unseen(async () => {
      const limits = { pendingTimeout: 300, unscheduledTimeout: 300 };
      const started = await world.start({}, { rendered: limits, afterStart: end });

      expect(await started.result()).toMatchObject({ state: 'success' });
    });
  });

  test('that was made again by somebody is the one that counts', async () => {
    const started = await begin();
    const { uuid: name } = started.run;
    await started.state('pending');

    await world.unseen(async () => {
      const pod = manifest.parse(await hand.api.readWhole({ namespace: hand.namespace, name }));
      await drop(name);
      await hand.api.create(hand.namespace, pod);
      await end(name);

      const { state, buildId } = await started.result();
      expect({ state, buildId }).toEqual({
        state: 'success',
        buildId: pod.metadata.labels[MARKS.buildId],
      });
    });
  });

  test('that is made after its run was aborted goes again', async () => {
    let made = false;
    const started = await world.start(
      {},
      {
        beforeStart: async () => {
          await started.result();
        },
        afterStart: () => {
          made = true;
        },
      },
    );
    await started.state('triggered');

    await started.handle.signal('abort', { description: 'Aborted.', superseded: false });

    expect(await started.result()).toMatchObject({ state: 'aborted', complete: true });
    await until('the pod', LIMIT_MS, () => made);
    await until('no pod', LIMIT_MS, async () => !(await hand.read(started.run.uuid)));
  });
});

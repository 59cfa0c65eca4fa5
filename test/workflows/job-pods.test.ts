import { afterAll, beforeAll, expect, test } from 'vitest';
import { FINALIZER, MARKS, type Pod } from '../../activities/kubernetes/pod.ts';
import type { PodHand } from '../activities/kubernetes/hand-driven.ts';
import { startApiOnly } from '../cluster/api-only.ts';
import type { ControlPlane } from '../cluster/control-plane.ts';
import { until } from '../system/until.ts';
import { describeWith } from '../tools.ts';
import { evicted, running, VERDICTS } from './pod-verdicts.ts';
import { openPodWorld, type PodRun, type PodScript, type PodWorld } from './pod-world.ts';

describeWith(['temporal', 'postgres', 'git', 'kubernetes-api'], 'a run in a pod', () => {
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

  const say = async ({ run }: PodRun, status: object): Promise<void> => {
    await hand.bind(run.uuid);
    await hand.say(run.uuid, status);
  };
  const begin = async (script: PodScript = {}): Promise<PodRun> => {
    const started = await world.start({}, script);
    await started.pod();
    return started;
  };
  const buildOf = (pod: Pod): string | undefined => pod.metadata.labels[MARKS.buildId];

  test.concurrent.for(VERDICTS)('%s', async ([, rendered, status, [state, description]]) => {
    const started = await begin({ rendered });

    if (status !== undefined) await say(started, status());

    expect(await started.result()).toMatchObject({ state, description, complete: true });
    // Who has to be stopped is said to be over first, and complete then.
    const states = started.told().map(([told]) => told);
    expect([...new Set(states)]).toEqual(['triggered', 'pending', state]);
  });

  test.concurrent('an evicted pod is replaced under a new build id, and counted to the end (P19, P20)', async () => {
    const started = await world.start({}, { rendered: { maxRevivals: 2 } });
    const builds: (string | undefined)[] = [];
    for (const attempt of [1, 2, 3]) {
      builds.push(buildOf(await started.pod(attempt)));
      await say(started, evicted);
    }

    const report = await started.result();

    expect(report).toMatchObject({
      state: 'error',
      description: 'Job pod reached max revivals (2) after being stopped unexpectedly (evicted)',
    });
    expect(new Set(builds).size).toBe(3);
    expect(report.buildId).toBe(builds.at(-1));
    expect(report.url).toContain(report.buildId);
    expect(await hand.read(started.run.uuid)).toBeUndefined();
    const states = started.told().map(([state]) => state);
    expect(states.filter((state) => state === 'pending')).toHaveLength(3);
  });

  test.concurrent('a pod whose node is lost is replaced (P23)', async () => {
    const started = await begin();
    await say(started, { ...running(), reason: 'NodeLost' });
    const lost = await hand.read(started.run.uuid);
    if (lost === undefined) throw new Error('no pod');

    await hand.api.remove(lost);

    await started.pod(2);
    await hand.bind(started.run.uuid);
    await hand.end(started.run.uuid, 0);
    expect(await started.result()).toMatchObject({ state: 'success' });
  });

  test.concurrent('a pod that is deleted by hand is an error, and its description is kept (P26, R12)', async () => {
    const started = await begin();
    await say(started, running());
    const pod = await hand.read(started.run.uuid);
    if (pod === undefined) throw new Error('no pod');
    expect(pod.metadata.finalizers).toEqual([FINALIZER]);

    await hand.api.remove(pod);

    const report = await started.result();
    expect(report).toMatchObject({ state: 'error', description: 'Pod got deleted unexpectedly' });
    const kept = await world.given.storage.read(`logs/unit/${report.buildId}/podinfo.json`);
    expect(Buffer.from(kept ?? []).toString()).toContain(started.run.uuid);
    await until('the pod to be gone', 15_000, async () => !(await hand.read(started.run.uuid)));
  });

  test.concurrent('aborted: said at once, complete when the pod is gone (P28)', async () => {
    const started = await begin();
    await say(started, running());
    await started.state('pending');

    const description = 'Aborted by trigger plugin.';
    await started.handle.signal('abort', { description, superseded: false });
    await started.state('aborted');
    await until(
      'the deletion of the pod',
      15_000,
      async () => (await hand.read(started.run.uuid))?.metadata.deletionTimestamp,
    );
    await hand.end(started.run.uuid, 130);
    await hand.bury(started.run.uuid);

    expect(await started.result()).toMatchObject({ state: 'aborted', description, complete: true });
    expect(started.told().slice(-2)).toEqual([
      ['aborted', description],
      ['aborted', description],
    ]);
    expect(await hand.read(started.run.uuid)).toBeUndefined();
  });

  test.concurrent('cleaning up outlives a second abort and a cancellation', async () => {
    const started = await begin();
    await say(started, running());
    const abort = { description: 'Aborted by trigger plugin.', superseded: false };
    await started.handle.signal('abort', abort);
    await started.state('aborted');

    await started.handle.signal('abort', { ...abort, description: 'Again.' });
    await started.handle.cancel();

    const { description } = abort;
    expect(await started.result()).toMatchObject({ state: 'aborted', description, complete: true });
    expect(await hand.read(started.run.uuid)).toBeUndefined();
  });

  test.concurrent('a superseded run says nothing more, and its pod goes (P01)', async () => {
    const started = await begin();
    await started.state('pending');

    await started.handle.signal('abort', { description: 'Superseded.', superseded: true });

    expect(await started.result()).toMatchObject({ state: 'aborted', complete: true });
    expect(started.told().map(([state]) => state)).not.toContain('aborted');
    expect(await hand.read(started.run.uuid)).toBeUndefined();
  });

  test.concurrent('aborted before it started: no pod is ever made (P29)', async () => {
    const queue = { jobQueue: 'closed-to-pods', jobQueueCapacity: 0 };
    const started = await world.start({}, { rendered: queue });
    await started.state('triggered');

    await started.handle.signal('abort', { description: 'Aborted.', superseded: false });

    expect(await started.result()).toMatchObject({ state: 'aborted', buildId: '' });
    expect(await hand.read(started.run.uuid)).toBeUndefined();
  });

  test.concurrent('one that cannot be planned at first is planned as soon as it can be', async () => {
    let times = 0;
    const started = await begin({
      beforeRender: () => {
        times += 1;
        if (times <= 3) throw new Error('the database is away');
      },
    });

    await hand.bind(started.run.uuid);
    await hand.end(started.run.uuid, 0);

    expect(await started.result()).toMatchObject({ state: 'success' });
  });

  test.concurrent('one that takes the pod over from a worker that died finds the pod, not a second one (P14)', async () => {
    let deaths = 0;
    const started = await begin({
      afterStart: () => {
        deaths += 1;
        if (deaths === 1) throw new Error('the worker died just after the pod was made');
      },
    });
    const first = await hand.read(started.run.uuid);
    await until('a second try', 15_000, () => deaths === 2);
    const report = await started.state('pending');

    expect((await hand.read(started.run.uuid))?.metadata.uid).toBe(first?.metadata.uid);
    expect(report.buildId).toBe(first?.metadata.labels[MARKS.buildId]);
    await hand.bind(started.run.uuid);
    await hand.end(started.run.uuid, 0);
    expect(await started.result()).toMatchObject({ state: 'success' });
  });

  test.concurrent.for([
    [
      'that the API rejects (P12)',
      { spec: { containers: [{ name: 'test' }] } },
      /^Pod can not be created: .*containers\[0\]\.image: Required value/,
    ],
    [
      'with a name of 300 characters',
      { spec: { containers: [{ name: 'x'.repeat(300), image: 'i' }] } },
      /^Pod can not be created: .*must be no more than 63/,
    ],
    [
      'in a namespace that is not there',
      { namespace: 'nowhere' },
      /^Pod can not be created: namespaces "nowhere" not found/,
    ],
    [
      'for a cluster that nobody configured (P15)',
      { rendered: { cluster: 'ghost' } },
      /^Terminal error: nonretryable error: no build client found for cluster "ghost"\.$/,
    ],
    [
      'for a cluster that the configuration disables',
      { rendered: { disabledClusters: ['default'] } },
      /^Terminal error: nonretryable error: no build client found for cluster "default"\.$/,
    ],
  ] as const)('a pod %s ends in error with the reason, quickly', async ([, script, words]) => {
    const started = await world.start({}, script);

    const report = await started.result();

    expect(report).toMatchObject({ state: 'error', complete: true });
    expect(report.description).toMatch(words);
    expect(await hand.read(started.run.uuid)).toBeUndefined();
  });

  test('beyond the quota of the namespace a pod is an error in the words of the API (P12)', async () => {
    await hand.setQuota({ pods: '0' });
    const started = await world.start();

    const report = await started.result().finally(() => hand.setQuota(undefined));

    expect(report.state).toBe('error');
    expect(report.description).toMatch(/^Pod can not be created: .*exceeded quota/);
  });

  test.concurrent('aborting a run whose cluster nobody configured leaves it in error (P15)', async () => {
    const started = await world.start({}, { rendered: { cluster: 'ghost' } });
    await started.handle
      .signal('abort', { description: 'Aborted.', superseded: false })
      .catch(() => undefined);

    expect((await started.result()).complete).toBe(true);
  });

  test.concurrent('failover: a run of a cluster that is out of order starts in its stand-in (P30)', async () => {
    const scheduler = { enabled: true, failover: { mappings: { ghost: 'green' } } };
    const started = await begin({ rendered: { cluster: 'ghost', scheduler } });
    await hand.bind(started.run.uuid);
    await hand.end(started.run.uuid, 0);

    expect(await started.result()).toMatchObject({ state: 'success' });
    expect((await world.rowOf(started.run))?.cluster).toBe('green');
  });

  test.concurrent.for([
    [
      'of a job counts over all clusters (P07, P08)',
      [{ job: 'narrow-pods' }, { maxConcurrency: 1, cluster: 'green' }],
      [{ job: 'narrow-pods' }, { maxConcurrency: 1, cluster: 'blue' }],
    ],
    [
      'of a queue is for whatever job (P09)',
      [{ job: 'queue-a' }, { jobQueue: 'one-pod', jobQueueCapacity: 1 }],
      [{ job: 'queue-b' }, { jobQueue: 'one-pod', jobQueueCapacity: 1 }],
    ],
    [
      'of all runs holds the next one back, whatever it is (P11)',
      [{ job: 'any-a' }, { overallConcurrency: 1 }],
      [{ job: 'any-b', type: 'postsubmit' }, { overallConcurrency: 1 }],
    ],
  ] as const)('a limit %s', async ([, [one, early], [other, late]]) => {
    const first = await world.start(one, { rendered: early });
    await first.pod();
    const second = await world.start(other, { rendered: late });
    await until(
      'it to wait',
      15_000,
      async () => (await world.rowOf(second.run))?.state === 'triggered',
    );
    expect(await hand.read(second.run.uuid)).toBeUndefined();

    await hand.bind(first.run.uuid);
    await hand.end(first.run.uuid, 0);

    await second.pod();
    await hand.bind(second.run.uuid);
    await hand.end(second.run.uuid, 0);
    expect(await second.result()).toMatchObject({ state: 'success' });
  });

  test.concurrent('a queue without a limit lets all run at once (P10)', async () => {
    const rendered = { jobQueue: 'open-to-pods', jobQueueCapacity: -1 };
    const both = [await world.start({}, { rendered }), await world.start({}, { rendered })];

    for (const started of both) await started.pod();

    for (const { run, result } of both) {
      await hand.bind(run.uuid);
      await hand.end(run.uuid, 0);
      expect(await result()).toMatchObject({ state: 'success' });
    }
  });

  test('a cluster that does not answer is waited for, which is said, and the run goes on (P13)', async () => {
    await plane.crash();
    const started = await world.start();
    await expect
      .poll(() => started.told().at(-1)?.[1], { timeout: 15_000 })
      .toMatch(/^Waiting for the build cluster\. The build cluster "default" does not answer: /);
    expect(started.told().at(-1)?.[0]).toBe('triggered');

    await plane.recover();

    await started.pod();
    await hand.bind(started.run.uuid);
    await hand.end(started.run.uuid, 0);
    expect(await started.result()).toMatchObject({ state: 'success' });
  }, 60_000);
});

describeWith(
  ['temporal', 'postgres', 'git', 'kubernetes-api'],
  'a run whose build cluster stays away',
  () => {
    test('is given up in the end, and says why', async () => {
      const plane = await startApiOnly();
      const world = await openPodWorld(plane, { reachTimeout: 3_000 });
      await plane.crash();
      try {
        const started = await world.start();

        const report = await started.result();

        expect(report).toMatchObject({ state: 'error', complete: true });
        expect(report.description).toMatch(
          /^The build cluster did not answer for 0\.05 minutes\. The build cluster "default" does not answer: /,
        );
      } finally {
        await world.close();
        await plane.stop();
      }
    }, 90_000);
  },
);

import { afterAll, beforeAll, expect, test } from 'vitest';
import { MARKS } from '../../activities/kubernetes/pod.ts';
import { type Cluster, startCluster } from '../cluster/cluster.ts';
import { until } from '../system/until.ts';
import { describeWith } from '../tools.ts';
import { openPodWorld, type PodRun, type PodScript, type PodWorld } from './pod-world.ts';

/** A pod that runs a script; `change` goes into its only container. */
function sh(script: string, change: object = {}): PodScript {
  return { spec: { containers: [shell('test', script, change)] } };
}

function shell(name: string, script: string, change: object = {}): object {
  const command = ['sh', '-c', script];
  return { name, image: 'localhost/busybox:1', imagePullPolicy: 'Never', command, ...change };
}

describeWith(
  ['temporal', 'postgres', 'git', 'kubernetes-api', 'kubernetes-node'],
  'a run in a pod of a real node',
  () => {
    let cluster: Cluster;
    let world: PodWorld;
    beforeAll(async () => {
      cluster = await startCluster();
      world = await openPodWorld(cluster, { troubleTimeout: 1_500 });
      await world.hand.mayHavePods();
    }, 180_000);
    afterAll(async () => {
      await world?.close();
      await cluster?.stop();
    }, 60_000);

    const phase = (run: PodRun, wanted: string) =>
      until(`the phase ${wanted}`, 60_000, async () => {
        const pod = await world.hand.read(run.run.uuid);
        return pod?.status.phase === wanted;
      });
    const kept = async (buildId: string, name: string): Promise<string> => {
      const bytes = await world.given.storage.read(`logs/unit/${buildId}/${name}`);
      return Buffer.from(bytes ?? []).toString();
    };

    test.concurrent('succeeds, and leaves its log and its description', async () => {
      const run = await world.start({}, sh('echo one; echo two'));

      const report = await run.result();

      expect(report).toMatchObject({ state: 'success', description: 'Job succeeded.' });
      expect(await kept(report.buildId, 'build-log.txt')).toBe('one\ntwo\n');
      const { pod, node } = JSON.parse(await kept(report.buildId, 'podinfo.json'));
      expect(pod.metadata.name).toBe(run.run.uuid);
      expect(node.metadata.name).toBe('127.0.0.1');
    }, 150_000);

    test.concurrent('fails with its test (P25)', async () => {
      const run = await world.start({}, sh('exit 3'));

      expect(await run.result()).toMatchObject({ state: 'failure', description: 'Job failed.' });
    }, 150_000);

    test.concurrent('a container out of memory beside one that goes on is an error (P22)', async () => {
      const hungry = shell('hungry', 'tail /dev/zero', {
        resources: { limits: { memory: '16Mi' } },
      });
      const spec = { containers: [hungry, shell('patient', 'sleep 300')] };
      const run = await world.start({}, { spec });

      expect(await run.result()).toMatchObject({
        state: 'error',
        description: 'Job pod was OOM killed by the cluster.',
        complete: true,
      });
      expect(await world.hand.read(run.run.uuid)).toBeUndefined();
    }, 150_000);

    test.concurrent('an abort interrupts the test, which may say a last word (P28)', async () => {
      const script = `trap 'echo interrupted; exit 0' TERM; echo up; while :; do sleep 0.1; done`;
      const run = await world.start({}, sh(script));
      await phase(run, 'Running');
      const description = 'Aborted by trigger plugin.';

      await run.handle.signal('abort', { description, superseded: false });

      const report = await run.result();
      expect(report).toMatchObject({ state: 'aborted', description, complete: true });
      expect(await kept(report.buildId, 'build-log.txt')).toBe('up\ninterrupted\n');
      expect(await world.hand.read(run.run.uuid)).toBeUndefined();
    }, 150_000);

    test.concurrent('a pod that is evicted through the API is started again (P19)', async () => {
      const run = await world.start({}, sh('trap "exit 1" TERM; while :; do sleep 0.1; done'));
      await phase(run, 'Running');
      const first = await run.pod();

      await world.hand.evict(run.run.uuid);

      const second = await run.pod(2);
      expect(second.metadata.uid).not.toBe(first.metadata.uid);
      expect(second.metadata.labels[MARKS.buildId]).not.toBe(first.metadata.labels[MARKS.buildId]);
      await run.handle.signal('abort', { description: 'Enough.', superseded: false });
      expect(await run.result()).toMatchObject({ state: 'aborted', complete: true });
    }, 150_000);

    test.concurrent('a pod that is deleted by hand is an error (P26)', async () => {
      const run = await world.start({}, sh('sleep 300'));
      await phase(run, 'Running');
      const pod = await run.pod();

      await world.hand.api.remove(pod);

      expect(await run.result()).toMatchObject({
        state: 'error',
        description: 'Pod got deleted unexpectedly',
      });
      await until(
        'the pod to be gone',
        30_000,
        async () => !(await world.hand.read(pod.metadata.name)),
      );
    }, 150_000);

    test.concurrent('over the deadline of its own pod a test fails', async () => {
      const { spec } = sh('sleep 300');
      const run = await world.start({}, { spec: { ...spec, activeDeadlineSeconds: 2 } });

      expect(await run.result()).toMatchObject({ state: 'failure', description: 'Job failed.' });
    }, 150_000);

    test.concurrent.for([
      [
        'whose service account is not there',
        { spec: { ...sh('true').spec, serviceAccountName: 'nobody' } },
        /^Pod can not be created: .*serviceaccount "nobody" not found/,
      ],
      [
        'whose image is not there',
        sh('true', { image: 'localhost/no-such-image:1' }),
        /^Pod can not start: container "test": ErrImageNeverPull: .*no-such-image/,
      ],
      [
        'whose image has a name that is none',
        sh('true', { image: 'NO image' }),
        /^Pod can not start: container "test": InvalidImageName: /,
      ],
      [
        'whose config map is not there',
        sh('true', { envFrom: [{ configMapRef: { name: 'nothing' } }] }),
        /^Pod can not start: container "test": CreateContainerConfigError: configmap "nothing" not found/,
      ],
      [
        'whose volume is not there',
        {
          spec: {
            ...sh('true', { volumeMounts: [{ name: 'v', mountPath: '/v' }] }).spec,
            volumes: [{ name: 'v', secret: { secretName: 'nothing' } }],
          },
        },
        /^Pod can not start: FailedMount: .*secret "nothing" not found/,
      ],
      [
        'whose command is not there',
        sh('true', { command: ['/no/such/program'] }),
        /^Job failed\.$|^Pod can not start: container "test": .*no such file/,
      ],
    ] as const)('a pod %s says so in words', { timeout: 150_000 }, async ([, script, words]) => {
      const run = await world.start({}, script);

      const report = await run.result();

      expect(report.complete).toBe(true);
      expect(['error', 'failure']).toContain(report.state);
      expect(report.description).toMatch(words);
    });

    test('while the API is away the test goes on, and its end is not missed', async () => {
      const run = await world.start({}, sh('sleep 3; echo done'));
      await phase(run, 'Running');

      await cluster.crash();
      await cluster.recover();

      const report = await run.result();
      expect(report.state).toBe('success');
      expect(await kept(report.buildId, 'build-log.txt')).toBe('done\n');
    }, 120_000);
  },
);

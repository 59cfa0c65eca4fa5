import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Pod } from '../../activities/kubernetes/pod.ts';
import type { PodApi } from '../../activities/kubernetes/pod-api.ts';
import { NAMESPACE, takeHand } from '../activities/kubernetes/hand-driven.ts';
import { type Cluster, startCluster } from '../cluster/cluster.ts';
import { describeWith } from '../tools.ts';
import { type PodTown, REPO, startPodTown } from './pod-town.ts';
import { until } from './until.ts';

/** An undecorated job whose pod runs a script. */
function job(name: string, script: string, change: object = {}): object {
  const container = {
    image: 'localhost/busybox:1',
    imagePullPolicy: 'Never',
    command: ['sh', '-c', script],
  };
  return { name, decorate: false, spec: { containers: [container] }, ...change };
}

const slow = `trap 'echo interrupted; exit 1' TERM; echo up; while :; do sleep 0.1; done`;
const steps = 'for i in 1 2 3 4 5 6 7 8; do echo "step $i of $JOB_NAME"; sleep 0.5; done';

describeWith(
  ['temporal', 'postgres', 'git', 'git-http-backend', 'kubernetes-api', 'kubernetes-node'],
  'pull requests tested in pods',
  () => {
    let cluster: Cluster;
    let api: PodApi;
    let place: PodTown;
    beforeAll(async () => {
      cluster = await startCluster();
      const hand = await takeHand(cluster);
      await hand.mayHavePods();
      api = hand.api;
      place = await startPodTown({
        kubeconfig: cluster.kubeconfig,
        presubmits: [
          job('unit', `${steps}; env | sort`, { always_run: true }),
          job('broken', 'echo oh no; exit 3', { always_run: true, optional: true }),
          job('slow', slow),
        ],
        postsubmits: [job('after', 'echo merged', { branches: ['main'] })],
      });
    }, 240_000);
    afterAll(async () => {
      await place?.close();
      await cluster?.stop();
    }, 90_000);

    const podsOf = async (name: string): Promise<readonly Pod[]> => {
      const { items } = await api.list(NAMESPACE);
      return items.filter((pod) => pod.metadata.annotations['prow.k8s.io/job'] === name);
    };
    const running = (name: string, than = '') =>
      until(`a running pod of ${name}`, 60_000, async () =>
        (await podsOf(name)).find(
          ({ status, metadata }) =>
            status.phase === 'Running' &&
            metadata.deletionTimestamp === undefined &&
            metadata.uid !== than,
        ),
      );
    const status = (number: number, context: string, state: string) =>
      until(`${context} ${state} on #${number}`, 60_000, async () => {
        const states = await place.town.statuses(number);
        return states[context] === state;
      });
    const page = async (path: string): Promise<string> => {
      const answer = await fetch(`${place.gatewayUrl}${path}`, {
        signal: AbortSignal.timeout(10_000),
      });
      return answer.text();
    };
    const gone = (pod: Pod) =>
      until(`${pod.metadata.name} to be gone`, 60_000, async () => !(await api.read(pod.metadata)));
    const open = (branch: string): Promise<number> =>
      place.town.open({
        author: 'ann',
        title: branch,
        branch,
        files: { [`${branch}.txt`]: `${branch}\n` },
      });

    const close = (number: number): void =>
      place.github.control.setState({ repo: REPO, number }, 'ann', 'closed');

    test('from opening to status and comment; the log is followed while the pod runs (R01, R02)', async () => {
      const number = await open('first');
      const { metadata } = await running('unit');
      const uuid = metadata.labels['prow.k8s.io/id'] ?? '';

      const live = await until('a first step in the live log', 30_000, async () => {
        const text = await page(`/runs/${uuid}/log/after?from=0`);
        return text.includes('step 1 of unit') ? text : undefined;
      });
      expect(live).not.toContain('step 8');
      expect(await page(`/view/prowjob/${uuid}`)).toContain('step 1 of unit');

      await status(number, 'unit', 'success');
      await status(number, 'broken', 'failure');
      const whole = await until('the kept log', 30_000, async () => {
        const text = await page(`/runs/${uuid}/log`);
        return text.includes('PROW_JOB_ID') ? text : undefined;
      });
      expect(whole.startsWith(live.slice(0, 15))).toBe(true);
      expect(whole).toContain('step 8 of unit');
      expect(whole).toContain(`PROW_JOB_ID=${uuid}`);
      // Nothing of GitHub's but what the refs say: no token that the job did not ask for.
      expect(whole).not.toMatch(/token/i);
      const comments = await until('the comment', 30_000, async () => {
        const all = await place.town.comments(number);
        return all.length > 0 ? all : undefined;
      });
      expect(comments).toHaveLength(1);
      expect(comments[0]?.body).toContain('broken |');
      expect(comments[0]?.body).not.toContain('unit |');
      const { statuses, issues } = await place.town.state();
      expect(statuses[issues[`${number}`]?.head ?? '']).toEqual({
        unit: ['pending', 'success'],
        broken: ['pending', 'failure'],
      });
    }, 180_000);

    test('tested again, pushed, closed: the older pod goes, its status never comes (P01, P02, J§1.2.1)', async () => {
      const number = await open('second');
      await status(number, 'unit', 'success');
      await place.town.say(number, 'bob', '/test slow');
      const first = await running('slow');

      await place.town.say(number, 'bob', '/test slow');
      const second = await running('slow', first.metadata.uid);
      await gone(first);
      await place.town.push(number, { author: 'ann', message: 'more', files: { 'more.txt': 'x' } });
      await gone(second);
      await place.town.say(number, 'bob', '/test slow');
      const third = await running('slow', second.metadata.uid);
      close(number);
      await gone(third);

      const { statuses } = await place.town.state();
      const slowStates = Object.values(statuses).flatMap((contexts) => contexts['slow'] ?? []);
      expect(slowStates.filter((state) => state === 'success')).toEqual([]);
    }, 240_000);

    test("another pull request's run of the same job is left alone (P03)", async () => {
      const [one, two] = [await open('third'), await open('fourth')];
      await place.town.say(one, 'bob', '/test slow');
      const first = await running('slow');
      await place.town.say(two, 'bob', '/test slow');
      const second = await running('slow', first.metadata.uid);

      expect((await api.read(first.metadata))?.metadata.deletionTimestamp).toBeUndefined();

      await api.remove(second);
      await status(two, 'slow', 'error');
      close(one);
      await gone(first);
    }, 180_000);

    test('when all is over no pod is left', async () => {
      await until('no pod', 60_000, async () => (await api.list(NAMESPACE)).items.length === 0);
    }, 90_000);
  },
);

import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { Pod } from '../../activities/kubernetes/pod.ts';
import type { PodApi } from '../../activities/kubernetes/pod-api.ts';
import { NAMESPACE, takeHand } from '../activities/kubernetes/hand-driven.ts';
import { type MessageServer, startMessageServer } from '../activities/reporting/message-server.ts';
import { type Cluster, startCluster } from '../cluster/cluster.ts';
import { describeWith } from '../tools.ts';
import { type PodTown, REPO, SECRET, startPodTown } from './pod-town.ts';
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

const prowjobs = z.object({
  items: z.array(
    z.object({
      spec: z.object({ job: z.string() }),
      status: z.object({
        state: z.string(),
        description: z.string().optional(),
        prev_report_states: z.record(z.string(), z.string()).optional(),
      }),
    }),
  ),
});

/** GitHub's webhook, made of the one that told of the pull request first. */
async function convertToDraft({ gatewayUrl }: PodTown, opened: string): Promise<void> {
  const payload = JSON.parse(opened);
  payload.pull_request.updated_at = new Date().toISOString();
  payload.pull_request.draft = true;
  const body = JSON.stringify({ ...payload, action: 'converted_to_draft' });
  const answer = await fetch(`${gatewayUrl}/hook`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'pull_request',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
    },
    body,
    signal: AbortSignal.timeout(10_000),
  });
  expect(answer.status).toBe(200);
}

/** Another name for the one cluster that a kubeconfig has. */
async function addContext(file: string, name: string): Promise<void> {
  const config = parse(await readFile(file, 'utf8'));
  config.contexts.push({ ...config.contexts[0], name });
  await writeFile(file, stringify(config));
}

describeWith(
  ['temporal', 'postgres', 'git', 'git-http-backend', 'kubernetes-api', 'kubernetes-node'],
  'pull requests tested in pods',
  () => {
    let cluster: Cluster;
    let api: PodApi;
    let place: PodTown;
    let slack: MessageServer;
    beforeAll(async () => {
      slack = await startMessageServer({ status: 200, body: { ok: true, ts: '1' } });
      const tokenFile = join(await mkdtemp(join(tmpdir(), 'slack-')), 'token');
      await writeFile(tokenFile, 'xoxb-1');
      cluster = await startCluster();
      const hand = await takeHand(cluster);
      await hand.mayHavePods();
      api = hand.api;
      place = await startPodTown({
        kubeconfig: cluster.kubeconfig,
        presubmits: [
          job('unit', `${steps}; env | sort`, { always_run: true }),
          job('broken', 'echo oh no; exit 3', { always_run: true, optional: true }),
          job('quiet', 'true', { always_run: true, skip_report: true }),
          job('slow', slow),
          job('elsewhere', 'true', { cluster: 'spare' }),
        ],
        postsubmits: [job('after', 'sleep 3', { branches: ['main'] })],
        config: {
          slack_reporter_configs: {
            [REPO]: {
              job_types_to_report: ['presubmit'],
              job_states_to_report: ['failure'],
              channel: 'builds',
              report_template: '{{.Spec.Job}} of #{{(index .Spec.Refs.Pulls 0).Number}}',
            },
          },
        },
        args: [`--slack-token-file=${tokenFile}`, `--slack-endpoint=${slack.url}`],
      });
    }, 240_000);
    afterAll(async () => {
      await place?.close();
      await cluster?.stop();
      await slack?.close();
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
    const runs = async () => prowjobs.parse(JSON.parse(await page('/prowjobs.js'))).items;
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

    test('everybody was told what they are to hear, and the ledger says so (R09, R14)', async () => {
      const states = async () =>
        Object.fromEntries((await runs()).map(({ spec, status }) => [spec.job, status]));
      await expect.poll(states, { timeout: 30_000 }).toMatchObject({
        unit: { state: 'success', prev_report_states: { 'github-reporter': 'success' } },
        broken: {
          state: 'failure',
          prev_report_states: { 'github-reporter': 'failure', slackreporter: 'failure' },
        },
        quiet: { state: 'success', prev_report_states: { gcsreporter: 'success' } },
      });

      expect((await states())['quiet']?.prev_report_states).not.toHaveProperty('github-reporter');
      const messages = slack.taken.map(({ body }) => new URLSearchParams(body).get('text'));
      expect(messages).toEqual(['broken of #1']);
    }, 60_000);

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

    test('a conversion to a draft ends what runs', async () => {
      const number = await open('draft');
      await place.town.say(number, 'bob', '/test slow');
      const pod = await running('slow');
      const opened = (await place.town.deliveries()).findLast(
        ({ event, request }) =>
          event === 'pull_request' && request.body.includes(`"number":${number}`),
      );

      await convertToDraft(place, opened?.request.body ?? '');

      await gone(pod);
      await status(number, 'slow', 'failure');
      close(number);
    }, 120_000);

    test('two pushes: the postsubmits of both run to their end (P05)', async () => {
      const push = (name: string) =>
        place.town.pushBranch('main', { author: 'ann', message: name, files: { [name]: 'x' } });
      const shas = [await push('one.txt'), await push('two.txt')];

      await until('both to succeed', 60_000, async () => {
        const { statuses } = await place.town.state();
        return shas.every((sha) => statuses[sha]?.['after']?.at(-1) === 'success');
      });
    }, 90_000);

    test('a cluster that comes into the kubeconfig is served without a restart (P15)', async () => {
      const number = await open('fifth');
      await place.town.say(number, 'bob', '/test elsewhere');
      await status(number, 'elsewhere', 'error');
      const before = (await runs()).find(({ spec }) => spec.job === 'elsewhere');
      expect(before?.status.description).toBe(
        'Terminal error: nonretryable error: no build client found for cluster "spare".',
      );

      await addContext(place.kubeconfig, 'spare');
      await until('the worker to take it', 30_000, async () =>
        (await place.bowsprit.log('worker')).includes('the kubeconfig changed'),
      );
      await place.town.say(number, 'bob', '/test elsewhere');

      await status(number, 'elsewhere', 'success');
      close(number);
    }, 120_000);

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

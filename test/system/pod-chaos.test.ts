import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { Pod } from '../../activities/kubernetes/pod.ts';
import { type PodHand, takeHand } from '../activities/kubernetes/hand-driven.ts';
import { startApiOnly } from '../cluster/api-only.ts';
import type { ControlPlane } from '../cluster/control-plane.ts';
import { type RobotKubelet, startRobotKubelet } from '../cluster/robot-kubelet.ts';
import { describeWith } from '../tools.ts';
import { type PodTown, REPO, startPodTown } from './pod-town.ts';
import { seeded } from './seeded.ts';
import { addressOf } from './town.ts';
import { until } from './until.ts';

/** Another one may be tried by hand. */
const SEED = Number(process.env['BOWSPRIT_CHAOS_SEED'] ?? 20_261_128);
/** Opened in portions, while all around is dying. */
const PORTIONS = [5, 5, 5, 5];
const PULLS = PORTIONS.reduce((sum, size) => sum + size, 0);
const JOBS = ['build', 'lint', 'race', 'unit', 'verify'];
/** It always fails. */
const BROKEN = 'race';
/** How often each dies. */
const DEATHS = { worker: 4, temporal: 3, api: 3 };
/** The last one at the latest. */
const HARASSED_MS = 15_000;
const PATIENCE_MS = 240_000;

const prowjobs = z.object({
  items: z.array(
    z.object({
      spec: z.object({
        job: z.string(),
        refs: z.object({ pulls: z.array(z.object({ number: z.number() })) }),
      }),
      status: z.object({ state: z.string(), completionTime: z.string().optional() }),
    }),
  ),
});
type Spec = z.infer<typeof prowjobs>['items'][number]['spec'];

function pullOf({ refs }: Spec): number {
  return refs.pulls[0]?.number ?? 0;
}

const ended = z.object({
  executions: z
    .array(z.object({ status: z.string(), historyLength: z.coerce.number().default(0) }))
    .default([]),
});
const statusList = z.array(
  z.object({ context: z.string(), state: z.string(), description: z.string().nullable() }),
);

/** Moments at which one dies, or something begins: milliseconds from the start, in order. */
function moments(seed: number, many: number): readonly number[] {
  const random = seeded(seed);
  return Array.from({ length: many }, () => random() * HARASSED_MS).sort((a, b) => a - b);
}

/** Does something at each of its moments; later if the time before took longer. */
async function atMoments(times: readonly number[], act: (index: number) => Promise<void>) {
  const begun = performance.now();
  for (const [index, at] of times.entries()) {
    await delay(Math.max(0, at - (performance.now() - begun)));
    await act(index);
  }
}

describeWith(
  ['temporal', 'postgres', 'git', 'git-http-backend', 'kubernetes-api'],
  'a hundred runs under kill -9',
  () => {
    let plane: ControlPlane;
    let hand: PodHand;
    let robot: RobotKubelet;
    let place: PodTown;

    beforeAll(async () => {
      plane = await startApiOnly();
      hand = await takeHand(plane);
      robot = startRobotKubelet(hand, fateOf);
      place = await startPodTown({
        kubeconfig: plane.kubeconfig,
        presubmits: JOBS.map((name) => ({
          name,
          always_run: true,
          decorate: false,
          spec: { containers: [{ image: 'localhost/busybox:1', command: ['true'] }] },
        })),
      });
    }, 240_000);
    afterAll(async () => {
      await place?.close();
      await robot?.stop();
      await plane?.stop();
    }, 90_000);

    function fateOf({ metadata }: Pod) {
      const random = seeded(SEED + Number(metadata.labels['prow.k8s.io/refs.pull'] ?? 0));
      const job = metadata.annotations['prow.k8s.io/job'];
      return { runs: 200 + random() * 2_000, exitCode: job === BROKEN ? 1 : 0 };
    }

    /** Kills each as often as it shall die, side by side, at random moments. */
    async function harass(): Promise<void> {
      const killPart = (victim: 'worker' | 'temporal') => () =>
        until(`${victim} to be there`, 60_000, () => place.bowsprit.kill(victim));
      const random = seeded(SEED + 3);
      await Promise.all([
        atMoments(moments(SEED, DEATHS.worker), async () => void (await killPart('worker')())),
        atMoments(
          moments(SEED + 1, DEATHS.temporal),
          async () => void (await killPart('temporal')()),
        ),
        atMoments(moments(SEED + 2, DEATHS.api), async () => {
          await plane.crash();
          await delay(random() * 2_000);
          await plane.recover();
        }),
      ]);
    }

    async function openPulls(): Promise<readonly number[]> {
      const opened: number[] = [];
      await atMoments(moments(SEED + 4, PORTIONS.length), async (portion) => {
        const pulls = Array.from({ length: PORTIONS[portion] ?? 0 }, (_, index) => ({
          author: 'ann',
          title: `change ${portion}/${index}`,
          branch: `change-${portion}-${index}`,
          files: { [`${portion}/${index}.txt`]: 'x\n' },
        }));
        opened.push(...(await place.town.openAll(pulls)));
      });
      return opened;
    }

    async function runsNow() {
      const url = `${place.gatewayUrl}/prowjobs.js?omit=annotations,labels,pod_spec`;
      const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
      return prowjobs.parse(await answer.json()).items;
    }

    /** Every status that was ever written, oldest first. */
    async function statusesOf(number: number) {
      const { head } = await place.town.pull(number);
      const url = `${place.github.url}/repos/${REPO}/commits/${head.sha}/statuses?per_page=100`;
      const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
      return statusList.parse(await answer.json()).reverse();
    }

    /** What is not as it shall be: exactly one end per context, nothing after it, nothing said twice. */
    async function faultsOf(number: number): Promise<readonly string[]> {
      const written = await statusesOf(number);
      return JOBS.flatMap((job) => {
        const mine = written.filter(({ context }) => context === job);
        const said = mine.map(({ state, description }) => `${state} (${description})`);
        const ends = mine.filter(({ state }) => state !== 'pending');
        const verdict = job === BROKEN ? 'failure' : 'success';
        const right =
          ends.length === 1 && mine.at(-1)?.state === verdict && new Set(said).size === said.length;
        return right ? [] : [`#${number} ${job}: ${said.join(', ')}`];
      });
    }

    /** Events in the history of each run that has ended. */
    async function historyLengths(): Promise<readonly number[]> {
      const { origin } = new URL(addressOf(place.bowsprit, 'Temporal'));
      const query = new URLSearchParams({ query: 'WorkflowType = "job"' });
      const answer = await fetch(`${origin}/api/v1/namespaces/default/workflows?${query}`, {
        signal: AbortSignal.timeout(10_000),
      });
      return ended
        .parse(await answer.json())
        .executions.filter(({ status }) => status.endsWith('COMPLETED'))
        .map(({ historyLength }) => historyLength);
    }

    test('a run of which all is well takes no more than 60 events of history', async () => {
      await place.town.openAll([
        { author: 'ann', title: 'calm', branch: 'calm', files: { 'calm.txt': 'x\n' } },
      ]);

      const lengths = await until('the ends', PATIENCE_MS, async () => {
        const found = await historyLengths();
        return found.length >= JOBS.length && found;
      });

      expect(lengths.filter((length) => length > 60)).toEqual([]);
    }, 300_000);

    test('end in a hundred verdicts, none doubled, no pod left, each status once', async () => {
      const [opened] = await Promise.all([openPulls(), harass()]);

      const done = await until(`${PULLS * JOBS.length} complete runs`, PATIENCE_MS, async () => {
        const runs = (await runsNow().catch(() => [])).filter(({ spec }) =>
          opened.includes(pullOf(spec)),
        );
        const complete = runs.filter(({ status }) => status.completionTime !== undefined);
        return complete.length >= PULLS * JOBS.length && runs;
      });
      await until('no pod', PATIENCE_MS, async () => {
        const { items } = await hand.api.list(hand.namespace);
        return items.length === 0;
      });
      await until('the last statuses', PATIENCE_MS, async () => {
        const { issues, statuses } = await place.town.state();
        return opened.every((number) => {
          const written = statuses[issues[number]?.head ?? ''] ?? {};
          return JOBS.every((job) => /success|failure|error/.test(written[job]?.at(-1) ?? ''));
        });
      });

      const verdicts = done.map(
        ({ spec, status }) => `${pullOf(spec)} ${spec.job}: ${status.state}`,
      );
      const expected = opened.flatMap((number) =>
        JOBS.map((job) => `${number} ${job}: ${job === BROKEN ? 'failure' : 'success'}`),
      );
      expect(verdicts.sort()).toEqual(expected.sort());
      const faults = await Promise.all(opened.map(faultsOf));
      expect(faults.flat()).toEqual([]);
      expect(robot.madeTwice()).toEqual([]);
    }, 900_000);
  },
);

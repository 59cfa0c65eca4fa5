import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { freePort } from '../../../workers/provision/ports.ts';
import { type PodHand, takeHand } from '../../activities/kubernetes/hand-driven.ts';
import { startApiOnly } from '../../cluster/api-only.ts';
import { startRobotKubelet } from '../../cluster/robot-kubelet.ts';
import { type PodTown, REPO, startPodTown } from '../../system/pod-town.ts';
import { addressOf } from '../../system/town.ts';
import { until } from '../../system/until.ts';
import type { Figure } from '../figures.ts';
import { median } from '../figures.ts';

const LIMIT_MS = 120_000;
const MANY_JOBS = 10;
/** So many pull requests are opened at once. */
const PORTION = 10;
const COMMENTS = 20;
/** After this, what was opened has been seen to. */
const QUIET_MS = 5_000;
const PAUSE_MS = 500;

const job = (name: string, change: object = {}): object => ({
  name,
  decorate: false,
  spec: { containers: [{ image: 'localhost/busybox:1', command: ['true'] }] },
  ...change,
});

/** Runs on an API server without a node, whose pods are driven by hand; `runs` at least. */
export async function measurePods(runs: number): Promise<readonly Figure[]> {
  const plane = await startApiOnly();
  const hand = await takeHand(plane);
  const metricsPort = await freePort();
  const many = Array.from({ length: MANY_JOBS }, (_, index) =>
    job(`many-${index}`, { run_if_changed: '^many/' }),
  );
  const place = await startPodTown({
    kubeconfig: plane.kubeconfig,
    presubmits: [job('timed'), ...many],
    // Ended pods are deleted soon; the listing that does so is no more frequent than it must be.
    config: { sinker: { resync_period: '30s', max_pod_age: '1s' } },
    args: [`--metrics-port=${metricsPort}`],
  });
  try {
    const timed = await measureTimes(place, hand);
    return [...timed, ...(await measureMany({ place, hand, metricsPort }, runs))];
  } finally {
    await place.close();
    await plane.stop();
  }
}

/** One comment after the other, each on a pull request that is open and quiet; the pod is ended by hand as soon as the run is pending. */
async function measureTimes(place: PodTown, hand: PodHand): Promise<readonly Figure[]> {
  const created: number[] = [];
  const reported: number[] = [];
  const events: number[] = [];
  const numbers = await place.town.openAll(
    Array.from({ length: COMMENTS }, (_, index) => ({
      author: 'ann',
      title: `timed ${index}`,
      branch: `timed-${index}`,
      files: { [`timed/${index}.txt`]: 'x' },
    })),
  );
  await place.town.idle();
  await delay(QUIET_MS);
  for (const number of numbers) {
    await place.town.idle();
    await delay(PAUSE_MS);
    const pod = await nextPod(hand);
    const asked = performance.now();
    place.github.control.comment({ repo: REPO, number }, 'bob', '/test timed');
    const { name, at } = await pod();
    created.push(at - asked);
    const state = (): string | undefined => {
      const { issues, statuses } = place.github.control.state(REPO);
      return statuses[issues[`${number}`]?.head ?? '']?.['timed']?.at(-1);
    };
    await until('pending', LIMIT_MS, () => state() === 'pending');
    await hand.bind(name);
    const ended = performance.now();
    await hand.end(name, 0);
    while (state() !== 'success' && performance.now() - ended < LIMIT_MS) await delay(2);
    reported.push(performance.now() - ended);
    events.push(await historyOf(place, name));
  }
  return [
    {
      name: '`/test` comment to pod created',
      unit: 'ms',
      aim: 'p50 ≤ 100',
      samples: created,
      met: median(created) <= 100,
      prow: '25 ms, nothing durable',
    },
    { name: 'pod finished to status on GitHub', unit: 'ms', aim: '', samples: reported },
    {
      name: 'history events per run',
      unit: '',
      aim: '≤ 60',
      samples: events,
      met: Math.max(...events) <= 60,
    },
  ];
}

/** Hears from the API server itself when the next pod is there. */
async function nextPod({ api, namespace }: PodHand) {
  const { resourceVersion } = (await api.list(namespace)).metadata;
  const signal = AbortSignal.timeout(LIMIT_MS);
  const stream = await api.watch({ namespace, resourceVersion, timeoutSeconds: 120, signal });
  return async (): Promise<{ readonly name: string; readonly at: number }> => {
    try {
      for await (const line of createInterface(stream)) {
        const { type, object } = changeSchema.parse(JSON.parse(line));
        if (type === 'ADDED') return { name: object.metadata.name, at: performance.now() };
      }
    } finally {
      stream.destroy();
    }
    throw new Error('no pod was made');
  };
}

const changeSchema = z.object({
  type: z.string(),
  object: z.object({ metadata: z.object({ name: z.string().default('') }) }),
});

const describedSchema = z.object({
  workflowExecutionInfo: z.object({ status: z.string(), historyLength: z.coerce.number() }),
});

async function historyOf({ bowsprit }: PodTown, uuid: string): Promise<number> {
  const ui = addressOf(bowsprit, 'Temporal');
  const path = `/api/v1/namespaces/default/workflows/${encodeURIComponent(`job/${uuid}`)}`;
  return until('the end of the run', LIMIT_MS, async () => {
    const answer = await fetch(`${new URL(ui).origin}${path}`);
    const { status, historyLength } = describedSchema.parse(
      await answer.json(),
    ).workflowExecutionInfo;
    return status.endsWith('COMPLETED') ? historyLength : undefined;
  });
}

/** Many runs at once, all driven to success. */
async function measureMany(
  { place, hand, metricsPort }: { place: PodTown; hand: PodHand; metricsPort: number },
  runs: number,
): Promise<readonly Figure[]> {
  const before = await requestsOf(metricsPort);
  const resident = await residentKiB(place.bowsprit.pidOf('worker') ?? 0);
  const robot = startRobotKubelet(hand, () => ({ runs: 500, exitCode: 0 }));
  const pulls = Math.ceil(runs / MANY_JOBS);
  let peak = 0;
  try {
    for (let index = 0; index < pulls; index += PORTION) {
      await place.town.openAll(
        Array.from({ length: Math.min(PORTION, pulls - index) }, (_, at) => ({
          author: 'ann',
          title: `many ${index + at}`,
          branch: `many-${index + at}`,
          files: { [`many/${index + at}.txt`]: 'x' },
        })),
      );
    }
    await until(`${runs} runs`, 1_200_000, async () => {
      peak = Math.max(peak, await residentKiB(place.bowsprit.pidOf('worker') ?? 0));
      const { statuses } = place.github.control.state(REPO);
      const ended = Object.values(statuses).flatMap((contexts) =>
        Object.entries(contexts).filter(
          ([context, states]) => context.startsWith('many-') && states.at(-1) === 'success',
        ),
      );
      return ended.length >= pulls * MANY_JOBS;
    });
    await until(
      'no pod',
      LIMIT_MS,
      async () => (await hand.api.list(hand.namespace)).items.length === 0,
    );
  } finally {
    await robot.stop();
  }
  const perRun = ((await requestsOf(metricsPort)) - before) / (pulls * MANY_JOBS);
  return [
    {
      name: `requests to the API server per run, over ${pulls * MANY_JOBS} runs`,
      unit: '',
      aim: '≤ 6',
      samples: [perRun],
      met: perRun <= 6,
      note: 'with listings and the deletion of the pod',
    },
    {
      name: `memory of the worker at most, over ${pulls * MANY_JOBS} runs`,
      unit: 'KiB',
      aim: '',
      samples: [peak],
      note: `${Math.round(resident)} before`,
    },
  ];
}

async function requestsOf(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const counts = [...text.matchAll(/^bowsprit_cluster_requests_total\{.*\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

async function residentKiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
}

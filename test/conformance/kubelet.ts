import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type PodHand, statusOf } from '../activities/kubernetes/hand-driven.ts';
import { type Ending, UNSEEN } from './scenario.ts';

const pods = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        name: z.string(),
        creationTimestamp: z.string(),
        deletionTimestamp: z.string().optional(),
        labels: z.record(z.string(), z.string()).default({}),
        annotations: z.record(z.string(), z.string()).default({}),
      }),
      spec: z.object({
        containers: z.tuple([
          z.object({ name: z.string(), command: z.array(z.string()).default([]) }),
        ]),
      }),
      status: z.object({ phase: z.string().default('') }),
    }),
  ),
});

type PodSeen = z.infer<typeof pods>['items'][number];

/** Which run a pod is; `pull` is empty for a postsubmit. */
export interface RunOfPod {
  readonly repository: string;
  readonly pull: string;
  readonly branch: string;
  readonly context: string;
}

const endingSchema = z.enum(['succeeds', 'succeeds-late', 'fails', 'fails-once', 'runs-on']);

interface Begun {
  readonly at: number;
  readonly ending: Ending;
}

const LOOK_MS = 200;
const BATCH_MS = 3500;
/** At least so long a run runs; a late one outlives some periods of Tide's, and a batch that began before it. */
const DURATION_MS: Readonly<Record<Ending, number>> = {
  succeeds: 300,
  'succeeds-late': 9000,
  fails: 300,
  'fails-once': 300,
  'runs-on': Number.POSITIVE_INFINITY,
};

/** Says of each new pod how it will end. */
function createForesight(): (pod: PodSeen) => Begun {
  const failed = new Set<string>();
  return ({ metadata: { labels }, spec }) => {
    const at = performance.now();
    const ending = endingSchema.parse(spec.containers[0].command[0]);
    if (ending !== 'fails-once') return { at, ending };
    const who = ['refs.repo', 'refs.pull', 'job'].map((part) => labels[`prow.k8s.io/${part}`]);
    const again = failed.has(who.join());
    failed.add(who.join());
    return { at, ending: again ? 'succeeds' : 'fails' };
  };
}

async function start(hand: PodHand, { metadata, spec }: PodSeen): Promise<void> {
  const { name, creationTimestamp: startedAt } = metadata;
  const running = statusOf(spec.containers[0].name, { running: { startedAt } });
  await hand.bind(name);
  await hand.say(name, { phase: 'Running', containerStatuses: [running] });
}

async function goOn(hand: PodHand, { metadata, status }: PodSeen, begun: Begun): Promise<void> {
  const { name, labels } = metadata;
  if (metadata.deletionTimestamp !== undefined) return hand.bury(name);
  const isBatch = labels['prow.k8s.io/type'] === 'batch';
  const duration = isBatch ? BATCH_MS : DURATION_MS[begun.ending];
  const over = status.phase === 'Running' && performance.now() - begun.at > duration;
  if (over) await hand.end(name, begun.ending === 'fails' ? 1 : 0);
}

/** The run whose start must be told before it may end; undefined for runs that nobody reports. */
function reportedRun({ metadata: { labels, annotations }, spec }: PodSeen): RunOfPod | undefined {
  const label = (name: string): string => labels[`prow.k8s.io/${name}`] ?? '';
  if (label('type') === 'batch' || spec.containers[0].command.includes(UNSEEN)) return undefined;
  return {
    repository: `${label('refs.org')}/${label('refs.repo')}`,
    pull: label('refs.pull'),
    branch: label('refs.base_ref'),
    context: annotations['prow.k8s.io/context'] ?? '',
  };
}

/**
 * Plays scheduler and kubelet for every pod of a namespace: a run ends as the command of its job says (`Ending`), but
 * not before it was told that it runs: a reporter that is slower than the run leaves that out, whichever system's it is.
 */
export function startKubelet(
  hand: PodHand,
  isTold: (run: RunOfPod) => boolean,
): { stop(): Promise<void> } {
  const known = new Map<string, Begun>();
  const foresee = createForesight();
  let open = true;
  const serve = async (pod: PodSeen): Promise<void> => {
    const { name } = pod.metadata;
    const begun = known.get(name);
    if (begun !== undefined) {
      const run = reportedRun(pod);
      const mayEnd = run === undefined || isTold(run) || pod.metadata.deletionTimestamp;
      return mayEnd ? goOn(hand, pod, begun) : undefined;
    }
    known.set(name, foresee(pod));
    return start(hand, pod);
  };
  const look = async (): Promise<void> => {
    const path = `/api/v1/namespaces/${hand.namespace}/pods`;
    const { items } = pods.parse(await hand.transport.json({ method: 'GET', path }));
    // A pod that went meanwhile is nobody's business.
    await Promise.all(items.map((pod) => serve(pod).catch(() => undefined)));
  };
  const loop = (async () => {
    while (open) {
      await look().catch(() => undefined);
      await delay(LOOK_MS);
    }
  })();
  return {
    stop: async () => {
      open = false;
      await loop;
    },
  };
}

import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Client, type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { type RunRecord, readRun } from '../../activities/database/runs.ts';
import { createKubernetesExecutor } from '../../activities/kubernetes/kubernetes-executor.ts';
import type { Pod } from '../../activities/kubernetes/pod.ts';
import { watchRuns } from '../../activities/kubernetes/tell-runs.ts';
import type { RenderedRun } from '../../activities/rendered-run.ts';
import { createRunActivities, type RunPatience } from '../../activities/runs.ts';
import { openStorage } from '../../activities/storage/open-storage.ts';
import { beatWhileWorking } from '../../workers/heartbeats.ts';
import { ids, type RunObservation, SIGNALS } from '../../workflows/contract.ts';
import type { RunReport, RunRequest } from '../../workflows/domain/run.ts';
import type { job } from '../../workflows/job.ts';
import type { ExecutorPorts, PodPorts } from '../../workflows/ports.ts';
import { type PodHand, takeHand } from '../activities/kubernetes/hand-driven.ts';
import { renderedPod } from '../activities/kubernetes/rendered-pod.ts';
import { attemptOf, type Practice, practice } from '../activities/local/practice.ts';
import type { ControlPlane } from '../cluster/control-plane.ts';
import { freshDatabase, type TestDatabase, temporalAddress } from '../environment.ts';
import { until } from '../system/until.ts';
import { workflowBundle } from './bundle.ts';
import { createTell } from './tell-runs.ts';

/** What a run is rendered to, beyond the usual. */
export interface PodScript {
  readonly rendered?: Partial<RenderedRun>;
  readonly spec?: object;
  readonly namespace?: string;
  /** Called whenever it is rendered; what it throws is the database's. */
  readonly beforeRender?: () => void;
  /** Called before its pod is made. */
  readonly beforeStart?: () => Promise<void>;
  /** Called when its pod was made, before anybody hears of it. */
  readonly afterStart?: (uuid: string) => void | Promise<void>;
}

/** A run that was started. */
export interface PodRun {
  readonly run: RunRequest;
  readonly handle: WorkflowHandle<typeof job>;
  /** Waits for the pod of an attempt, the first by default. */
  pod(attempt?: number): Promise<Pod>;
  /** Waits for a state, and returns that report. */
  state(state: RunReport['state']): Promise<RunReport>;
  /** What its owner was told: states and descriptions. */
  told(): readonly (readonly [string, string])[];
  result(): Promise<RunReport>;
}

/** The `job` workflow, the executor and the informer, on a real API with pods that a test drives. */
export interface PodWorld {
  readonly given: Practice;
  readonly database: TestDatabase;
  readonly hand: PodHand;
  readonly client: Client;
  start(change?: Partial<RunRequest>, script?: PodScript): Promise<PodRun>;
  /** A run as its page has it. */
  rowOf(run: RunRequest): Promise<RunRecord | undefined>;
  /** What is done while no informer is on; the next one lists what there is. */
  unseen(act: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** What is short in tests. */
const PATIENCE: RunPatience = { troubleTimeout: 300, reachTimeout: 60_000, firstLook: 1_000 };

/** Aliases of build clusters that are served; all are the same API. */
const CLUSTERS = ['default', 'green', 'blue'];

/** Brings one up on an API. */
export async function openPodWorld(
  plane: ControlPlane,
  patience: RunPatience = {},
): Promise<PodWorld> {
  const quiet = (): void => {};
  Runtime.install({
    logger: { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
  const hand = await takeHand(plane);
  const given = practice();
  const database = await freshDatabase();
  const connection = await NativeConnection.connect({ address: temporalAddress() });
  const client = new Client({ connection });
  const queue = `pods-${randomUUID()}`;
  const scripts = new Map<string, PodScript>();
  const reports: RunReport[] = [];
  const render = async ({ uuid }: RunRequest): Promise<RenderedRun> => {
    const {
      rendered,
      beforeRender,
      beforeStart: _,
      afterStart: __,
      ...pod
    } = scripts.get(uuid) ?? {};
    beforeRender?.();
    const usual = { pod: (buildId: string) => renderedPod({ uuid, buildId, ...pod }) };
    return given.render(['true'], { ...usual, ...rendered });
  };
  const tell = createTell(client, queue, reports);
  const runs = createRunActivities({
    db: database.db,
    tell,
    openStorage,
    render,
    executorFor: (cluster) =>
      CLUSTERS.includes(cluster) ? { kind: 'kubernetes', queue: `${queue}-${cluster}` } : undefined,
    patience: { ...PATIENCE, ...patience },
  });
  const real = createKubernetesExecutor({
    api: hand.api,
    render,
    openStorage,
    replaceWithin: 2_000,
    stopMargin: 500,
    volumePatience: 0,
  });
  const activities: ExecutorPorts & PodPorts = {
    ...real,
    startRun: async (attempt) => {
      await scripts.get(attempt.run.uuid)?.beforeStart?.();
      const seen = await real.startRun(attempt);
      await scripts.get(attempt.run.uuid)?.afterStart?.(attempt.run.uuid);
      return seen;
    },
  };
  const workers = await Promise.all([
    Worker.create({
      connection,
      interceptors: { activity: [beatWhileWorking] },
      taskQueue: queue,
      workflowBundle: await workflowBundle(),
      activities: { ...runs, tell },
    }),
    ...CLUSTERS.map((cluster) =>
      Worker.create({
        connection,
        interceptors: { activity: [beatWhileWorking] },
        taskQueue: `${queue}-${cluster}`,
        activities: { ...activities },
      }),
    ),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  const startWatch = () =>
    watchRuns({
      api: hand.api,
      namespace: async () => hand.namespace,
      keepEnded: async () => 60_000,
      tell: (uuid, seen) => observed(client, uuid, seen),
      lives: (uuid) => lives(client, uuid),
      calmAfter: 100,
      onError: quiet,
    });
  let watch = startWatch();
  let turn: Promise<unknown> = Promise.resolve();
  return {
    given,
    database,
    hand,
    client,
    start: async (change = {}, script = {}) => {
      const { run } = attemptOf(given, change);
      scripts.set(run.uuid, script);
      const handle = await client.workflow.start<typeof job>('job', {
        workflowId: ids.job(run.uuid),
        taskQueue: queue,
        args: [{ run }],
      });
      return podRun({ run, handle }, hand, reports);
    },
    rowOf: ({ uuid }) => readRun(database.db, uuid),
    unseen: (act) => {
      const mine = turn.then(async () => {
        await watch.close();
        await act().finally(() => {
          watch = startWatch();
        });
      });
      turn = mine.catch(() => undefined);
      return mine;
    },
    close: async () => {
      await watch.close();
      for (const worker of workers) worker.shutdown();
      await running;
      await connection.close();
      await database.drop();
      rmSync(given.folder, { recursive: true, force: true });
    },
  };
}

function podRun(
  started: Pick<PodRun, 'run' | 'handle'>,
  hand: PodHand,
  reports: readonly RunReport[],
): PodRun {
  const { run, handle } = started;
  const mine = () => reports.filter(({ uuid }) => uuid === run.uuid);
  return {
    ...started,
    pod: (attempt = 1) =>
      until(`the pod of attempt ${attempt}`, 60_000, async () => {
        const pod = await hand.read(run.uuid);
        const is = pod?.metadata.annotations['bowsprit/attempt'] === `${attempt}`;
        return is && pod.metadata.deletionTimestamp === undefined ? pod : undefined;
      }),
    state: (state) =>
      until(`the state ${state}`, 60_000, () => mine().find((report) => report.state === state)),
    told: () => mine().map(({ state, description }) => [state, description] as const),
    result: () => handle.result(),
  };
}

async function observed(client: Client, uuid: string, seen: RunObservation): Promise<boolean> {
  try {
    await client.workflow.getHandle(ids.job(uuid)).signal(SIGNALS.observed, seen);
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

async function lives(client: Client, uuid: string): Promise<boolean> {
  const { status } = await client.workflow.getHandle(ids.job(uuid)).describe();
  return status.name === 'RUNNING';
}

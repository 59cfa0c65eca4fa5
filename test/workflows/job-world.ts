import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { heartbeat } from '@temporalio/activity';
import { Client, type WorkflowHandle } from '@temporalio/client';
import { bundleWorkflowCode, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { LocalExecutor } from '../../activities/local/local-executor.ts';
import { watchLocalRuns } from '../../activities/local/watch-local-runs.ts';
import type { RenderedRun } from '../../activities/rendered-run.ts';
import { createRunActivities } from '../../activities/runs.ts';
import { openStorage } from '../../activities/storage/open-storage.ts';
import { beatWhileWorking } from '../../workers/heartbeats.ts';
import { ids } from '../../workflows/contract.ts';
import type { RunReport, RunRequest } from '../../workflows/domain/run.ts';
import type { job } from '../../workflows/job.ts';
import { attemptOf, type Practice, practice } from '../activities/local/practice.ts';
import { freshDatabase, type TestDatabase, temporalAddress } from '../environment.ts';
import { createTell } from './tell-runs.ts';

/** How the next jobs behave. */
export interface JobScript {
  command: readonly string[];
  change: Partial<RenderedRun>;
  /** Hears of every state besides; it may throw. */
  hear?: ((run: RunRequest, state: string) => void) | undefined;
}

/** A Temporal server with a worker, a host and a database: everything that runs need. */
export interface JobWorld {
  readonly given: Practice;
  readonly database: TestDatabase;
  readonly client: Client;
  readonly script: JobScript;
  /** What owners were told, in order. */
  readonly reports: RunReport[];
  readonly executor: LocalExecutor;
  readonly queue: string;
  start(change?: Partial<RunRequest>): Promise<WorkflowHandle<typeof job> & { run: RunRequest }>;
  reportsOf(run: RunRequest): readonly RunReport[];
  close(): Promise<void>;
}

/** Brings one up; `hostQueue` can be left without a worker. */
export async function openJobWorld(): Promise<JobWorld> {
  Runtime.install({
    logger: { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} },
  });
  const given = practice();
  const database = await freshDatabase();
  const connection = await NativeConnection.connect({ address: temporalAddress() });
  const client = new Client({ connection });
  const queue = `job-${randomUUID()}`;
  const script: JobScript = { command: ['true'], change: {} };
  const reports: RunReport[] = [];
  const render = async () => given.render(script.command, script.change);
  const executor = given.executor([], {}, { render, heartbeat: () => heartbeat() });
  const tell = createTell(client, queue, reports);
  const runs = createRunActivities({
    db: database.db,
    tell,
    openStorage,
    render,
    reporters: [
      {
        name: 'scripted',
        wants: () => script.hear !== undefined,
        report: async ({ publication: { run, report } }) => script.hear?.(run, report.state),
      },
    ],
    executorFor: (cluster) =>
      cluster === 'ghost' ? undefined : { kind: 'local', queue: `${queue}-${cluster}` },
  });
  const core = await Worker.create({
    connection,
    taskQueue: queue,
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('./job-workflows.ts', import.meta.url)),
      logger: { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} },
    }),
    activities: { ...runs, tell },
  });
  const host = await Worker.create({
    interceptors: { activity: [beatWhileWorking] },
    connection,
    taskQueue: `${queue}-default`,
    activities: {
      startRun: executor.startRun,
      observeRun: executor.observeRun,
      stopRun: executor.stopRun,
    },
  });
  const running = Promise.all([core.run(), host.run()]);
  const watch = watchLocalRuns(executor, { tell, onError: () => undefined, pollMs: 200 });
  return {
    given,
    database,
    client,
    script,
    reports,
    executor,
    queue,
    async start(change) {
      const { run } = attemptOf(given, change);
      const handle = await client.workflow.start<typeof job>('job', {
        workflowId: ids.job(run.uuid),
        taskQueue: queue,
        args: [{ run }],
      });
      return { ...handle, run };
    },
    reportsOf: ({ uuid }) => reports.filter((report) => report.uuid === uuid),
    async close() {
      await watch.close();
      core.shutdown();
      host.shutdown();
      await running;
      await connection.close();
      await database.drop();
      rmSync(given.folder, { recursive: true, force: true });
    },
  };
}

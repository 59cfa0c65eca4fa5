import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { openDatabase } from '../activities/database/database.ts';
import { migrate } from '../activities/database/migrate.ts';
import { knowClusters } from '../activities/kubernetes/known-clusters.ts';
import { deliver } from '../activities/tell.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import { createLogger } from '../gateway/logger.ts';
import { CORE_QUEUE, hostQueue } from '../workflows/contract.ts';
import { createCoreActivities } from './activities.ts';
import { serveBuildClusters } from './build-clusters.ts';
import { bundlePath } from './bundle.ts';
import { openConfiguration, orgsOf } from './configuration.ts';
import { connectWorker, persistently } from './connect.ts';
import { beatWhileWorking } from './heartbeats.ts';
import { clusterPlaces } from './kubernetes-runs.ts';
import { createLocalRuns, type LocalRuns } from './local-runs.ts';
import type { WorkerCommandOptions } from './options.ts';
import { stopSignal } from './provision/stop-signal.ts';
import { scheduleRepairs } from './repair-schedules.ts';
import { createReporters } from './reporters.ts';
import { serveMetrics } from './serve-metrics.ts';
import { connectTemporal } from './temporal-client.ts';
import { logTemporalTo } from './temporal-logger.ts';

/** Entities that stay in memory: one per active pull request, at about 300 KiB (T§2b). */
const CACHED_WORKFLOWS = 3_000;

/** For so long a worker that starts waits for the first configuration, before it says that it is up. */
const FIRST_CONFIG_MS = 20_000;

/** Runs workflows and activities until somebody ends the process. */
export async function runWorker(options: WorkerCommandOptions): Promise<void> {
  const log = createLogger('worker');
  logTemporalTo(log);
  await mkdir(options.stateDir, { recursive: true, mode: 0o711 });
  const database = openDatabase(options.databaseUrl);
  await persistently(() => migrate(database), log);
  const temporal = await connectTemporal(options.temporal);
  const { client } = temporal;
  const registry = new Registry();
  const configuration = await openConfiguration({
    database,
    client,
    paths: options.config,
    policy: options.configPolicy,
    registry,
    log,
    onActive: keepRepairs(client, options, log),
  });
  const connection = await connectWorker(options.temporal, log);
  const parts = { options, client, database, config: configuration.store, registry, log };
  const core = createCoreActivities(parts);
  const clusters = knowClusters(options.clusters);
  const local = createLocalRuns(parts, {
    root: join(options.stateDir, 'runs'),
    name: hostname(),
    reporters: createReporters(options, core),
    ...(clusters.aliases().length === 0 ? {} : { clusters: clusterPlaces(clusters) }),
  });
  const shared = sharedOptions(connection, options);
  const workers = await createWorkers({ core, local }, shared);
  const pods = await serveBuildClusters(parts, { clusters, local, shared });
  const watch = local.watch((message) => deliver(client, message));
  const stopped = stopSignal();
  const runs = Promise.all(workers.map((worker) => worker.run()));
  const ended = Promise.race([runs, pods.broken]);
  // What is active is decided by a workflow, which we may be the first to run.
  await Promise.race([configuration.active(FIRST_CONFIG_MS), ended, stopped]);
  const place = { host: options.host, port: options.metricsPort };
  const metrics = await serveMetrics(registry, place, configuration.standing);
  log.info({ host: hostname(), metricsPort: options.metricsPort }, 'worker is up');
  await Promise.race([ended, stopped]);
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  await Promise.all([runs, pods.close()]);
  await configuration.close();
  await watch.close();
  await metrics.close();
  await database.close();
  await connection.close();
  await temporal.close();
}

/** The schedules follow the configuration; until they do, the old ones stay. */
function keepRepairs(client: Client, options: WorkerCommandOptions, log: Logger) {
  const { webhookUrl: hookUrl, repairEveryMs: everyMs } = options;
  return (snapshot: ConfigSnapshot): void => {
    const plan = { orgs: orgsOf(snapshot), hookUrl, everyMs };
    persistently(() => scheduleRepairs(client, plan), log).catch((error: unknown) =>
      log.error({ error: String(error) }, 'repair passes not scheduled'),
    );
  };
}

type SharedOptions = ReturnType<typeof sharedOptions>;

function sharedOptions(connection: NativeConnection, { temporal }: WorkerCommandOptions) {
  return {
    connection,
    namespace: temporal.namespace,
    shutdownGraceTime: '5s',
    shutdownForceTime: '20s',
    interceptors: { activity: [beatWhileWorking] },
    // The server hears at least so often that an activity lives.
    maxHeartbeatThrottleInterval: 2_000,
  } satisfies Omit<WorkerOptions, 'taskQueue'>;
}

async function createWorkers(
  {
    core,
    local,
  }: { readonly core: ReturnType<typeof createCoreActivities>; readonly local: LocalRuns },
  shared: SharedOptions,
): Promise<readonly Worker[]> {
  return Promise.all([
    Worker.create({
      ...shared,
      taskQueue: CORE_QUEUE,
      workflowBundle: { codePath: bundlePath() },
      activities: { ...core, ...local.runActivities },
      maxCachedWorkflows: CACHED_WORKFLOWS,
    }),
    Worker.create({
      ...shared,
      taskQueue: hostQueue(hostname()),
      activities: { ...local.executorActivities },
    }),
  ]);
}

import { heartbeat } from '@temporalio/activity';
import { probeIsolation } from '../activities/local/isolation.ts';
import { createLocalExecutor } from '../activities/local/local-executor.ts';
import { type LocalTrust, localRefusal } from '../activities/local/trust.ts';
import { type LocalWatch, watchLocalRuns } from '../activities/local/watch-local-runs.ts';
import type { RenderRun } from '../activities/rendered-run.ts';
import type { Reporter } from '../activities/reporting/reporter.ts';
import { createRunActivities, createRunRenderer, type ExecutorPlace } from '../activities/runs.ts';
import { createStorageOpener } from '../activities/storage/open-storage.ts';
import type { OpenStorage } from '../activities/storage/storage.ts';
import { deliver } from '../activities/tell.ts';
import { hostQueue, type Message } from '../workflows/contract.ts';
import type { ExecutorPorts, ReportPorts, RunPorts } from '../workflows/ports.ts';
import type { WorkerParts } from './activities.ts';
import { cloneUrlOf } from './urls.ts';

/** The local executor of this host, and the activities on runs that lead to it. */
export interface LocalRuns {
  readonly render: RenderRun;
  readonly openStorage: OpenStorage;
  readonly runActivities: RunPorts & ReportPorts;
  readonly executorActivities: ExecutorPorts;
  watch(tell: (message: Message) => Promise<void>): LocalWatch;
}

/** Where this machine's runs are, and what it is called. */
export interface LocalHost {
  readonly root: string;
  readonly name: string;
  /** Where the jobs of a build cluster run; nothing if all clusters are this machine. */
  readonly clusters?: (alias: string) => ExecutorPlace | undefined;
  /** Who hears of runs. */
  readonly reporters: readonly Reporter[];
}

/** Builds the local executor, and the activities on runs wherever they run. */
export function createLocalRuns(
  parts: WorkerParts,
  { root, name, clusters, reporters }: LocalHost,
): LocalRuns {
  const { options, config, database, log } = parts;
  const isolation = probeIsolation();
  if (isolation.missing !== '') log.warn({ missing: isolation.missing }, 'jobs are less isolated');
  const trust: LocalTrust = {
    realGitHub: !options.practice,
    repositories: options.localExecutorTrust,
    network: options.localExecutorNetwork,
  };
  const { storageCredentials } = options;
  const render = createRunRenderer({
    snapshotByHash: config.byHash,
    storageUrl: options.storage,
    namedBuckets: clusters !== undefined,
    runUrl: (run) => `${options.publicUrl}/view/prowjob/${run.uuid}`,
  });
  const cloneUrl = cloneUrlOf(options.github);
  const executor = createLocalExecutor({
    root,
    render,
    storageCredentials,
    cloneUrl: (org, repo) => cloneUrl({ org, repo }),
    trust,
    isolation,
    secrets: [
      options.stateDir,
      ...(options.github.tokenPath ? [options.github.tokenPath] : []),
      ...Object.values(storageCredentials),
    ],
    heartbeat: () => heartbeat(),
  });
  const openStorage = createStorageOpener(storageCredentials);
  const here: ExecutorPlace = {
    kind: 'local',
    queue: hostQueue(name),
    refusal: (run) => localRefusal(run, trust, isolation),
  };
  return {
    render,
    openStorage,
    runActivities: createRunActivities({
      db: database,
      openStorage,
      render,
      executorFor: clusters ?? (() => here),
      totUrl: options.totUrl,
      tell: (message) => deliver(parts.client, message),
      reporters,
      warn: (reason) => log.warn({ reason }, 'a run goes on without something'),
    }),
    executorActivities: {
      startRun: executor.startRun,
      observeRun: executor.observeRun,
      stopRun: executor.stopRun,
    },
    watch: (tell) =>
      watchLocalRuns(executor, {
        tell,
        onError: (error) => log.warn({ error: String(error) }, 'runs not looked at'),
      }),
  };
}

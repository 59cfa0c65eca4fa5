import { heartbeat } from '@temporalio/activity';
import { probeIsolation } from '../activities/local/isolation.ts';
import { createLocalExecutor } from '../activities/local/local-executor.ts';
import { type LocalTrust, localRefusal } from '../activities/local/trust.ts';
import { type LocalWatch, watchLocalRuns } from '../activities/local/watch-local-runs.ts';
import { createRunActivities, createRunRenderer } from '../activities/runs.ts';
import { openStorage } from '../activities/storage/open-storage.ts';
import { hostQueue, type Message } from '../workflows/contract.ts';
import type { ExecutorPorts, RunPorts } from '../workflows/ports.ts';
import type { WorkerParts } from './activities.ts';
import { cloneUrlOf } from './urls.ts';

/** The local executor of this host, and the activities on runs that lead to it. */
export interface LocalRuns {
  readonly runActivities: RunPorts;
  readonly executorActivities: ExecutorPorts;
  watch(tell: (message: Message) => Promise<void>): LocalWatch;
}

/** Builds the local executor: all build clusters of the configuration are this machine. */
export function createLocalRuns(parts: WorkerParts, root: string, host: string): LocalRuns {
  const { options, config, database, log } = parts;
  const isolation = probeIsolation();
  if (isolation.missing !== '') log.warn({ missing: isolation.missing }, 'jobs are less isolated');
  const trust: LocalTrust = {
    realGitHub: !options.practice,
    repositories: options.localExecutorTrust,
    network: options.localExecutorNetwork,
  };
  const storageUrl = options.storage.replace(/\/+$/, '');
  const render = createRunRenderer({
    snapshotByHash: config.byHash,
    storageUrl,
    runUrl: (run) => `${options.publicUrl}/view/prowjob/${run.uuid}`,
  });
  const cloneUrl = cloneUrlOf(options.github);
  const executor = createLocalExecutor({
    root,
    render,
    storageUrl,
    cloneUrl: (org, repo) => cloneUrl({ org, repo }),
    trust,
    isolation,
    secrets: [options.stateDir, ...(options.github.tokenPath ? [options.github.tokenPath] : [])],
    heartbeat: () => heartbeat(),
  });
  return {
    runActivities: createRunActivities({
      db: database,
      storage: openStorage(storageUrl),
      storageUrl,
      render,
      executorFor: () => ({
        kind: 'local',
        queue: hostQueue(host),
        refusal: (run) => localRefusal(run, trust, isolation),
      }),
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

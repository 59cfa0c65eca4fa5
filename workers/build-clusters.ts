import { Worker, type WorkerOptions } from '@temporalio/worker';
import pRetry from 'p-retry';
import type { Subscription } from '../activities/database/listen.ts';
import { oneAtATime } from '../activities/database/one-at-a-time.ts';
import type { BuildCluster } from '../activities/kubernetes/build-clusters.ts';
import type { KnownClusters } from '../activities/kubernetes/known-clusters.ts';
import type { PodApi } from '../activities/kubernetes/pod-api.ts';
import { clusterQueue } from '../workflows/contract.ts';
import type { WorkerParts } from './activities.ts';
import { tellClusterStates } from './cluster-states.ts';
import { type ClusterRuns, createClusterRuns } from './kubernetes-runs.ts';
import type { LocalRuns } from './local-runs.ts';
import { openStations, type Station } from './stations.ts';

type SharedOptions = Omit<WorkerOptions, 'taskQueue' | 'activities'>;

/** What serving them takes. */
export interface BuildClustersSetting {
  readonly clusters: KnownClusters;
  readonly local: LocalRuns;
  /** Of all workers of Temporal's in this process. */
  readonly shared: SharedOptions;
}

/** A Temporal that is away comes back. */
const UNTIL_SERVED = { retries: Number.POSITIVE_INFINITY, minTimeout: 1_000, maxTimeout: 30_000 };

/** Serves the build clusters that the kubeconfig names, now and whenever it changes, until it is closed. */
export async function serveBuildClusters(
  parts: WorkerParts,
  setting: BuildClustersSetting,
): Promise<{ readonly broken: Promise<never>; close(): Promise<void> }> {
  const { log } = parts;
  const { clusters, local, shared } = setting;
  const runs = createClusterRuns(parts, local);
  const stations = openStations(clusters, stationOpener(runs, shared));
  await stations.adjust();
  const onError = (error: unknown): void =>
    log.error({ error: String(error) }, 'a change of the build clusters is not carried out yet');
  const closing = new AbortController();
  const { signal } = closing;
  const adjust = (): void => {
    const onFailedAttempt = ({ error }: { readonly error: Error }): void => onError(error);
    pRetry(() => stations.adjust(), { ...UNTIL_SERVED, signal, onFailedAttempt }).catch(
      (error: unknown) => {
        if (!signal.aborted) onError(error);
      },
    );
  };
  const states = tellStates(parts, setting, runs);
  const following = clusters.follow({
    onChange: () => {
      log.info({ clusters: clusters.aliases() }, 'the kubeconfig changed');
      adjust();
    },
    onError,
  });
  return {
    broken: stations.broken,
    close: async () => {
      closing.abort();
      await following.close();
      await states.stop();
      await stations.close();
    },
  };
}

/** One worker at a time says how the clusters are. */
function tellStates(
  { database, config, log }: WorkerParts,
  { clusters, local: { openStorage } }: BuildClustersSetting,
  runs: ClusterRuns,
): Subscription {
  if (clusters.aliases().length === 0) return { stop: async () => undefined };
  const apis = (): readonly PodApi[] =>
    clusters.aliases().flatMap((alias) => {
      const cluster = clusters.get(alias);
      return cluster === undefined ? [] : [runs.api(cluster)];
    });
  return oneAtATime(database, 'cluster-states', () =>
    tellClusterStates({
      apis,
      prow: async () => (await config.current(0)).snapshot.prow,
      openStorage,
      onError: (error) => log.warn({ error: String(error) }, 'the states of clusters are not told'),
    }),
  );
}

/** Opens what works for a build cluster: a worker on its task queue, and its informer. */
function stationOpener(
  runs: ClusterRuns,
  shared: SharedOptions,
): (cluster: BuildCluster) => Promise<Station> {
  return async (cluster) => {
    const api = runs.api(cluster);
    const worker = await Worker.create({
      ...shared,
      taskQueue: clusterQueue(api.alias),
      activities: { ...runs.executor(api) },
    });
    const ended = worker.run();
    const informer = runs.informer(cluster, api);
    return {
      ended,
      close: async () => {
        if (worker.getState() === 'RUNNING') worker.shutdown();
        await Promise.all([ended, informer.stop()]);
      },
    };
  };
}

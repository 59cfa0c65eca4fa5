import { Worker, type WorkerOptions } from '@temporalio/worker';
import type { BuildCluster } from '../activities/kubernetes/build-clusters.ts';
import type { KnownClusters } from '../activities/kubernetes/known-clusters.ts';
import { clusterQueue } from '../workflows/contract.ts';
import type { WorkerParts } from './activities.ts';
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

/** Serves the build clusters that the kubeconfig names, now and whenever it changes, until it is closed. */
export async function serveBuildClusters(
  parts: WorkerParts,
  { clusters, local, shared }: BuildClustersSetting,
): Promise<{ readonly broken: Promise<never>; close(): Promise<void> }> {
  const { log } = parts;
  const stations = openStations(clusters, stationOpener(createClusterRuns(parts, local), shared));
  await stations.adjust();
  const onError = (error: unknown): void =>
    log.error({ error: String(error) }, 'the build clusters are as they were');
  const following = clusters.follow({
    onChange: () => {
      log.info({ clusters: clusters.aliases() }, 'the kubeconfig changed');
      stations.adjust().catch(onError);
    },
    onError,
  });
  return {
    broken: stations.broken,
    close: async () => {
      await following.close();
      await stations.close();
    },
  };
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

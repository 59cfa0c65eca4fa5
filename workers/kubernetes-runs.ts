import { heartbeat } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import { Counter } from 'prom-client';
import type { BuildCluster } from '../activities/kubernetes/build-clusters.ts';
import { createKubernetesExecutor } from '../activities/kubernetes/kubernetes-executor.ts';
import { createPodApi, type PodApi } from '../activities/kubernetes/pod-api.ts';
import { watchRuns } from '../activities/kubernetes/tell-runs.ts';
import { createTransport } from '../activities/kubernetes/transport.ts';
import type { ExecutorPlace } from '../activities/runs.ts';
import { clusterQueue, ids, type RunObservation, SIGNALS } from '../workflows/contract.ts';
import type { ExecutorPorts, PodPorts } from '../workflows/ports.ts';
import type { WorkerParts } from './activities.ts';
import type { LocalRuns } from './local-runs.ts';

/** The executors of all build clusters, each on its own queue. */
export interface KubernetesRuns {
  readonly executors: readonly {
    readonly queue: string;
    readonly activities: ExecutorPorts & PodPorts;
  }[];
  /** Tells runs of their pods until it is closed. */
  watch(): { close(): Promise<void> };
}

type Clusters = ReadonlyMap<string, BuildCluster>;

/** Where the jobs of a build cluster run: nowhere if it is not configured. */
export function clusterPlaces(clusters: Clusters): (alias: string) => ExecutorPlace | undefined {
  return (alias) =>
    clusters.has(alias) ? { kind: 'kubernetes', queue: clusterQueue(alias) } : undefined;
}

/** Builds one executor and one informer per build cluster. */
export function createKubernetesRuns(
  parts: WorkerParts,
  clusters: Clusters,
  { render, storage }: Pick<LocalRuns, 'render' | 'storage'>,
): KubernetesRuns {
  const requests = new Counter({
    name: 'bowsprit_cluster_requests_total',
    help: 'Requests to the APIs of build clusters.',
    labelNames: ['cluster', 'method'],
    registers: [parts.registry],
  });
  const count = (cluster: string, method: string): void => requests.inc({ cluster, method });
  const apis = [...clusters.values()].map((cluster) =>
    createPodApi(createTransport(cluster, count)),
  );
  return {
    executors: apis.map((api) => ({
      queue: clusterQueue(api.alias),
      activities: createKubernetesExecutor({ api, render, storage, heartbeat: () => heartbeat() }),
    })),
    watch: () => {
      const watches = apis.map((api) => watchCluster(parts, api));
      return {
        close: async () => {
          await Promise.all(watches.map((watch) => watch.close()));
        },
      };
    },
  };
}

/** What Prow keeps pods of ended runs for, unless it is configured. */
const KEEP_ENDED_MS = 24 * 60 * 60_000;

function watchCluster({ client, config, log }: WorkerParts, api: PodApi) {
  return watchRuns({
    api,
    namespace: async () => (await config.current(0)).snapshot.prow.pod_namespace,
    keepEnded: async () => KEEP_ENDED_MS,
    tell: (uuid, seen) => tellRun(client, uuid, seen),
    onError: (error) =>
      log.warn({ cluster: api.alias, error: String(error) }, 'pods not looked at'),
  });
}

async function tellRun(
  client: WorkerParts['client'],
  uuid: string,
  seen: RunObservation,
): Promise<boolean> {
  try {
    await client.workflow.getHandle(ids.job(uuid)).signal(SIGNALS.observed, seen);
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

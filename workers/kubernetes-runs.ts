import { heartbeat } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import { Counter } from 'prom-client';
import type { Subscription } from '../activities/database/listen.ts';
import { oneAtATime } from '../activities/database/one-at-a-time.ts';
import { saveReported } from '../activities/database/run-reports.ts';
import { type BuildCluster, placeOf } from '../activities/kubernetes/build-clusters.ts';
import { createEndedPods, type EndedPods } from '../activities/kubernetes/ended-pods.ts';
import type { KnownClusters } from '../activities/kubernetes/known-clusters.ts';
import { createKubernetesExecutor } from '../activities/kubernetes/kubernetes-executor.ts';
import type { PodApi } from '../activities/kubernetes/pod-api.ts';
import { podApis } from '../activities/kubernetes/pod-apis.ts';
import { watchRuns } from '../activities/kubernetes/tell-runs.ts';
import type { ExecutorPlace } from '../activities/runs.ts';
import { durationMilliseconds } from '../config/duration.ts';
import type { ProwConfig } from '../config/prow/config-file.ts';
import { clusterQueue, ids, type RunObservation, SIGNALS } from '../workflows/contract.ts';
import type { Attempt, ExecutorPorts, PodPorts } from '../workflows/ports.ts';
import type { WorkerParts } from './activities.ts';
import type { LocalRuns } from './local-runs.ts';

/** Where the jobs of a build cluster run: nowhere if it is not configured. */
export function clusterPlaces(
  clusters: Pick<KnownClusters, 'get'>,
): (alias: string) => ExecutorPlace | undefined {
  return (alias) =>
    clusters.get(alias) === undefined
      ? undefined
      : { kind: 'kubernetes', queue: clusterQueue(alias) };
}

/** Makes the executors of build clusters, each with its informer. */
export interface ClusterRuns {
  executor(api: PodApi): ExecutorPorts & PodPorts;
  /** Tells runs of their pods until it is stopped: one for each place, whatever it is called and however many workers there are. */
  informer(cluster: BuildCluster, api: PodApi): Subscription;
  api(cluster: BuildCluster): PodApi;
}

/** One for all build clusters. */
export function createClusterRuns(
  parts: WorkerParts,
  { render, openStorage }: Pick<LocalRuns, 'render' | 'openStorage'>,
): ClusterRuns {
  const requests = new Counter({
    name: 'bowsprit_cluster_requests_total',
    help: 'Requests to the APIs of build clusters.',
    labelNames: ['cluster', 'method'],
    registers: [parts.registry],
  });
  const count = (cluster: string, method: string): void => requests.inc({ cluster, method });
  const ended = createEndedPods();
  return {
    api: podApis(count),
    executor: (api) =>
      createKubernetesExecutor({
        api,
        render,
        openStorage,
        ended,
        heartbeat: () => heartbeat(),
        lost: (attempt, reason) => noteLoss(parts, attempt, reason),
      }),
    informer: (cluster, api) =>
      oneAtATime(parts.database, `informer/${placeOf(cluster)}`, () =>
        watchCluster(parts, api, ended),
      ),
  };
}

/** On the run's page, under Prow's name of who keeps the descriptions of pods. */
async function noteLoss(
  { database, log }: WorkerParts,
  { run, attempt }: Attempt,
  problem: string,
): Promise<void> {
  log.warn({ uuid: run.uuid, reason: problem }, 'nothing could be kept of a pod');
  const [reporter, state] = ['gcsk8sreporter', 'complete'];
  const note = { reporter, version: attempt, state, mark: state, problem };
  await saveReported(database, run.uuid, note);
}

function watchCluster({ client, config, log }: WorkerParts, api: PodApi, ended: EndedPods) {
  const prow = async (): Promise<ProwConfig> => (await config.current(0)).snapshot.prow;
  return watchRuns({
    api,
    ended,
    namespace: async () => (await prow()).pod_namespace,
    keepEnded: async () => {
      const { terminated_pod_ttl, max_pod_age, exclude_clusters } = (await prow()).sinker;
      if (exclude_clusters.includes(api.alias)) return Number.POSITIVE_INFINITY;
      return durationMilliseconds(terminated_pod_ttl ?? max_pod_age);
    },
    relistEvery: async () => durationMilliseconds((await prow()).sinker.resync_period),
    tell: (uuid, seen) => tellRun(client, uuid, seen),
    lives: (uuid) => livesRun(client, uuid),
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

async function livesRun(client: WorkerParts['client'], uuid: string): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(ids.job(uuid)).describe();
    return status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Duty } from '../activities/database/one-at-a-time.ts';
import { stateOfCluster } from '../activities/kubernetes/cluster-state.ts';
import type { PodApi } from '../activities/kubernetes/pod-api.ts';
import type { OpenStorage } from '../activities/storage/storage.ts';
import type { ProwConfig } from '../config/prow/config-file.ts';

/** What telling how the build clusters are takes. */
export interface ClusterStatesSetting {
  readonly apis: () => readonly PodApi[];
  readonly prow: () => Promise<ProwConfig>;
  readonly openStorage: OpenStorage;
  readonly onError: (error: unknown) => void;
  /** Milliseconds. */
  readonly every?: number;
}

/** As Prow. */
const EVERY_MS = 60_000;
const REMOTE = /^((?:gs|s3):\/\/.+)\/([^/]+)$/;

/** Writes `plank.build_cluster_status_file` again and again, if the configuration names one (J§1.2.5). */
export function tellClusterStates(setting: ClusterStatesSetting): Duty {
  const closing = new AbortController();
  const { signal } = closing;
  const work = async (): Promise<void> => {
    while (!signal.aborted) {
      await tellOnce(setting).catch(setting.onError);
      await delay(setting.every ?? EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  };
  const working = work();
  return {
    close: async () => {
      closing.abort();
      await working;
    },
  };
}

async function tellOnce({ apis, prow, openStorage }: ClusterStatesSetting): Promise<void> {
  const { plank, pod_namespace: namespace } = await prow();
  const address = plank.build_cluster_status_file;
  if (address === '') return;
  const [, folder, name] = REMOTE.exec(address) ?? [];
  if (folder === undefined || name === undefined) {
    throw new Error(`plank.build_cluster_status_file: ${address} is no gs:// or s3:// object`);
  }
  const states = await Promise.all(
    apis().map(async (api) => [api.alias, await stateOfCluster(api, namespace)] as const),
  );
  const options = { contentType: 'application/json', cacheControl: 'no-cache' };
  await openStorage(folder).write(name, JSON.stringify(Object.fromEntries(states)), options);
}

import type { BuildCluster } from './build-clusters.ts';
import { createPodApi, type PodApi } from './pod-api.ts';
import { type CountRequest, createTransport } from './transport.ts';

/** One way to each build cluster, opened when first asked for. */
export function podApis(count?: CountRequest): (cluster: BuildCluster) => PodApi {
  const apis = new WeakMap<BuildCluster, PodApi>();
  return (cluster) => {
    const api = apis.get(cluster) ?? createPodApi(createTransport(cluster, count));
    apis.set(cluster, api);
    return api;
  };
}

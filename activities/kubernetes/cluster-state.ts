import { ClusterRefusal } from './cluster-error.ts';
import type { PodApi } from './pod-api.ts';

/** Prow's words for how a build cluster is (J§1.2.5). */
export type ClusterState = 'Reachable' | 'MissingPermissions' | 'Error';

/** What running pods takes, as Prow asks for it. */
const VERBS = ['create', 'delete', 'list', 'watch', 'get', 'patch'] as const;

/** Asks a cluster whether we may do there what we have to. */
export async function stateOfCluster(api: PodApi, namespace: string): Promise<ClusterState> {
  try {
    const answers = await Promise.all(VERBS.map((verb) => api.mayDo(verb, namespace)));
    return answers.every(Boolean) ? 'Reachable' : 'MissingPermissions';
  } catch (error) {
    return error instanceof ClusterRefusal ? 'MissingPermissions' : 'Error';
  }
}

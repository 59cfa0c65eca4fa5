import type { Finding } from './finding.ts';
import type { CheckSubject } from './subject.ts';
import { jobField, listedJobs } from './subject.ts';

/** The state of each build cluster, as the file of `plank.build_cluster_status_file` says it. */
export type ClusterStates = Readonly<Record<string, string>>;

/** `validate-cluster-field`: unknown clusters, if it is known which there are. */
export function clusterFields(
  subject: CheckSubject,
  states: ClusterStates | undefined,
): readonly Finding[] {
  return listedJobs(subject).flatMap((listed) => {
    const { name, cluster, agent } = listed.job;
    const finding = {
      warning: 'validate-cluster-field' as const,
      place: jobField(listed, 'cluster'),
    };
    if (agent === 'jenkins' && cluster !== 'default' && cluster !== '') {
      const why = `job ${name} has a cluster, which the agent jenkins does not use`;
      return [{ ...finding, why, next: 'Remove the cluster.' }];
    }
    if (states === undefined || Object.hasOwn(states, cluster)) return [];
    const allowed = Object.keys(states).sort().join(', ');
    const why = `job ${name} is for the cluster ${cluster}, which is unknown`;
    return [{ ...finding, why, next: 'Name one of the known clusters.', found: cluster, allowed }];
  });
}

/** Jobs whose cluster is known and cannot be reached at the moment; it may be back when they run. */
export function unreachableClusters(
  subject: CheckSubject,
  states: ClusterStates,
): readonly string[] {
  const used = new Set(listedJobs(subject).map(({ job }) => job.cluster));
  return [...used].filter(
    (cluster) => Object.hasOwn(states, cluster) && states[cluster] !== 'Reachable',
  );
}

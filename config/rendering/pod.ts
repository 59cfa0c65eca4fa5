import { decorate } from './decorate.ts';
import { variablesOf } from './environment.ts';
import { marksFor } from './labels.ts';
import type { Pod, PodContainer, PodVariable, RunPodSpec } from './pod-types.ts';
import type { ProwJob } from './prow-job.ts';

/**
 * The pod of a run (J§1.4), as Prow's object describes it; undefined if its agent needs none.
 * `outputFolder`, a folder of the node, receives the run's files instead of the bucket.
 */
export function podOf(prowJob: ProwJob, outputFolder?: string): Pod | undefined {
  const { metadata, spec: run, status } = prowJob;
  if (run.pod_spec === undefined) return undefined;
  const { decoration_config: config, refs, extra_refs: extra } = run;
  const buildId = status.build_id ?? '';
  const variables = variablesOf(run, { buildId, uuid: metadata.name }, config !== undefined);
  const bare = withVariables(run.pod_spec, variables);
  const jobSpec = variables.find(({ name }) => name === 'JOB_SPEC')?.value ?? '';
  const cloned = [...(refs === undefined ? [] : [refs]), ...(extra ?? [])];
  const spec =
    config === undefined ? bare : decorate(bare, { config, refs: cloned, jobSpec, outputFolder });
  const labels = { ...metadata.labels, ...attemptLabels(prowJob) };
  return {
    metadata: { name: metadata.name, ...marksFor(run, { ...metadata, labels }) },
    spec: {
      ...spec,
      ...(spec.initContainers && { initContainers: spec.initContainers.map(withLogsOnError) }),
      containers: spec.containers.map(withLogsOnError),
    },
  };
}

/** The labels that say which run and which attempt a pod is of. */
export function attemptLabels({ metadata, status }: ProwJob): Readonly<Record<string, string>> {
  return { 'prow.k8s.io/id': metadata.name, 'prow.k8s.io/build-id': status.build_id ?? '' };
}

function withVariables(spec: RunPodSpec, variables: ReturnType<typeof variablesOf>): RunPodSpec {
  const only = spec.containers.length === 1;
  const account = spec['serviceAccountName'];
  return {
    ...spec,
    restartPolicy: 'Never',
    // Without a service account of its own a job must not reach the API server.
    ...(account
      ? {}
      : { automountServiceAccountToken: spec['automountServiceAccountToken'] ?? false }),
    containers: spec.containers.map((container) => ({
      ...container,
      name: only ? 'test' : container.name,
      env: [...(container.env ?? []), ...variables.map(withoutEmpty)],
    })),
  };
}

// Kubernetes leaves an empty value out.
function withoutEmpty({ name, value }: PodVariable): PodVariable {
  return value === '' ? { name } : { name, value };
}

// So the status of a pod that is gone soon after still tells how it ended.
function withLogsOnError(container: PodContainer): PodContainer {
  return container['terminationMessagePolicy']
    ? container
    : { ...container, terminationMessagePolicy: 'FallbackToLogsOnError' };
}

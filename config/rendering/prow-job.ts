import type { PodSpec } from '../prow/pod-spec.ts';
import type { Marks } from './labels.ts';
import { marksOf } from './labels.ts';
import type { RunInput, RunRefs } from './run.ts';
import { compact, completeExtraRefs, completeRefs, isPresubmit } from './run.ts';

/** Prow's `status` of a run (J§1.1.2); times are ISO 8601. */
export interface ProwJobStatus {
  readonly startTime: string;
  readonly pendingTime?: string;
  readonly completionTime?: string;
  readonly state: string;
  readonly description?: string;
  readonly url?: string;
  readonly pod_name?: string;
  readonly build_id?: string;
}

/** Prow's `spec` of a run (J§1.1.1), as far as it has types here. */
export interface ProwJobSpec {
  readonly type: string;
  readonly agent: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly job: string;
  readonly refs?: RunRefs;
  readonly extra_refs?: readonly RunRefs[];
  readonly report?: boolean;
  readonly context?: string;
  readonly rerun_command?: string;
  readonly [key: string]: unknown;
}

/** A run in the shape of Prow's custom resource. */
export interface ProwJob {
  readonly apiVersion: 'prow.k8s.io/v1';
  readonly kind: 'ProwJob';
  readonly metadata: Marks & {
    readonly name: string;
    readonly namespace?: string;
    readonly creationTimestamp?: string;
  };
  readonly spec: ProwJobSpec;
  readonly status: ProwJobStatus;
}

/** Prow's object for a run, and its status; `namespace` is `prowjob_namespace`. */
export function prowJob(run: RunInput, status: ProwJobStatus, namespace?: string): ProwJob {
  return {
    apiVersion: 'prow.k8s.io/v1',
    kind: 'ProwJob',
    metadata: {
      name: run.uuid,
      ...(namespace === undefined ? {} : { namespace }),
      creationTimestamp: status.startTime,
      ...marksOf(run),
    },
    spec: prowJobSpec(run),
    status,
  };
}

/** Prow's `spec` of a run: nothing in it that Prow leaves out. */
export function prowJobSpec(run: RunInput): ProwJobSpec {
  const { job, type } = run;
  const refs = completeRefs(run);
  const extraRefs = completeExtraRefs(run);
  const optional = compact({
    max_concurrency: job.max_concurrency,
    error_on_eviction: job.error_on_eviction,
    hidden: job.hidden,
    job_queue_name: job.job_queue_name,
    pipeline_run_spec: job.pipeline_run_spec,
    tekton_pipeline_run_spec: job.tekton_pipeline_run_spec,
    rerun_auth_config: job.rerun_auth_config,
    prowjob_defaults: job.prowjob_defaults,
    decoration_config: job.decoration_config,
    reporter_config: reporterConfig(job.reporter_config),
    pod_spec: job.spec && normalPodSpec(job.spec),
    ...reportFields(run),
  });
  return {
    type,
    agent: job.agent,
    cluster: job.cluster,
    namespace: job.namespace,
    job: job.name,
    ...(refs === undefined ? {} : { refs }),
    ...(extraRefs === undefined ? {} : { extra_refs: extraRefs }),
    ...optional,
  };
}

function reportFields({ job, type }: RunInput): object {
  if (!('skip_report' in job)) return { report: true };
  if (type === 'batch') return { context: job.context };
  return {
    report: !job.skip_report,
    context: job.context,
    rerun_command: isPresubmit(job) ? job.rerun_command : '',
  };
}

// Prow fixes at creation whether Slack is told: not if no state is listed, else unless switched off.
function reporterConfig(config: Readonly<Record<string, unknown>> | undefined): unknown {
  const slack = config?.['slack'];
  if (typeof slack !== 'object' || slack === null) return config;
  const states: unknown = Reflect.get(slack, 'job_states_to_report');
  const listed = Array.isArray(states) && states.length > 0;
  return {
    ...config,
    slack: { ...slack, report: listed && Reflect.get(slack, 'report') !== false },
  };
}

// Kubernetes' own types always write these two fields.
function normalPodSpec(spec: PodSpec): PodSpec {
  const { initContainers, ...rest } = spec;
  const normal = (container: PodSpec['containers'][number]) => ({
    ...container,
    name: container.name ?? '',
    resources: container.resources ?? {},
  });
  return {
    ...rest,
    containers: spec.containers.map(normal),
    ...(initContainers === undefined ? {} : { initContainers: initContainers.map(normal) }),
  };
}

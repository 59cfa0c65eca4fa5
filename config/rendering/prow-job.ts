import type { TypeName } from '../declared/kubernetes-types.ts';
import type { DecorationConfig } from '../prow/decoration.ts';
import type { Container, PodSpec } from '../prow/pod-spec.ts';
import type { Marks } from './labels.ts';
import { marksOf } from './labels.ts';
import type { PodContainer, RunPodSpec } from './pod-types.ts';
import type { RunInput, RunRefs } from './run.ts';
import { compact, completeExtraRefs, completeRefs, isPresubmit } from './run.ts';
import { withTypedFields } from './typed-fields.ts';

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
  readonly pod_spec?: RunPodSpec;
  readonly decoration_config?: DecorationConfig;
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
  const { decoration_config: decoration } = job;
  const optional = compact({
    max_concurrency: job.max_concurrency,
    error_on_eviction: job.error_on_eviction,
    hidden: job.hidden,
    job_queue_name: job.job_queue_name,
    pipeline_run_spec: job.pipeline_run_spec,
    tekton_pipeline_run_spec: job.tekton_pipeline_run_spec,
    jenkins_spec: jenkinsSpec(job),
    rerun_auth_config: typed('RerunAuthConfig', job.rerun_auth_config),
    prowjob_defaults: job.prowjob_defaults,
    reporter_config: reporterConfig(typed('ReporterConfig', job.reporter_config)),
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
    ...(job.spec === undefined ? {} : { pod_spec: normalPodSpec(job.spec) }),
    ...(decoration === undefined ? {} : { decoration_config: normalDecoration(decoration) }),
    ...optional,
  };
}

function jenkinsSpec(job: RunInput['job']): object | undefined {
  const spec: unknown = Reflect.get(job, 'jenkins_spec');
  return typeof spec === 'object' && spec !== null ? typed('JenkinsSpec', spec) : undefined;
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

// Prow fixes at creation whether Slack is told: as the job says, else unless the list of states is empty.
function reporterConfig(config: Readonly<Record<string, unknown>> | undefined): unknown {
  const slack = config?.['slack'];
  if (typeof slack !== 'object' || slack === null || 'report' in slack) return config;
  const states: unknown = Reflect.get(slack, 'job_states_to_report');
  const none = Array.isArray(states) && states.length === 0;
  return { ...config, slack: { ...slack, report: !none } };
}

/** A PodSpec as Kubernetes' types hold it; two fields they always write. */
export function normalPodSpec(spec: PodSpec): RunPodSpec {
  const { initContainers, volumes, ...rest } = withTypedFields('PodSpec', spec);
  return {
    ...rest,
    ...(volumes === undefined ? {} : { volumes: named(volumes) }),
    containers: rest.containers.map(normalContainer),
    ...(initContainers === undefined
      ? {}
      : { initContainers: initContainers.map(normalContainer) }),
  };
}

function normalContainer({ env, volumeMounts, ...container }: Container): PodContainer {
  return {
    ...container,
    name: container.name ?? '',
    resources: container.resources ?? {},
    ...(env === undefined ? {} : { env: named(env) }),
    ...(volumeMounts === undefined ? {} : { volumeMounts: named(volumeMounts).map(placed) }),
  };
}

function placed<Item extends { readonly mountPath?: string | undefined }>(mount: Item) {
  return { ...mount, mountPath: mount.mountPath ?? '' };
}

function named<Item extends { readonly name?: string | undefined }>(items: readonly Item[]) {
  return items.map((item) => ({ ...item, name: item.name ?? '' }));
}

/** A decoration as Prow's types hold it. */
export function normalDecoration(config: DecorationConfig): DecorationConfig {
  const { resources, scheduling_options: scheduling } = config;
  if (resources === undefined && scheduling === undefined) return config;
  return {
    ...config,
    ...(resources && { resources: withTypedFields('UtilityResources', resources) }),
    ...(scheduling && { scheduling_options: withTypedFields('SchedulingOptions', scheduling) }),
  };
}

function typed<Shape extends object>(type: TypeName, value: Shape | undefined): Shape | undefined {
  return value && withTypedFields(type, value);
}

import { durationMilliseconds } from '../config/duration.ts';
import { defaultDecoration, type GcsConfiguration } from '../config/prow/decoration.ts';
import { decorationEntries } from '../config/prow/job-defaults.ts';
import type { Job } from '../config/prow/jobs.ts';
import type { Container } from '../config/prow/pod-spec.ts';
import { environment } from '../config/rendering/environment.ts';
import { jobUrl } from '../config/rendering/job-url.ts';
import { podOf } from '../config/rendering/pod.ts';
import { prowJob } from '../config/rendering/prow-job.ts';
import {
  completeExtraRefs,
  completeRefs,
  isDecorated,
  type RunInput,
} from '../config/rendering/run.ts';
import { slackTelling } from '../config/rendering/slack.ts';
import { bucketUrl, storagePath } from '../config/rendering/storage.ts';
import { type ConfigSnapshot, findJob, periodics } from '../config/snapshot.ts';
import type { RunRequest } from '../workflows/domain/run.ts';
import type {
  RenderedContainer,
  RenderedPlace,
  RenderedPod,
  RenderedRun,
  RenderedStatus,
} from './rendered-run.ts';

/** What rendering needs besides the run. */
export interface RenderSetting {
  readonly snapshot: ConfigSnapshot;
  /** Where files go that have no bucket of their own, without a trailing slash: `file:///…`. */
  readonly storageUrl: string;
  /** The buckets that jobs name are used: as a rule where pods run, which upload there themselves. */
  readonly namedBuckets?: boolean;
  /** Address of a run's page, for jobs that configure none. */
  readonly runUrl: (run: RunRequest, buildId: string) => string;
}

const DEFAULT_TIMEOUT_MS = 120 * 60_000;
const DEFAULT_GRACE_MS = 15_000;

/** Renders a run from its configuration; a text says why there can be no such run. */
export function renderRun(run: RunRequest, setting: RenderSetting): RenderedRun | string {
  const { plank } = setting.snapshot.prow;
  const job = jobOf(run, setting.snapshot);
  if (job === undefined) return `There is no ${run.type} "${run.job}" in the configuration.`;
  const problem = problemOf(job, plank.job_queue_capacities);
  if (problem !== undefined) return problem;
  const input = inputOf(run, job);
  const decoration = job.decoration_config;
  const queue = job.job_queue_name ?? '';
  return {
    agent: job.agent,
    cluster: job.cluster,
    scheduler: setting.snapshot.prow.scheduler,
    disabledClusters: setting.snapshot.prow.disabled_clusters,
    decorated: isDecorated(job),
    errorOnEviction: job.error_on_eviction,
    maxConcurrency: job.max_concurrency,
    jobQueue: queue,
    jobQueueCapacity: plank.job_queue_capacities[queue] ?? -1,
    overallConcurrency: plank.max_concurrency,
    pendingTimeout: milliseconds(decoration?.pod_pending_timeout, plank.pod_pending_timeout),
    unscheduledTimeout: milliseconds(
      decoration?.pod_unscheduled_timeout,
      plank.pod_unscheduled_timeout,
    ),
    runningTimeout: milliseconds(decoration?.pod_running_timeout, plank.pod_running_timeout),
    maxRevivals: plank.max_revivals,
    timeout: milliseconds(decoration?.timeout) || DEFAULT_TIMEOUT_MS,
    gracePeriod: milliseconds(decoration?.grace_period) || DEFAULT_GRACE_MS,
    containers: containersOf(job),
    slack: slackTelling(setting.snapshot.prow, input),
    clones: decoration?.skip_cloning ? [] : clonesOf(input),
    pod: (buildId) => podOfRun(input, buildId, setting.snapshot),
    environment: (buildId) => environmentOf(input, buildId),
    place: (buildId) => placeOf(input, buildId, setting),
    url: (buildId) => urlOf({ run, input, buildId }, setting),
    prowjob: (status) => prowjobOf(input, status, setting.snapshot),
  };
}

function jobOf(run: RunRequest, snapshot: ConfigSnapshot): Job | undefined {
  if (run.type === 'periodic') return periodics(snapshot).find(({ name }) => name === run.job);
  const { org, repo, base_ref } = run.refs;
  return findJob(snapshot, { type: run.type, org, repo, name: run.job }, base_ref);
}

function problemOf(job: Job, capacities: Readonly<Record<string, number>>): string | undefined {
  const queue = job.job_queue_name;
  if (queue && capacities[queue] === undefined) return `There is no job queue "${queue}".`;
  if (job.agent !== 'kubernetes') return `Nobody runs jobs of the agent "${job.agent}".`;
  if ((job.spec?.containers.length ?? 0) === 0) return `The job "${job.name}" has no container.`;
  return undefined;
}

function inputOf(run: RunRequest, job: Job): RunInput {
  const hook = {
    'event-GUID': run.guid || 'none',
    'prow.k8s.io/is-optional': `${run.optional}`,
    ...(run.retest ? { 'prow.k8s.io/retest': 'true' } : {}),
  };
  const labels = {
    ...(run.type === 'presubmit' ? hook : {}),
    ...(run.type === 'postsubmit' && run.guid !== '' ? { 'event-GUID': run.guid } : {}),
    ...(run.byPool ? { 'created-by-tide': 'true' } : {}),
  };
  const refs = run.type === 'periodic' ? {} : { refs: run.refs };
  return { uuid: run.uuid, type: run.type, job, labels, ...refs };
}

function containersOf(job: Job): readonly RenderedContainer[] {
  const containers = job.spec?.containers ?? [];
  return containers.map((container, index) => {
    const name = container.name || (containers.length === 1 ? 'test' : `container-${index + 1}`);
    const { workingDir } = container;
    return {
      name,
      argv: [...(container.command ?? []), ...(container.args ?? [])],
      environment: variablesOf(container),
      log: containers.length === 1 ? 'build-log.txt' : `${name}-build-log.txt`,
      ...(typeof workingDir === 'string' ? { workingDir } : {}),
    };
  });
}

/** Variables that come from secrets and the like have no value outside a cluster. */
function variablesOf({ env }: Container): Record<string, string> {
  const plain = (env ?? []).flatMap(({ name, value }) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(plain);
}

function clonesOf(input: RunInput): RenderedRun['clones'] {
  const main = completeRefs(input);
  return [...(main === undefined ? [] : [main]), ...(completeExtraRefs(input) ?? [])];
}

function environmentOf(input: RunInput, buildId: string): Record<string, string> {
  const variables = environment(input, buildId, isDecorated(input.job));
  return Object.fromEntries(variables.map(({ name, value }) => [name, value]));
}

function placeOf(input: RunInput, buildId: string, setting: RenderSetting): RenderedPlace {
  const gcs = destinationOf(input, setting.snapshot);
  const { directory, alias, latestBuilds } = storagePath(input, buildId, gcs);
  const named = setting.namedBuckets ? bucketUrl(gcs.bucket ?? '') : undefined;
  const bucket = named ?? setting.storageUrl.replace(/\/+$/, '');
  const link = `${bucket}/${directory}`;
  const pointers = latestBuilds.map((path) => ({ path, content: buildId }));
  // As Prow's uploader names it, on every provider.
  const metadata = { 'x-goog-meta-link': link };
  return {
    bucket,
    folder: directory,
    pointers:
      alias === undefined ? pointers : [{ path: alias, content: link, metadata }, ...pointers],
  };
}

/** An undecorated job's is guessed from the defaults, as in Prow (J§1.6, `gcs`). */
function destinationOf({ job, refs }: RunInput, { prow }: ConfigSnapshot): GcsConfiguration {
  const own = job.decoration_config?.gcs_configuration;
  if (own !== undefined) return own;
  const { org, repo } = refs ?? job.extra_refs?.[0] ?? { org: '', repo: '' };
  const repository = org === '' ? '' : `${org}/${repo}`;
  const guessed = defaultDecoration(decorationEntries(prow), repository, job.cluster);
  return guessed.gcs_configuration ?? {};
}

function urlOf(
  of: { readonly run: RunRequest; readonly input: RunInput; readonly buildId: string },
  { snapshot, runUrl }: RenderSetting,
): string {
  const { run, input, buildId } = of;
  const startTime = new Date(run.createdAt).toISOString();
  const configured = jobUrl(snapshot.prow, input, {
    state: 'pending',
    startTime,
    build_id: buildId,
  });
  return configured || runUrl(run, buildId);
}

function prowjobOf(input: RunInput, status: RenderedStatus, { prow }: ConfigSnapshot): unknown {
  const { buildId, cluster = input.job.cluster, ...rest } = status;
  const optional = Object.entries({ ...rest, pod_name: input.uuid, build_id: buildId });
  const filled = Object.fromEntries(optional.filter(([, value]) => value !== ''));
  const { startTime, state } = status;
  const placed = { ...input, job: { ...input.job, cluster } };
  return prowJob(placed, { ...filled, startTime, state }, prow.prowjob_namespace);
}

function podOfRun(
  input: RunInput,
  buildId: string,
  { prow }: ConfigSnapshot,
): RenderedPod | undefined {
  const status = { startTime: '', state: 'triggered', build_id: buildId };
  const pod = podOf(prowJob(input, status, prow.prowjob_namespace));
  if (pod === undefined) return undefined;
  const { metadata, spec } = pod;
  const namespace = prow.pod_namespace;
  return { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, namespace }, spec };
}

function milliseconds(...durations: readonly (string | undefined)[]): number {
  const first = durations.find((duration) => duration !== undefined);
  return first === undefined ? 0 : durationMilliseconds(first);
}

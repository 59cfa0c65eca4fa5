import type { Job, JobConfig } from '../prow/jobs.ts';
import type { ConfigSnapshot } from '../snapshot.ts';
import { attemptLabels, podOf } from './pod.ts';
import type { Pod } from './pod-types.ts';
import type { ProwJob, ProwJobSpec } from './prow-job.ts';
import { prowJob } from './prow-job.ts';
import type { RunInput, RunKind, RunPull, RunRefs } from './run.ts';

/** One job as the run and the pod that it would make. */
export interface RenderedJob {
  readonly type: RunKind;
  /** `org/repo`; empty for periodics. */
  readonly repo: string;
  readonly job: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: ProwJobSpec;
  /** Absent where the agent runs no pod. */
  readonly pod?: Pod;
}

/** What the rendered runs are said to test. */
export interface RenderRequest {
  readonly baseRef: string;
  readonly baseSha: string;
  readonly pull: RunPull;
  /** Name of every run. */
  readonly id: string;
  readonly buildId: string;
}

/** Renders every job of a configuration: presubmits, then postsubmits, by repository; then periodics. */
export function* renderAll(
  { jobs }: Pick<ConfigSnapshot, 'jobs'>,
  request: RenderRequest,
): Generator<RenderedJob> {
  for (const { repo, run } of runsOf(jobs, request)) yield renderJob(repo, run, request.buildId);
}

/** The run that each job would make, in the same order; `repo` as the configuration spells it. */
export function* runsOf(
  jobs: JobConfig,
  { id: uuid, baseRef, baseSha, pull }: RenderRequest,
): Generator<{ readonly repo: string; readonly run: RunInput }> {
  const base = { base_ref: baseRef, ...(baseSha === '' ? {} : { base_sha: baseSha }) };
  for (const [repo, job] of byRepository(jobs.presubmits)) {
    const refs = { ...placeOf(repo), ...base, pulls: [pull] };
    yield { repo, run: { uuid, type: 'presubmit', job, refs } };
  }
  for (const [repo, job] of byRepository(jobs.postsubmits)) {
    const refs = { ...placeOf(repo), ...base };
    yield { repo, run: { uuid, type: 'postsubmit', job, refs } };
  }
  for (const job of jobs.periodics) {
    yield { repo: '', run: { uuid, type: 'periodic', job } };
  }
}

/** A run in Prow's object, as it is just before its pod is made. */
export function newProwJob(run: RunInput, buildId: string): ProwJob {
  return prowJob(run, {
    startTime: '1970-01-01T00:00:00Z',
    state: 'triggered',
    build_id: buildId,
  });
}

/** One job as the run and the pod that it would make. */
export function renderJob(repo: string, run: RunInput, buildId: string): RenderedJob {
  const object = newProwJob(run, buildId);
  const { metadata, spec } = object;
  const pod = podOf(object);
  // Prow puts the ids of the attempt on the run when it makes the pod.
  const ids = pod === undefined ? {} : attemptLabels(object);
  const { labels, annotations } = metadata;
  return {
    type: run.type,
    repo,
    job: run.job.name,
    labels: { ...labels, ...ids },
    annotations,
    spec,
    ...(pod === undefined ? {} : { pod }),
  };
}

function* byRepository<Kind extends Job>(
  jobs: Readonly<Record<string, readonly Kind[]>>,
): Generator<readonly [string, Kind]> {
  for (const repo of Object.keys(jobs).sort()) {
    for (const job of jobs[repo] ?? []) yield [repo, job];
  }
}

function placeOf(repository: string): Pick<RunRefs, 'org' | 'repo'> {
  const bare = repository.replace(/^https?:\/\//, '');
  const slash = bare.indexOf('/');
  return {
    org: repository.slice(0, repository.length - bare.length + slash),
    repo: bare.slice(slash + 1),
  };
}

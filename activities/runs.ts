import type { ConfigSnapshot } from '../config/snapshot.ts';
import type { RunRequest } from '../workflows/domain/run.ts';
import type { RunPlan, RunPorts, RunPublication } from '../workflows/ports.ts';
import { nextBuildId } from './build-id.ts';
import { chooseCluster } from './choose-cluster.ts';
import type { Database } from './database/database.ts';
import { type RunRecord, saveRun } from './database/runs.ts';
import { renderRun } from './render-run.ts';
import type { RenderedRun, RenderRun } from './rendered-run.ts';
import type { Storage } from './storage/storage.ts';

/** Where the runs of a build cluster are carried out. */
export interface ExecutorPlace {
  readonly kind: 'local' | 'kubernetes';
  readonly queue: string;
  /** Why this run may not run there, in words. */
  readonly refusal?: (run: RunRequest) => string | undefined;
}

/** What the activities on runs need. */
export interface RunSetting {
  readonly db: Database;
  readonly storage: Storage;
  /** As it was opened, without a trailing slash. */
  readonly storageUrl: string;
  readonly render: RenderRun;
  /** By the alias of the build cluster. */
  readonly executorFor: (cluster: string) => ExecutorPlace | undefined;
  /** False if Temporal's server does not know our search attributes. */
  readonly searchAttributes?: boolean;
  /** How long runs wait for what may never come; the plan's own defaults without it. */
  readonly patience?: RunPatience;
  readonly warn?: (reason: string) => void;
}

/** Milliseconds; see `RunPlan`. */
export type RunPatience = Pick<RunPlan, 'troubleTimeout' | 'reachTimeout' | 'firstLook'>;

/** Renders runs from stored snapshots, for activities and executors alike. */
export function createRunRenderer(setting: {
  readonly snapshotByHash: (hash: string) => Promise<ConfigSnapshot>;
  readonly storageUrl: string;
  readonly runUrl: (run: RunRequest, buildId: string) => string;
}): RenderRun {
  return async (run) =>
    renderRun(run, { ...setting, snapshot: await setting.snapshotByHash(run.configHash) });
}

/** Preparing, publishing and archiving runs (J§1.1, J§1.6). */
export function createRunActivities(setting: RunSetting): RunPorts {
  return {
    prepareRun: async (run) => {
      const rendered = await setting.render(run);
      return typeof rendered === 'string'
        ? refused(rendered, setting)
        : planOf(run, rendered, setting);
    },
    vendBuildId: async (run) => {
      const buildId = await nextBuildId(setting.db);
      const rendered = await setting.render(run);
      return { buildId, url: typeof rendered === 'string' ? '' : rendered.url(buildId) };
    },
    publishRun: async (publication) => {
      const rendered = await setting.render(publication.run);
      await saveRun(setting.db, recordOf(publication, rendered, setting));
    },
    archiveRun: (publication) => archive(publication, setting),
  };
}

function refused(refusal: string, { searchAttributes = true }: RunSetting): RunPlan {
  return {
    agent: '',
    executor: 'local',
    queue: '',
    maxConcurrency: 0,
    jobQueue: '',
    jobQueueCapacity: -1,
    overallConcurrency: 0,
    pendingTimeout: 0,
    runningTimeout: 0,
    maxRevivals: 0,
    searchAttributes,
    refusal,
  };
}

async function planOf(
  run: RunRequest,
  rendered: RenderedRun,
  setting: RunSetting,
): Promise<RunPlan> {
  const { agent, scheduler } = rendered;
  const seeker = { job: run.job, agent, cluster: rendered.cluster };
  const cluster = await chooseCluster(seeker, scheduler, setting.warn ?? (() => undefined));
  const place = setting.executorFor(cluster);
  if (place === undefined) {
    const text = `nonretryable error: no build client found for cluster "${cluster}".`;
    return refused(`Terminal error: ${text}`, setting);
  }
  const withoutCommand = rendered.containers.find(({ argv }) => argv.length === 0);
  const refusal =
    place.kind === 'local' && withoutCommand !== undefined
      ? `The local executor needs a command: container "${withoutCommand.name}" has none.`
      : place.refusal?.(run);
  return {
    agent,
    cluster,
    executor: place.kind,
    queue: place.queue,
    maxConcurrency: rendered.maxConcurrency,
    jobQueue: rendered.jobQueue,
    jobQueueCapacity: rendered.jobQueueCapacity,
    overallConcurrency: rendered.overallConcurrency,
    pendingTimeout: rendered.pendingTimeout,
    runningTimeout: rendered.runningTimeout,
    maxRevivals: rendered.maxRevivals,
    unscheduledTimeout: rendered.unscheduledTimeout,
    errorOnEviction: rendered.errorOnEviction,
    searchAttributes: setting.searchAttributes ?? true,
    ...setting.patience,
    ...(refusal === undefined ? {} : { refusal }),
  };
}

function recordOf(
  publication: RunPublication,
  rendered: RenderedRun | string,
  { storageUrl }: RunSetting,
): RunRecord {
  const { run, report } = publication;
  const found = typeof rendered === 'string' ? undefined : rendered;
  const folder = report.buildId === '' ? '' : (found?.place(report.buildId).folder ?? '');
  const first = run.refs.pulls?.[0];
  return {
    uuid: run.uuid,
    version: report.version,
    org: run.refs.org,
    repo: run.refs.repo,
    number: first?.number ?? null,
    job: run.job,
    type: run.type,
    state: report.state,
    context: run.context,
    buildId: report.buildId,
    description: report.description,
    author: first?.author ?? '',
    baseRef: run.refs.base_ref,
    headSha: report.headSha,
    cluster: publication.cluster ?? found?.cluster ?? '',
    url: report.url,
    owner: run.owner,
    logLocation: folder === '' ? '' : `${storageUrl.replace(/\/+$/, '')}/${folder}`,
    prowjob: found?.prowjob(statusOf(publication)) ?? {},
    createdAt: new Date(run.createdAt).toISOString(),
    completedAt: publication.completionTime || null,
  };
}

function statusOf({ report, ...rest }: RunPublication) {
  const { startTime, pendingTime, completionTime, cluster } = rest;
  const { state, description, url, buildId } = report;
  return { startTime, pendingTime, completionTime, state, description, url, buildId, cluster };
}

/** What crier's reporter for buckets writes: nothing that the run itself has written (J§1.6, `gcs`). */
async function archive(publication: RunPublication, setting: RunSetting): Promise<void> {
  const { run, report } = publication;
  const rendered = await setting.render(run);
  if (report.buildId === '' || typeof rendered === 'string') return;
  const { folder } = rendered.place(report.buildId);
  const options = { contentType: 'application/json', ifAbsent: true };
  const metadata = { uploader: 'crier' };
  const started = { timestamp: seconds(publication.startTime), metadata };
  const finished = {
    timestamp: seconds(publication.completionTime),
    passed: report.state === 'success',
    result: report.state,
    metadata,
  };
  const { storage } = setting;
  await storage.write(`${folder}/started.json`, JSON.stringify(started), options);
  if (report.complete) {
    await storage.write(`${folder}/finished.json`, JSON.stringify(finished), options);
  }
  const object = JSON.stringify(rendered.prowjob(statusOf(publication)));
  await storage.write(`${folder}/prowjob.json`, object, { contentType: 'application/json' });
}

function seconds(iso: string): number {
  return Math.floor(Date.parse(iso) / 1000);
}

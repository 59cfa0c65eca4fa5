import { ApplicationFailure } from '@temporalio/common';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import type { Message } from '../workflows/contract.ts';
import { slotNeeds } from '../workflows/domain/job-state.ts';
import type { RunRequest } from '../workflows/domain/run.ts';
import type { ReportPorts, RunPlan, RunPorts, RunPublication } from '../workflows/ports.ts';
import { recordEnd, statusOf } from './bucket-records.ts';
import { nextBuildId, totBuildId } from './build-id.ts';
import { chooseCluster } from './choose-cluster.ts';
import type { Database } from './database/database.ts';
import { type RunRecord, saveRun } from './database/runs.ts';
import { renderRun } from './render-run.ts';
import type { RenderedRun, RenderRun } from './rendered-run.ts';
import { createBucketReporter } from './reporting/bucket-reporter.ts';
import { createReportActivities } from './reporting/report-runs.ts';
import type { Reporter } from './reporting/reporter.ts';
import type { OpenStorage } from './storage/storage.ts';
import { isPermanent } from './storage/storage-error.ts';

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
  readonly openStorage: OpenStorage;
  readonly render: RenderRun;
  /** By the alias of the build cluster. */
  readonly executorFor: (cluster: string) => ExecutorPlace | undefined;
  /** False if Temporal's server does not know our search attributes. */
  readonly searchAttributes?: boolean;
  /** Prow's service of build ids, without a trailing slash; else they are made here. */
  readonly totUrl?: string | undefined;
  /** How long runs wait for what may never come; the plan's own defaults without it. */
  readonly patience?: RunPatience;
  readonly warn?: (reason: string) => void;
  /** Sends a message to another workflow. */
  readonly tell: (message: Message) => Promise<void>;
  /** Who hears of runs besides their pages, their owners and their buckets. */
  readonly reporters?: readonly Reporter[];
}

/** Milliseconds; see `RunPlan`. */
export type RunPatience = Pick<RunPlan, 'troubleTimeout' | 'reachTimeout' | 'firstLook'>;

/** Renders runs from stored snapshots, for activities and executors alike. */
export function createRunRenderer(setting: {
  readonly snapshotByHash: (hash: string) => Promise<ConfigSnapshot>;
  readonly storageUrl: string;
  readonly namedBuckets?: boolean;
  readonly runUrl: (run: RunRequest, buildId: string) => string;
}): RenderRun {
  return async (run) =>
    renderRun(run, { ...setting, snapshot: await setting.snapshotByHash(run.configHash) });
}

/** Preparing, publishing and archiving runs (J§1.1, J§1.6). */
export function createRunActivities(setting: RunSetting): RunPorts & ReportPorts {
  const publish = async (publication: RunPublication): Promise<void> => {
    const rendered = await setting.render(publication.run);
    await saveRun(setting.db, recordOf(publication, rendered));
  };
  const bucket = createBucketReporter({
    openStorage: setting.openStorage,
    // The local executor's supervisor writes all of it.
    writesItself: ({ publication, rendered }) =>
      setting.executorFor(publication.cluster ?? rendered?.cluster ?? '')?.kind !== 'kubernetes',
  });
  const reporters = [bucket, ...(setting.reporters ?? [])];
  return {
    ...createReportActivities({ ...setting, publish, reporters }),
    prepareRun: async (run) => {
      const rendered = await setting.render(run);
      return typeof rendered === 'string'
        ? refused(rendered, setting)
        : planOf(run, rendered, setting);
    },
    vendBuildId: async (run) => vend(run, await setting.render(run), setting),
    publishRun: publish,
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
    reportsTogether: true,
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
  const isDisabled = rendered.disabledClusters?.includes(cluster) === true;
  const place = isDisabled ? undefined : setting.executorFor(cluster);
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
    reportsTogether: true,
    searchAttributes: setting.searchAttributes ?? true,
    ...setting.patience,
    ...(refusal === undefined ? await firstOf(run, rendered, setting) : { refusal }),
  };
}

/** Whoever waits for a place gets its build id when it has one: ids grow with the time of the start. */
async function firstOf(
  run: RunRequest,
  rendered: RenderedRun,
  setting: RunSetting,
): Promise<Pick<RunPlan, 'first'>> {
  if (slotNeeds(run.job, rendered).length > 0) return {};
  return { first: await vend(run, rendered, setting) };
}

async function vend(
  run: RunRequest,
  rendered: RenderedRun | string,
  { db, totUrl }: RunSetting,
): Promise<{ readonly buildId: string; readonly url: string }> {
  const buildId = await (totUrl === undefined ? nextBuildId(db) : totBuildId(totUrl, run.job));
  return { buildId, url: typeof rendered === 'string' ? '' : rendered.url(buildId) };
}

function recordOf(publication: RunPublication, rendered: RenderedRun | string): RunRecord {
  const { run, report } = publication;
  const found = typeof rendered === 'string' ? undefined : rendered;
  const place = report.buildId === '' ? undefined : found?.place(report.buildId);
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
    logLocation: place === undefined ? '' : `${place.bucket}/${place.folder}`,
    prowjob: found?.prowjob(statusOf(publication)) ?? {},
    createdAt: new Date(run.createdAt).toISOString(),
    completedAt: publication.completionTime || null,
  };
}

/** A bucket that is not there or not ours is nothing that trying again could mend. */
async function archive(publication: RunPublication, setting: RunSetting): Promise<void> {
  const { run, report } = publication;
  const rendered = await setting.render(run);
  if (report.buildId === '' || typeof rendered === 'string') return;
  try {
    const storage = setting.openStorage(rendered.place(report.buildId).bucket);
    await recordEnd({ publication, rendered, storage });
  } catch (error) {
    if (!isPermanent(error)) throw error;
    throw ApplicationFailure.nonRetryable(error.message, error.name);
  }
}

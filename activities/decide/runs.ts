import { v5 as uuidv5 } from 'uuid';
import type { Postsubmit, Presubmit } from '../../config/prow/jobs.ts';
import { type ConfigSnapshot, findJob } from '../../config/snapshot.ts';
import type { Decision } from '../../workflows/domain/decision.ts';
import type { PushEvent } from '../../workflows/domain/event.ts';
import type { PullRequestRecord } from '../../workflows/domain/record.ts';
import type { Refs, RunRequest } from '../../workflows/domain/run.ts';
import type { WantedRun } from '../../workflows/domain/working-copy.ts';
import { baseHead } from './base-head.ts';
import type { Batch } from './batch.ts';
import { withOwnJobs } from './own-jobs.ts';

/** Namespace of all run ids: UUIDv5 makes one id of one cause (DESIGN §3). */
const RUNS = '5f2b1a52-7a70-5c29-8f5e-0c5c3b1f9d11';

/** Runs to start and runs to end, after a pull request's batch. */
export interface RunChanges {
  readonly runs: readonly RunRequest[];
  readonly aborts: Decision['aborts'];
}

/** Makes the run requests of a pull request's batch; a newer run of a job supersedes an unfinished one. */
export async function presubmitRuns(batch: Batch, trusted: boolean): Promise<RunChanges> {
  const { wanted } = batch.copy;
  const runs: RunRequest[] = [];
  for (const want of batch.copy.runs.values()) {
    const run = await presubmitRun(batch, want, trusted);
    if (run !== undefined && wanted.runs[run.job]?.uuid !== run.uuid) runs.push(run);
  }
  const started = new Set(runs.map((run) => run.job));
  const unfinished = Object.values(wanted.runs).filter((run) => !run.complete);
  const aborts = unfinished.flatMap(({ uuid, job }) => {
    if (started.has(job)) {
      return [{ uuid, description: 'Superseded by a newer run.', superseded: true }];
    }
    const description = batch.copy.abortRuns;
    return description === undefined ? [] : [{ uuid, description, superseded: false }];
  });
  return { runs, aborts };
}

async function presubmitRun(
  batch: Batch,
  want: WantedRun,
  trusted: boolean,
): Promise<RunRequest | undefined> {
  const { repository } = batch.input;
  const record = batch.copy.wanted;
  const { snapshot } = await withOwnJobs(batch);
  const job = findJob(
    snapshot,
    { type: 'presubmit', ...repository, name: want.job },
    record.baseRef,
  );
  if (job === undefined) return undefined;
  const baseSha = want.baseSha ?? (await baseHead(batch, record.baseRef));
  const refs = pullRequestRefs(batch, record, baseSha);
  const identity = [want.cause, `${repository.org}/${repository.repo}`, record.number];
  return request(batch, job, {
    type: 'presubmit',
    configHash: snapshot.hash,
    refs,
    uuid: uuidv5([...identity, record.headSha, want.job, 1].join(' '), RUNS),
    cause: want.cause,
    retest: want.retest,
    byPool: want.baseSha !== undefined,
    trusted,
  });
}

function pullRequestRefs(batch: Batch, record: PullRequestRecord, baseSha: string): Refs {
  const { org, repo } = batch.input.repository;
  const link = batch.snapshot.prow.github.link_url;
  const home = `${link}/${org}/${repo}`;
  return {
    org,
    repo,
    repo_link: home,
    base_ref: record.baseRef,
    base_sha: baseSha,
    base_link: `${home}/commit/${baseSha}`,
    pulls: [
      {
        number: record.number,
        author: record.author,
        sha: record.headSha,
        title: record.title,
        head_ref: record.headRef,
        link: `${home}/pull/${record.number}`,
        commit_link: `${home}/pull/${record.number}/commits/${record.headSha}`,
        author_link: `${link}/${record.author}`,
      },
    ],
  };
}

/** A push, the jobs that it asks for, and the configuration that has them. */
export interface Push {
  readonly push: PushEvent;
  readonly jobs: readonly string[];
  readonly snapshot: ConfigSnapshot;
}

/** Makes the run requests of pushes: postsubmits at the pushed commit. */
export function postsubmitRuns(batch: Batch, pushes: readonly Push[]): readonly RunRequest[] {
  const { repository } = batch.input;
  return pushes.flatMap(({ push, jobs, snapshot }) =>
    jobs.flatMap((name) => {
      const job = findJob(snapshot, { type: 'postsubmit', ...repository, name }, push.ref);
      if (job === undefined) return [];
      const { org, repo } = repository;
      const link = `${batch.snapshot.prow.github.link_url}/${org}/${repo}`;
      const refs: Refs = {
        org,
        repo,
        repo_link: link,
        base_ref: push.ref,
        base_sha: push.after,
        base_link: push.compareUrl,
      };
      const uuid = uuidv5(
        [push.key, `${org}/${repo}`, push.ref, push.after, name, 1].join(' '),
        RUNS,
      );
      return [
        request(batch, job, {
          type: 'postsubmit',
          configHash: snapshot.hash,
          refs,
          uuid,
          cause: push.key,
          retest: false,
          byPool: false,
          trusted: true,
        }),
      ];
    }),
  );
}

function request(
  batch: Batch,
  job: Presubmit | Postsubmit,
  run: Pick<
    RunRequest,
    'type' | 'configHash' | 'refs' | 'uuid' | 'cause' | 'retest' | 'byPool' | 'trusted'
  >,
): RunRequest {
  const item = batch.input.items.find(({ event }) => event.key === run.cause);
  return {
    ...run,
    job: job.name,
    context: job.context,
    guid: item?.event.guid ?? '',
    optional: 'optional' in job ? job.optional : false,
    report: !job.skip_report,
    rerunCommand: 'rerun_command' in job ? job.rerun_command : '',
    // Later than the run that it supersedes, also within one millisecond of workflow time.
    createdAt: Math.max(batch.input.now, (batch.copy.wanted.runs[job.name]?.createdAt ?? 0) + 1),
    owner: batch.input.entity,
  };
}

import type { Job, JobConfig } from '../prow/jobs.ts';
import type { ComparedJob } from './compare.ts';
import type { RenderRequest } from './render-all.ts';
import { renderJob, runsOf } from './render-all.ts';
import { compact } from './run.ts';

// What of a job is neither in its run nor in its pod: when it runs, and what that means to a pull request.
const WHEN = [
  'always_run',
  'optional',
  'run_before_merge',
  'branches',
  'skip_branches',
  'run_if_changed',
  'skip_if_only_changed',
  'trigger',
  'cron',
  'interval',
  'minimum_interval',
  'retry',
  'tags',
] as const;

/** Every job of a configuration, to be compared with those of another one. */
export function comparedJobs(jobs: JobConfig, request: RenderRequest): readonly ComparedJob[] {
  return [...runsOf(jobs, request)].map(({ repo, run }) => ({
    ...renderJob(repo, run, request.buildId),
    when: whenOf(run.job),
  }));
}

function whenOf(job: Job): Readonly<Record<string, unknown>> {
  const always: unknown = Reflect.get(job, 'always_run');
  return {
    ...compact(Object.fromEntries(WHEN.map((key) => [key, Reflect.get(job, key)]))),
    // A postsubmit that says `false` runs on command only; one that says nothing runs always.
    ...(always === undefined ? {} : { always_run: always }),
  };
}

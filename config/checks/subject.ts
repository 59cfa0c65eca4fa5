import type { Place } from '../problem.ts';
import type { Placed, PlacedJobs } from '../prow/collect-jobs.ts';
import type { Job } from '../prow/jobs.ts';
import type { ConfigReading } from '../reading.ts';

/** A configuration that has loaded. */
export type CheckSubject = ConfigReading;

/** A job, what identifies it, and where it stands. */
export interface ListedJob extends Placed<Job> {
  readonly section: 'presubmits' | 'postsubmits' | 'periodics';
  /** `org/repo`; empty for periodics. */
  readonly repository: string;
}

// A memo of a pure function: a dozen checks go through thousands of jobs.
const LISTED = new WeakMap<PlacedJobs, readonly ListedJob[]>();

/** Every job, presubmits first. */
export function listedJobs({ jobs }: CheckSubject): readonly ListedJob[] {
  const known = LISTED.get(jobs);
  if (known !== undefined) return known;
  const listed = listJobs(jobs);
  LISTED.set(jobs, listed);
  return listed;
}

function listJobs(jobs: PlacedJobs): readonly ListedJob[] {
  const byRepository = (section: 'presubmits' | 'postsubmits') =>
    [...placedJobs(jobs, section)].flatMap(([repository, list]) =>
      list.map((placed) => ({ ...placed, section, repository })),
    );
  return [
    ...byRepository('presubmits'),
    ...byRepository('postsubmits'),
    ...jobs.periodics.map((placed) => ({
      ...placed,
      section: 'periodics' as const,
      repository: '',
    })),
  ];
}

/** The place of a field of a job; if the job does not write the field, of the job. */
export function jobField({ place }: Placed<Job>, ...field: readonly PropertyKey[]): Place {
  return { ...place, path: [...place.path, ...field] };
}

function placedJobs(
  jobs: PlacedJobs,
  section: 'presubmits' | 'postsubmits',
): ReadonlyMap<string, readonly Placed<Job>[]> {
  return jobs[section];
}

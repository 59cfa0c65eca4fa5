import { branchesIntersect } from '../matching.ts';
import type { Report } from '../problem.ts';
import { fieldName } from '../problem.ts';
import type { Placed, PlacedJobs } from './collect-jobs.ts';
import type { Postsubmit, Presubmit } from './jobs.ts';

/** Reports jobs that clash with others, by their names or by the contexts they report to (J§4.5). */
export function checkTwins(jobs: PlacedJobs, report: Report): void {
  for (const list of jobs.presubmits.values()) checkList(list, report);
  for (const list of jobs.postsubmits.values()) checkList(list, report);
  const names = new Set<string>();
  for (const { job, place } of jobs.periodics) {
    const at = { ...place, path: [...place.path, 'name'] };
    if (names.has(job.name)) report(at, `two periodics are called ${job.name}`, 'Rename one.');
    names.add(job.name);
  }
}

function checkList(list: readonly Placed<Reported>[], report: Report): void {
  for (const field of ['name', 'context'] as const) {
    const groups = new Map<string, Placed<Reported>[]>();
    for (const placed of list) {
      const key = placed.job[field];
      const group = groups.get(key) ?? [];
      const twin = group.find((other) => clashes(other.job, placed.job, field));
      if (twin !== undefined) {
        const other = `${twin.place.file}, ${fieldName(twin.place.path)}`;
        const why = `two jobs with the ${field} ${key} run on one branch; the other is in ${other}`;
        const at = { ...placed.place, path: [...placed.place.path, field] };
        report(at, why, 'Rename one, or make their branches differ.');
      }
      groups.set(key, [...group, placed]);
    }
  }
}

// Jobs of one name clash by their names already.
function clashes(one: Reported, other: Reported, field: 'name' | 'context'): boolean {
  return (field === 'name' || one.name !== other.name) && branchesIntersect(one, other);
}

type Reported = Presubmit | Postsubmit;

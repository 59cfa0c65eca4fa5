import { branchesIntersect, hasChangeMatcher, matchesTrigger } from '../matching.ts';
import type { Report } from '../problem.ts';
import { patternProblem } from '../re2.ts';
import { checkPodSpec } from './check-pod-spec.ts';
import type { Placed, PlacedJobs } from './collect-jobs.ts';
import type { ProwConfig } from './config-file.ts';
import type { Job, Periodic, Postsubmit, Presubmit } from './jobs.ts';

type Complain = (field: string, why: string, next: string) => void;

const NAME = /^[A-Za-z0-9-._]+$/;
const RESERVED_LABELS = ['prow.k8s.io/type', 'created-by-prow', 'prow.k8s.io/id'];
const CORRECT = 'Correct the pattern; RE2 has neither lookaround nor back-references.';

/** Reports what Prow refuses in jobs (J§4.5). */
export function checkJobs(jobs: PlacedJobs, config: ProwConfig, report: Report): void {
  for (const list of jobs.presubmits.values()) {
    for (const placed of list) each(placed, config, report, checkPresubmit);
    checkTwins(list, report);
  }
  for (const list of jobs.postsubmits.values()) {
    for (const placed of list) each(placed, config, report, checkReported);
    checkTwins(list, report);
  }
  const names = new Set<string>();
  for (const placed of jobs.periodics) {
    each(placed, config, report, checkPeriodic);
    const { name } = placed.job;
    if (names.has(name)) report(placed.place, `two periodics are called ${name}`, 'Rename one.');
    names.add(name);
  }
}

function each<Kind extends Job>(
  { job, place }: Placed<Kind>,
  config: ProwConfig,
  report: Report,
  check: (job: Kind, complain: Complain) => void,
): void {
  const complain: Complain = (field, why, next) => {
    const path = field === '' ? place.path : [...place.path, field];
    report({ file: place.file, path }, `job ${job.name || 'without a name'}: ${why}`, next);
  };
  checkBase(job, config, complain);
  checkPodSpec(job, complain);
  check(job, complain);
}

function checkBase(job: Job, config: ProwConfig, complain: Complain): void {
  const name = job.agent === 'jenkins' ? job.name.replaceAll('/', '') : job.name;
  if (!NAME.test(name)) {
    complain('name', 'its name is not letters, digits, `-`, `.` and `_`', 'Rename the job.');
  }
  if (job.agent !== 'tekton-pipeline' && job.namespace !== config.pod_namespace) {
    const next = `Remove the namespace, or set it to ${config.pod_namespace}.`;
    complain('namespace', `namespace ${job.namespace} is not pod_namespace`, next);
  }
  const queue = job.job_queue_name ?? '';
  if (queue !== '' && !Object.hasOwn(config.plank.job_queue_capacities, queue)) {
    complain(
      'job_queue_name',
      `queue ${queue} is unknown`,
      'Add it to plank.job_queue_capacities.',
    );
  }
  for (const label of RESERVED_LABELS.filter((reserved) => reserved in job.labels)) {
    complain('labels', `label ${label} is reserved`, 'Remove the label.');
  }
}

function checkReported(job: Presubmit | Postsubmit, complain: Complain): void {
  const patterns = [
    ['run_if_changed', [job.run_if_changed]],
    ['skip_if_only_changed', [job.skip_if_only_changed]],
    ['branches', job.branches],
    ['skip_branches', job.skip_branches],
  ] as const;
  for (const [field, list] of patterns) {
    for (const problem of list.map(patternProblem)) {
      if (problem !== undefined) complain(field, problem, CORRECT);
    }
  }
  if (job.run_if_changed !== '' && job.skip_if_only_changed !== '') {
    complain('run_if_changed', 'it has both matchers of changed files', 'Keep one of them.');
  }
  if (job.always_run === true && hasChangeMatcher(job)) {
    complain('always_run', 'it always runs and matches changed files', 'Keep one of the two.');
  }
}

function checkPresubmit(job: Presubmit, complain: Complain): void {
  checkReported(job, complain);
  if ((job.trigger === '') !== (job.rerun_command === '')) {
    const given = job.trigger === '' ? 'rerun_command' : 'trigger';
    complain(given, 'only one of trigger and rerun_command is set', 'Set both, or neither.');
    return;
  }
  const problem = patternProblem(job.trigger);
  if (problem !== undefined) complain('trigger', problem, CORRECT);
  else if (!matchesTrigger(job, job.rerun_command)) {
    const next = 'Make the pattern match the command that people are told to type.';
    complain('trigger', 'rerun_command does not match trigger', next);
  }
}

function checkPeriodic(job: Periodic, complain: Complain): void {
  const set = [job.cron, job.interval, job.minimum_interval].filter((when) => when !== '');
  if (set.length !== 1) {
    const next = 'Set exactly one of cron, interval and minimum_interval.';
    complain('', `${set.length} of cron, interval and minimum_interval are set`, next);
  }
}

function checkTwins(list: readonly Placed<Presubmit | Postsubmit>[], report: Report): void {
  for (const field of ['name', 'context'] as const) {
    const groups = new Map<string, Placed<Presubmit | Postsubmit>[]>();
    for (const placed of list) {
      if (field === 'context' && placed.job.skip_report) continue;
      const key = placed.job[field];
      const group = groups.get(key) ?? [];
      const twin = group.find(({ job }) => branchesIntersect(job, placed.job));
      if (twin !== undefined) {
        const why = `two jobs with the ${field} ${key} run on one branch`;
        report(placed.place, why, 'Rename one, or make their branches differ.');
      }
      groups.set(key, [...group, placed]);
    }
  }
}

import { cronProblem } from '../cron.ts';
import { parseDuration } from '../duration.ts';
import { branchPattern, hasChangeMatcher, matchesTrigger } from '../matching.ts';
import type { Report } from '../problem.ts';
import { patternProblem } from '../re2.ts';
import { checkAccess } from './check-access.ts';
import { checkAgent } from './check-agent.ts';
import { checkMetadata } from './check-metadata.ts';
import { checkPodSpec } from './check-pod-spec.ts';
import { checkTwins } from './check-twins.ts';
import type { Placed, PlacedJobs } from './collect-jobs.ts';
import type { Complain } from './complain.ts';
import type { ProwConfig } from './config-file.ts';
import { defaultCommand } from './default-command.ts';
import type { Job, Periodic, Postsubmit, Presubmit } from './jobs.ts';

const NAME = /^[A-Za-z0-9-._]+$/;
const NAME_FOR_JENKINS = /^[A-Za-z0-9-._]([A-Za-z0-9-._/]*[A-Za-z0-9-_])?$/;
const GERRIT_LABEL = 'prow.k8s.io/gerrit-report-label';
const CORRECT = 'Correct the pattern; RE2 has neither lookaround nor back-references.';

/** Reports what Prow refuses in jobs (J§4.5). */
export function checkJobs(jobs: PlacedJobs, config: ProwConfig, report: Report): void {
  checkEach(jobs, config, report);
  checkTwins(jobs, report);
}

/** Reports what Prow refuses in single jobs, whatever others there are. */
export function checkEach(jobs: PlacedJobs, config: ProwConfig, report: Report): void {
  for (const placed of [...jobs.presubmits.values()].flat()) {
    each(placed, config, report, checkPresubmit);
  }
  for (const placed of [...jobs.postsubmits.values()].flat()) {
    each(placed, config, report, checkReported);
  }
  for (const placed of jobs.periodics) each(placed, config, report, checkPeriodic);
}

function each<Kind extends Job>(
  { job, place }: Placed<Kind>,
  config: ProwConfig,
  report: Report,
  check: (job: Kind, complain: Complain) => void,
): void {
  const complain: Complain = (field, why, next, details) => {
    const at = { file: place.file, path: [...place.path, ...field] };
    report(at, `job ${job.name || 'without a name'}: ${why}`, next, details);
  };
  checkBase(job, config, complain);
  checkMetadata(job, complain);
  checkAgent(job, config.pod_namespace, complain);
  checkAccess(job, complain);
  checkPodSpec(job, complain);
  check(job, complain);
}

function checkBase(job: Job, config: ProwConfig, complain: Complain): void {
  if (!(job.agent === 'jenkins' ? NAME_FOR_JENKINS : NAME).test(job.name)) {
    complain(['name'], 'its name is not letters, digits, `-`, `.` and `_`', 'Rename the job.');
  }
  const queue = job.job_queue_name ?? '';
  if (queue !== '' && !Object.hasOwn(config.plank.job_queue_capacities, queue)) {
    complain(
      ['job_queue_name'],
      `queue ${queue} is unknown`,
      'Add it to plank.job_queue_capacities.',
    );
  }
}

function checkReported(job: Presubmit | Postsubmit, complain: Complain): void {
  checkReport(job, complain);
  const patterns = [
    ['run_if_changed', [job.run_if_changed]],
    ['skip_if_only_changed', [job.skip_if_only_changed]],
    ['branches', job.branches.length > 0 ? [branchPattern(job.branches)] : []],
    ['skip_branches', job.skip_branches.length > 0 ? [branchPattern(job.skip_branches)] : []],
  ] as const;
  for (const [field, list] of patterns) {
    for (const problem of list.map(patternProblem)) {
      if (problem !== undefined) complain([field], problem, CORRECT);
    }
  }
  if (job.run_if_changed !== '' && job.skip_if_only_changed !== '') {
    complain(['run_if_changed'], 'it has both matchers of changed files', 'Keep one of them.');
  }
  if (job.always_run === true && hasChangeMatcher(job)) {
    complain(['always_run'], 'it always runs and matches changed files', 'Keep one of the two.');
  }
}

function checkReport(job: Presubmit | Postsubmit, complain: Complain): void {
  if (!job.skip_report || (job.labels[GERRIT_LABEL] ?? '') === '') return;
  const why = 'it reports to Gerrit by its label, and skip_report says that it does not report';
  complain(['skip_report'], why, `Remove skip_report or the label ${GERRIT_LABEL}.`);
}

function checkPresubmit(job: Presubmit, complain: Complain): void {
  checkReported(job, complain);
  if ((job.trigger === '') !== (job.rerun_command === '')) {
    const given = job.trigger === '' ? 'rerun_command' : 'trigger';
    complain([given], 'only one of trigger and rerun_command is set', 'Set both, or neither.');
    return;
  }
  const problem = patternProblem(job.trigger);
  if (problem !== undefined) complain(['trigger'], problem, CORRECT);
  else if (!isDefault(job) && !matchesTrigger(job, job.rerun_command)) {
    const next = 'Make the pattern match the command that people are told to type.';
    complain(['trigger'], 'rerun_command does not match trigger', next);
  }
}

// What the defaults make of a name that is one always fits; thousands of patterns need not be compiled to know it.
function isDefault({ name, trigger, rerun_command }: Presubmit): boolean {
  const command = defaultCommand(name);
  return NAME.test(name) && trigger === command.trigger && rerun_command === command.rerun_command;
}

function checkPeriodic(job: Periodic, complain: Complain): void {
  const written = (['cron', 'interval', 'minimum_interval'] as const).filter(
    (field) => job[field] !== '',
  );
  if (written.length !== 1) {
    const next = 'Set exactly one of cron, interval and minimum_interval.';
    const count = written.length === 0 ? 'none' : written.join(' and ');
    complain([], `${count} of cron, interval and minimum_interval is set`, next);
    return;
  }
  const [field = 'cron'] = written;
  const found = { found: job[field] };
  if (field === 'cron') {
    const problem = cronProblem(job.cron);
    if (problem !== undefined) complain([field], problem, 'Correct the schedule.', found);
  } else if (parseDuration(job[field]) === undefined) {
    complain([field], 'this is no duration', 'Write a duration such as 1h30m.', found);
  }
}

import { defaultTrigger } from './prow/default-command.ts';
import type { Postsubmit, Presubmit } from './prow/jobs.ts';
import { found } from './re2.ts';

/** The parts of a job that decide on which branches it runs. */
export type Branched = Pick<Presubmit, 'branches' | 'skip_branches'>;

/** The parts of a job that decide by changed files. */
export type ChangeMatched = Pick<Presubmit, 'run_if_changed' | 'skip_if_only_changed'>;

/** What `shouldRun` is asked with. */
export interface RunQuestion {
  readonly branch: string;
  /** Paths that the pull request or push changes; called only if a matcher needs them. */
  readonly files: () => Promise<readonly string[]>;
  /** Asked for by name: changed files do not matter. */
  readonly forced?: boolean;
  /** The answer where neither `always_run` nor a matcher says yes. */
  readonly defaults?: boolean;
}

/** Whether a job's branch filters let it run on a branch (J§4.3): skipping wins, none means all. */
export function runsOnBranch({ branches, skip_branches }: Branched, branch: string): boolean {
  if (skip_branches.length > 0 && found(branchPattern(skip_branches), branch)) return false;
  return branches.length === 0 || found(branchPattern(branches), branch);
}

/** The one pattern that Prow makes of a list; so a flag such as `(?i)` also holds for the entries behind it. */
export function branchPattern(patterns: readonly string[]): string {
  return patterns.join('|');
}

/** Whether a job has a filter on changed files. */
export function hasChangeMatcher({ run_if_changed, skip_if_only_changed }: ChangeMatched): boolean {
  return run_if_changed !== '' || skip_if_only_changed !== '';
}

/** Whether the changed files ask for a job that has such a filter; no files ask for nothing. */
export function matchesChanges(job: ChangeMatched, files: readonly string[]): boolean {
  if (job.run_if_changed !== '') return files.some((file) => found(job.run_if_changed, file));
  if (job.skip_if_only_changed === '') return false;
  return files.some((file) => !found(job.skip_if_only_changed, file));
}

/** Whether only a comment can start a presubmit. */
export function needsExplicitTrigger(job: Presubmit): boolean {
  return !job.always_run && !hasChangeMatcher(job);
}

/** Whether a comment asks for a presubmit by its trigger. */
export function matchesTrigger(job: Pick<Presubmit, 'name' | 'trigger'>, body: string): boolean {
  // What a default trigger asks for holds the name; thousands of them need not be compiled to see that it does not.
  const { name, trigger } = job;
  if (LITERAL.test(name) && !body.includes(name) && trigger === defaultTrigger(name)) return false;
  return found(trigger, body);
}

const LITERAL = /^[\w-]+$/;

/** Whether a presubmit runs (J§4.3): branch, `always_run`, force, changed files, in this order. */
export async function shouldRun(job: Presubmit, question: RunQuestion): Promise<boolean> {
  if (!runsOnBranch(job, question.branch)) return false;
  if (job.always_run || question.forced) return true;
  if (question.defaults === true) return true;
  return hasChangeMatcher(job) && matchesChanges(job, await question.files());
}

/** Whether a push starts a postsubmit (J§4.3): branch, changed files, `always_run`, else yes. */
export async function shouldRunAfterPush(job: Postsubmit, question: RunQuestion): Promise<boolean> {
  if (!runsOnBranch(job, question.branch)) return false;
  if (hasChangeMatcher(job)) return matchesChanges(job, await question.files());
  return job.always_run ?? true;
}

/** The presubmits that a pull request starts by itself, and that `/test all` asks for. */
export async function automaticJobs(
  presubmits: readonly Presubmit[],
  question: RunQuestion,
): Promise<readonly Presubmit[]> {
  const chosen: Presubmit[] = [];
  for (const job of presubmits) {
    if (!needsExplicitTrigger(job) && (await shouldRun(job, question))) chosen.push(job);
  }
  return chosen;
}

/** The presubmits whose success merging a pull request needs (J§2.2): `run_before_merge` takes no heed of files. */
export async function jobsBeforeMerge(
  presubmits: readonly Presubmit[],
  question: Pick<RunQuestion, 'branch' | 'files'>,
): Promise<readonly Presubmit[]> {
  const needed: Presubmit[] = [];
  for (const job of presubmits) {
    if (!job.required && !job.run_before_merge) continue;
    if (await shouldRun(job, { ...question, forced: job.run_before_merge })) needed.push(job);
  }
  return needed;
}

/** Whether an external plugin is sent a kind of event (W§2.5); one that names none is sent all, unknown ones too. */
export function wantsEvent({ events }: { readonly events: readonly string[] }, event: string) {
  return events.length === 0 || events.includes(event);
}

/** Whether two jobs may run on one branch, as Prow looks for duplicates (J§4.3). */
export function branchesIntersect(one: Branched, other: Branched): boolean {
  if (isOpen(one) || isOpen(other)) return true;
  if (one.branches.length > 0 && other.branches.length > 0) {
    return one.branches.some((branch) => other.branches.includes(branch));
  }
  if (one.branches.length > 0) return one.branches.some((branch) => runsOnBranch(other, branch));
  if (other.branches.length > 0) return other.branches.some((branch) => runsOnBranch(one, branch));
  return true;
}

function isOpen({ branches, skip_branches }: Branched): boolean {
  return branches.length === 0 && skip_branches.length === 0;
}

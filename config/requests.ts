import type { RunQuestion } from './matching.ts';
import {
  automaticJobs,
  matchesTrigger,
  needsExplicitTrigger,
  runsOnBranch,
  shouldRun,
} from './matching.ts';
import type { Presubmit } from './prow/jobs.ts';
import { found } from './re2.ts';

/** What a comment says to the plugin `trigger`, by Prow's patterns (W§1.1). */
export interface TestCommands {
  /** `/test all` */
  readonly testAll: boolean;
  /** `/test ?` */
  readonly testHelp: boolean;
  /** `/test` without a name. */
  readonly testBare: boolean;
  /** `/test` with any word behind it, `all` and `?` included. */
  readonly testNamed: boolean;
  readonly retest: boolean;
  /** `/retest` with a word behind it, which it does not take. */
  readonly retestNamed: boolean;
  readonly retestRequired: boolean;
  readonly testManualRequired: boolean;
  readonly okToTest: boolean;
  readonly okToTestCancel: boolean;
  /** A line starts with `/test` or `/retest`: earlier help comments are pruned. */
  readonly prunesHelp: boolean;
}

/** Why a comment selects a presubmit; the first of these that fits (W§1.1, order of processing, 7). */
export type RequestReason =
  | 'command'
  | 'retest'
  | 'retest-required'
  | 'test-manual-required'
  | 'test-all';

/** A presubmit that a comment selects. */
export interface RequestedJob {
  readonly presubmit: Presubmit;
  readonly reason: RequestReason;
}

/** What a comment's selection depends on. */
export interface JobRequest {
  /** The repository's presubmits. */
  readonly presubmits: readonly Presubmit[];
  readonly body: string;
  readonly branch: string;
  readonly changedFiles: () => Promise<readonly string[]>;
  /** Contexts at the head that are `error` or `failure`; asked only for a retest. */
  readonly failedContexts: () => Promise<readonly string[]>;
  /** All contexts at the head; asked only for a retest. */
  readonly allContexts: () => Promise<readonly string[]>;
  /** `ignore_ok_to_test`: `/ok-to-test` then selects nothing. */
  readonly ignoreOkToTest?: boolean;
}

/** The commands that one can type for a pull request, for the help comment. */
export interface AvailableJobs {
  /** Rerun commands of required jobs, sorted. */
  readonly required: readonly string[];
  /** Rerun commands of optional jobs, sorted. */
  readonly optional: readonly string[];
  /** Names of the jobs that `/test all` would start, sorted. */
  readonly testAll: readonly string[];
  /** `/test all` starts every job there is. */
  readonly testAllIsAll: boolean;
}

const PATTERNS = {
  testAll: String.raw`(?m)^/test all,?($|\s.*)`,
  testHelp: String.raw`(?m)^/test \?\s*$`,
  testBare: String.raw`(?m)^/test\s*$`,
  testNamed: String.raw`(?m)^/test[ \t]+\S`,
  retest: String.raw`(?m)^/retest\s*$`,
  retestNamed: String.raw`(?m)^/retest[ \t]+\S`,
  retestRequired: String.raw`(?m)^/retest-required\s*$`,
  testManualRequired: String.raw`(?m)^/test-manual-required\s*$`,
  okToTest: String.raw`(?m)^/ok-to-test\s*$`,
  okToTestCancel: String.raw`(?m)^/ok-to-test cancel\s*$`,
  prunesHelp: String.raw`(?m)^/(test|retest)\b`,
} satisfies Record<keyof TestCommands, string>;

/** Reads a comment as the plugin `trigger` does, by RE2. */
export function testCommands(body: string): TestCommands {
  return {
    testAll: found(PATTERNS.testAll, body),
    testHelp: found(PATTERNS.testHelp, body),
    testBare: found(PATTERNS.testBare, body),
    testNamed: found(PATTERNS.testNamed, body),
    retest: found(PATTERNS.retest, body),
    retestNamed: found(PATTERNS.retestNamed, body),
    retestRequired: found(PATTERNS.retestRequired, body),
    testManualRequired: found(PATTERNS.testManualRequired, body),
    okToTest: found(PATTERNS.okToTest, body),
    okToTestCancel: found(PATTERNS.okToTestCancel, body),
    prunesHelp: found(PATTERNS.prunesHelp, body),
  };
}

/** Whether a comment means the plugin `trigger` at all: a command, or the trigger of any job. */
export function concernsTrigger(presubmits: readonly Presubmit[], body: string): boolean {
  const { prunesHelp: _, ...commands } = testCommands(body);
  return (
    Object.values(commands).includes(true) || presubmits.some((job) => matchesTrigger(job, body))
  );
}

/** The presubmits that a comment selects (W§1.1, order of processing, 7), in their configured order. */
export async function requestedJobs(request: JobRequest): Promise<readonly RequestedJob[]> {
  const filters = await filtersFor(request);
  const base = questionOf(request);
  const chosen: RequestedJob[] = [];
  for (const presubmit of request.presubmits) {
    const filter = filters.find(({ selects }) => selects(presubmit));
    if (filter === undefined) continue;
    const forced = filter.forces(presubmit);
    const runs = await shouldRun(presubmit, { ...base, forced, defaults: forced });
    if (runs) chosen.push({ presubmit, reason: filter.reason });
  }
  return chosen;
}

/** What one could type (W§1.1, help comment); jobs of other branches are left out. */
export async function availableJobs(
  request: Pick<JobRequest, 'presubmits' | 'branch' | 'changedFiles'>,
): Promise<AvailableJobs> {
  const jobs = request.presubmits.filter((job) => runsOnBranch(job, request.branch));
  const automatic = await automaticJobs(jobs, questionOf(request));
  return {
    required: sorted(jobs.filter((job) => !job.optional).map((job) => job.rerun_command)),
    optional: sorted(jobs.filter((job) => job.optional).map((job) => job.rerun_command)),
    testAll: sorted(automatic.map((job) => job.name)),
    testAllIsAll: automatic.length === jobs.length,
  };
}

interface Filter {
  readonly reason: RequestReason;
  readonly selects: (job: Presubmit) => boolean;
  /** Whether a selected job runs whatever files changed. */
  readonly forces: (job: Presubmit) => boolean;
}

async function filtersFor(request: JobRequest): Promise<readonly Filter[]> {
  const { body } = request;
  const says = testCommands(body);
  const filters: Filter[] = [
    { reason: 'command', selects: (job) => matchesTrigger(job, body), forces: () => true },
  ];
  if (says.retest || says.retestRequired) {
    const retest = await retestFilter(request);
    if (says.retest) filters.push(retest);
    if (says.retestRequired) filters.push(requiredOnly(retest));
  }
  if (says.testManualRequired) {
    const selects = (job: Presubmit) => !job.optional && needsExplicitTrigger(job);
    filters.push({ reason: 'test-manual-required', selects, forces: () => true });
  }
  if (says.testAll || (says.okToTest && !request.ignoreOkToTest)) {
    const selects = (job: Presubmit) => !needsExplicitTrigger(job);
    filters.push({ reason: 'test-all', selects, forces: () => false });
  }
  return filters;
}

async function retestFilter(request: JobRequest): Promise<Filter> {
  const failed = new Set(await request.failedContexts());
  const all = new Set(await request.allContexts());
  return {
    reason: 'retest',
    selects: (job) =>
      failed.has(job.context) || (!needsExplicitTrigger(job) && !all.has(job.context)),
    forces: (job) => failed.has(job.context),
  };
}

function requiredOnly(retest: Filter): Filter {
  const selects = (job: Presubmit) => !job.optional && retest.selects(job);
  return { ...retest, reason: 'retest-required', selects };
}

function questionOf({
  branch,
  changedFiles,
}: Pick<JobRequest, 'branch' | 'changedFiles'>): RunQuestion {
  return { branch, files: once(changedFiles) };
}

function once<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let answer: Promise<Value> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}

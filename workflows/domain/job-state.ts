import { isTerminal, type RunReport, type RunRequest, type RunState } from './run.ts';

/** Where a run stands; `version` grows with every change that somebody can see. */
export interface RunStatus {
  readonly version: number;
  readonly state: RunState;
  readonly description: string;
  readonly url: string;
  readonly buildId: string;
  readonly complete: boolean;
  /** ISO times; empty while it has not come to that. */
  readonly pendingTime: string;
  readonly completionTime: string;
}

/** How a run ends. */
export interface RunVerdict {
  readonly state: 'success' | 'failure' | 'error' | 'aborted';
  readonly description: string;
}

/** Prow's sentences (J§1.1.3, J§1.2.3). */
export const SAYS = {
  triggered: 'Job triggered.',
  success: 'Job succeeded.',
  failure: 'Job failed.',
  pendingTimeout: 'Pod pending timeout.',
  unscheduledTimeout: 'Pod scheduling timeout.',
  runningTimeout: 'Pod running timeout.',
  outOfMemory: 'Job pod was OOM killed by the cluster.',
  evicted: 'Job pod was evicted by the cluster.',
  deleted: 'Pod got deleted unexpectedly',
  unfinishedContainers: "Pod was in succeeded phase but some containers didn't finish",
  trouble: (reason: string) => `Pod can not start: ${reason}`,
  unreachable: (reason: string) => `Waiting for the build cluster. ${reason}`,
  maxRevivals: (most: number, cause: string) =>
    `Job pod reached max revivals (${most}) after being stopped unexpectedly (${cause})`,
  cannotStart: (reason: string) => `Pod can not be created: ${reason}`,
  silent: (queue: string) => `No worker answers for the queue "${queue}": waiting for one.`,
  silentTooLong: (queue: string, minutes: number) =>
    `No worker answered for the queue "${queue}" within ${minutes} minutes.`,
  unreachableTooLong: (reason: string, minutes: number) =>
    `The build cluster did not answer for ${minutes} minutes. ${reason}`,
  aborted: 'Aborted.',
} as const;

/** A run that was asked for and not started. */
export function newStatus(): RunStatus {
  return {
    version: 1,
    state: 'triggered',
    description: '',
    url: '',
    buildId: '',
    complete: false,
    pendingTime: '',
    completionTime: '',
  };
}

/**
 * The status after a change. Nothing leaves a terminal state but for being completed, and what changes
 * nothing makes no version.
 */
export function advance(status: RunStatus, change: Partial<Omit<RunStatus, 'version'>>): RunStatus {
  if (status.complete) return status;
  const { complete, completionTime } = change;
  const allowed = isTerminal(status.state)
    ? { ...(complete ? { complete } : {}), ...(completionTime ? { completionTime } : {}) }
    : change;
  const next = { ...status, ...allowed };
  if (sameStatus(status, next)) return status;
  return { ...next, version: status.version + 1 };
}

function sameStatus(one: RunStatus, other: RunStatus): boolean {
  return (
    one.state === other.state &&
    one.description === other.description &&
    one.url === other.url &&
    one.buildId === other.buildId &&
    one.complete === other.complete
  );
}

/** What the run's owner is told. */
export function reportOf(run: RunRequest, status: RunStatus): RunReport {
  const { pulls = [], base_ref, base_sha = '' } = run.refs;
  const { version, state, description, url, buildId, complete } = status;
  return {
    uuid: run.uuid,
    version,
    type: run.type,
    job: run.job,
    context: run.context,
    state,
    description,
    url,
    buildId,
    complete,
    createdAt: run.createdAt,
    headSha: pulls[0]?.sha ?? base_sha,
    baseRef: base_ref,
    baseSha: base_sha,
    pulls: pulls.map(({ number, sha }) => ({ number, sha })),
    optional: run.optional,
    report: run.report,
    rerunCommand: run.rerunCommand,
    cause: run.cause,
  };
}

/** Whether a sight of a pod is of another pod than the one known, or older: then it is not believed. */
export function isOutdated(seen: Sight, known: Sight | undefined): boolean {
  if (seen.pod === undefined || known?.pod === undefined) return false;
  if (seen.pod.uid !== known.pod.uid) return true;
  const [one, other] = [seen.pod.resourceVersion, known.pod.resourceVersion];
  // Versions are whole numbers too large for ours.
  return one.length === other.length ? one < other : one.length < other.length;
}

interface Sight {
  readonly pod?: { readonly uid: string; readonly resourceVersion: string };
}

/** The verdict on a process or pod that has ended. */
export function verdictOf(seen: {
  readonly verdict?: RunVerdict['state'];
  readonly description?: string;
  readonly exitCode?: number;
}): RunVerdict {
  const state = seen.verdict ?? (seen.exitCode === 0 ? 'success' : 'failure');
  const usual = {
    success: SAYS.success,
    failure: SAYS.failure,
    error: SAYS.failure,
    aborted: SAYS.aborted,
  };
  return { state, description: seen.description || usual[state] };
}

/** A limit that a run needs a place in. */
export interface SlotNeed {
  readonly kind: 'job' | 'queue' | 'all';
  readonly name: string;
  readonly capacity: number;
}

/** The limits of a run, the narrowest first: whoever waits never holds what all need (DESIGN §5). */
export function slotNeeds(
  job: string,
  plan: {
    readonly maxConcurrency: number;
    readonly jobQueue: string;
    readonly jobQueueCapacity: number;
    readonly overallConcurrency: number;
  },
): readonly SlotNeed[] {
  const needs: SlotNeed[] = [];
  // No limit is 0 for jobs and for all, and negative for queues, where 0 lets nothing start (P10).
  if (plan.maxConcurrency > 0)
    needs.push({ kind: 'job', name: job, capacity: plan.maxConcurrency });
  if (plan.jobQueue !== '' && plan.jobQueueCapacity >= 0)
    needs.push({ kind: 'queue', name: plan.jobQueue, capacity: plan.jobQueueCapacity });
  if (plan.overallConcurrency > 0)
    needs.push({ kind: 'all', name: 'all', capacity: plan.overallConcurrency });
  return needs;
}

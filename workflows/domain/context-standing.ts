import { baseShaOf, skipsRetest } from './base-sha-status.ts';
import type { MergePolicy, RequiredContext } from './merge-policy.ts';
import type { ContextStanding } from './pool.ts';
import type { PullRequestRecord, StatusFact } from './record.ts';
import type { RunReport } from './run.ts';

/** Our own context on a pull request: it never decides about itself (J§2.3). */
export const POOL_CONTEXT = 'tide';

/** Where all contexts of a pull request stand. */
export interface Contexts {
  readonly required: readonly ContextStanding[];
  /** Neither required nor optional, and not green: they keep it out of the pool. */
  readonly alsoUnsuccessful: readonly ContextStanding[];
}

/** Reads the contexts that matter from the record. */
export function contextsOf(record: PullRequestRecord, policy: MergePolicy): Contexts {
  const required = policy.requiredContexts
    .filter(({ context }) => context !== POOL_CONTEXT)
    .map((wanted) => standingOf(record, wanted));
  const known = new Set(policy.requiredContexts.map(({ context }) => context));
  const alsoUnsuccessful = Object.keys(record.statuses)
    .filter((context) => context !== POOL_CONTEXT && !known.has(context))
    .filter((context) => !isOptional(context, policy))
    .sort()
    .map((context) => standingOf(record, { context, job: '', conditional: false }))
    .filter(({ state }) => state !== 'success');
  return { required, alsoUnsuccessful };
}

/** Whether a context that is not required may be ignored (J§2.3). */
function isOptional(context: string, policy: MergePolicy): boolean {
  if (policy.optionalContexts.includes(context)) return true;
  return !policy.requiredIfPresent.includes(context) && policy.skipUnknown;
}

function standingOf(record: PullRequestRecord, { context, job }: RequiredContext): ContextStanding {
  const status = record.statuses[context];
  const run = job === '' ? undefined : runAtHead(record, job);
  if (run === undefined) return fromStatus(context, job, status);
  if (contradicts(run, status)) return fromStatus(context, job, status);
  return { context, job, state: runState(run), baseSha: run.baseSha, anyBase: false };
}

function runAtHead(record: PullRequestRecord, job: string): RunReport | undefined {
  const run = record.runs[job];
  return run?.headSha === record.headSha ? run : undefined;
}

/**
 * Our own runs are known before their statuses are written, so they go first; but a success that somebody
 * wrote over a failed run counts (`/override`), and so does a later failure that is not this run's.
 */
function contradicts(run: RunReport, status: StatusFact | undefined): boolean {
  if (status === undefined) return false;
  if (status.state === 'success')
    return runState(run) === 'failure' || skipsRetest(status.description);
  if (status.state === 'pending' || status.targetUrl === run.url) return false;
  return Date.parse(status.at) > run.createdAt;
}

function fromStatus(context: string, job: string, status: StatusFact | undefined): ContextStanding {
  if (status === undefined) return { context, job, state: 'missing', baseSha: '', anyBase: false };
  const state = status.state === 'error' ? 'failure' : status.state;
  const baseSha = baseShaOf(status.description);
  const anyBase = job === '' || skipsRetest(status.description);
  return { context, job, state, baseSha, anyBase };
}

/** Unlike Prow, a run that only waits to be scheduled is pending, not failed (J§2.2.1). */
function runState({ state }: RunReport): 'success' | 'pending' | 'failure' {
  if (state === 'success') return 'success';
  return state === 'scheduling' || state === 'triggered' || state === 'pending'
    ? 'pending'
    : 'failure';
}

/** Whether a context's success counts at a base. */
export function countsAt(standing: ContextStanding, baseSha: string): boolean {
  return standing.state === 'success' && (standing.anyBase || standing.baseSha === baseSha);
}

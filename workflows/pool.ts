import { isCancellation, log, workflowInfo } from '@temporalio/workflow';
import { ids, type MergeAnswer, type PoolInput } from './contract.ts';
import type { PoolActionName, PoolSnapshot } from './domain/pool.ts';
import type { PullAtHead } from './domain/pool-action.ts';
import { memberAt, type PoolState } from './domain/pool-state.ts';
import type { RunReport } from './domain/run.ts';
import { publishPool, recordMerge } from './pool-proxies.ts';
import { tell } from './proxies.ts';

const MOST_UNRECORDED = 200;

/** A merge pool at work: its state, and what of it does not outlive a run. */
export interface Pool {
  readonly input: PoolInput;
  state: PoolState;
  /** Something changed since the last look. */
  dirty: boolean;
  /** The newest head of the branch that a push told of. */
  pushed: string;
  /** The last answer of a pull request. */
  answer: MergeAnswer | undefined;
  /** What the pages were last told, its version and time apart. */
  published: string;
  /** Milliseconds until the next look, if something asks for one. */
  lookAgain: number | undefined;
  /** The newest configuration that it was told of; its members carry theirs over its lives. */
  configNumber: number;
}

/** What the pool is doing, for pages and history. */
export interface Doing {
  readonly action: PoolActionName;
  readonly target: readonly number[];
  readonly reason: string;
}

/** Workflow id of the pool. */
export function poolId({ repository, branch }: PoolInput): string {
  return ids.pool(repository, branch);
}

/** A name for something that is done in this step, different in every life of the pool. */
export function stepName(pool: Pool, what: string): string {
  return `${workflowInfo().firstExecutionRunId}/${pool.state.steps}/${what}`;
}

/** Says what the pool is doing now, and tells the pages. */
export async function announce(pool: Pool, doing: Doing, error = ''): Promise<void> {
  pool.state = { ...pool.state, ...doing, error };
  await publish(pool);
}

/** Tells the pages, if anything is new; they may miss it while the database is away. */
export async function publish(pool: Pool): Promise<void> {
  const content = JSON.stringify(snapshotOf(pool, 0, ''));
  if (content === pool.published) return;
  // Versions grow over the lives of a pool, which begins anew after it was empty.
  const version = Math.max(pool.state.version + 1, Date.now());
  pool.state = { ...pool.state, version };
  try {
    await publishPool(snapshotOf(pool, version, new Date().toISOString()));
    pool.published = content;
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('pool not published', { pool: poolId(pool.input) });
  }
}

function snapshotOf({ input, state }: Pool, version: number, updatedAt: string): PoolSnapshot {
  return {
    org: input.repository.org,
    repo: input.repository.repo,
    branch: input.branch,
    version,
    baseSha: state.baseSha,
    action: state.action,
    target: state.target,
    reason: state.reason,
    error: state.error,
    updatedAt,
    members: state.members,
    batches: state.batches,
  };
}

/** Remembers a deed for the history; pulls are looked up before they leave the pool. */
export function historyOf(
  pool: Pool,
  action: PoolActionName,
  { baseSha, pulls }: { readonly baseSha: string; readonly pulls: readonly PullAtHead[] },
): (error: string) => void {
  const target = pulls
    .map(({ number, sha }) => {
      const member = memberAt(pool.state, { number, sha });
      return { number, author: member?.author ?? '', title: member?.title ?? '', sha };
    })
    .sort((a, b) => a.number - b.number);
  const key = stepName(pool, action);
  return (error) => {
    const entry = { key, time: new Date().toISOString(), action, baseSha, target, error };
    const unrecorded = [...pool.state.unrecorded, entry].slice(-MOST_UNRECORDED);
    pool.state = { ...pool.state, unrecorded };
  };
}

/** Writes the history down; what the database does not take now waits. */
export async function recordHistory(pool: Pool): Promise<void> {
  const { org, repo } = pool.input.repository;
  for (const entry of pool.state.unrecorded) {
    try {
      await recordMerge({ org, repo, branch: pool.input.branch, entry });
    } catch (error) {
      if (isCancellation(error)) throw error;
      log.warn('history not recorded', { pool: poolId(pool.input), key: entry.key });
      lookAgainIn(pool, 30_000);
      return;
    }
    const unrecorded = pool.state.unrecorded.filter(({ key }) => key !== entry.key);
    pool.state = { ...pool.state, unrecorded };
  }
}

/** Ends runs that nobody needs. */
export async function abortRuns(runs: readonly RunReport[]): Promise<void> {
  await Promise.all(
    runs.map(({ uuid }) =>
      tell({
        to: 'job',
        uuid,
        signal: 'abort',
        body: { description: 'Aborted: its batch is out of date.', superseded: true },
      }),
    ),
  );
}

/** Makes sure that the pool looks again soon. */
export function lookAgainIn(pool: Pool, milliseconds: number): void {
  pool.lookAgain = Math.min(pool.lookAgain ?? milliseconds, milliseconds);
}

import { isTerminal, type RunReport } from '../../workflows/domain/run.ts';
import { statusOfRun } from '../../workflows/domain/run-status.ts';
import { learn, wish } from '../../workflows/domain/working-copy.ts';
import type { Batch } from './batch.ts';

/**
 * Wishes for the statuses of the newest run of each context at the head (J§1.6): all statuses of a pull
 * request's presubmits are written by its entity, and only when they change.
 */
export function wishStatuses(batch: Batch): void {
  const { wanted } = batch.copy;
  for (const run of Object.values(wanted.runs)) {
    if (run.headSha === wanted.headSha) wishStatus(batch, run);
  }
}

/**
 * The last word on runs that a push ends: the commit that they test is no longer the head, and would stay pending
 * for ever (K01). Comes before new runs take their places in the record.
 */
export function wishAbortedStatuses(batch: Batch): void {
  const { wanted, abortRuns } = batch.copy;
  if (abortRuns === undefined) return;
  for (const run of Object.values(wanted.runs)) {
    if (run.headSha === wanted.headSha || isTerminal(run.state)) continue;
    const aborted: RunReport = { ...run, state: 'aborted', description: abortRuns };
    wishStatus(batch, aborted);
    batch.copy = learn(batch.copy, (record) => ({
      ...record,
      runs: { ...record.runs, [run.job]: aborted },
    }));
  }
}

function wishStatus(batch: Batch, run: RunReport): void {
  const status = statusOfRun(run, run.headSha);
  if (status === undefined) return;
  batch.copy = wish(batch.copy, status, {
    plugin: 'report',
    cause: `run:${run.uuid}:${run.version}`,
    ordinal: 0,
    order: '',
    reason: `${run.job} is ${run.state}`,
  });
}

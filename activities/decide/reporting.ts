import { statusOfRun } from '../../workflows/domain/run-status.ts';
import { wish } from '../../workflows/domain/working-copy.ts';
import type { Batch } from './batch.ts';

/**
 * Wishes for the statuses of the newest run of each context at the head (J§1.6): all statuses of a pull
 * request's presubmits are written by its entity, and only when they change.
 */
export function wishStatuses(batch: Batch): void {
  const { wanted } = batch.copy;
  for (const run of Object.values(wanted.runs)) {
    const status = run.headSha === wanted.headSha ? statusOfRun(run, run.headSha) : undefined;
    if (status === undefined) continue;
    batch.copy = wish(batch.copy, status, {
      plugin: 'report',
      cause: `run:${run.uuid}:${run.version}`,
      ordinal: 0,
      order: '',
      reason: `${run.job} is ${run.state}`,
    });
  }
}

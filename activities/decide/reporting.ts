import { withBaseSha } from '../../workflows/domain/base-sha-status.ts';
import type { Effect } from '../../workflows/domain/effect.ts';
import type { RunReport, RunState } from '../../workflows/domain/run.ts';
import { wish } from '../../workflows/domain/working-copy.ts';
import type { Batch } from './batch.ts';

/** Prow's states as GitHub's (J§1.6). */
const STATUS_OF: Record<RunState, 'pending' | 'success' | 'failure' | 'error'> = {
  scheduling: 'pending',
  triggered: 'pending',
  pending: 'pending',
  success: 'success',
  failure: 'failure',
  aborted: 'failure',
  error: 'error',
};

/**
 * Wishes for the statuses of the newest run of each context at the head (J§1.6): all statuses of a pull
 * request's presubmits are written by its entity, and only when they change.
 */
export function wishStatuses(batch: Batch): void {
  const { wanted } = batch.copy;
  for (const run of Object.values(wanted.runs)) {
    if (!isReported(run) || run.headSha !== wanted.headSha) continue;
    batch.copy = wish(batch.copy, statusOf(run), {
      plugin: 'report',
      cause: `run:${run.uuid}:${run.version}`,
      ordinal: 0,
      order: '',
      reason: `${run.job} is ${run.state}`,
    });
  }
}

/** A run that was only just asked for has no page yet: its status follows with the link (R01). */
function isReported(run: RunReport): boolean {
  const hasNews = run.state !== 'triggered' || run.description !== '';
  return run.report && run.context !== '' && hasNews && run.state !== 'scheduling';
}

function statusOf(run: RunReport): Effect {
  return {
    kind: 'set-status',
    sha: run.headSha,
    context: run.context,
    state: STATUS_OF[run.state],
    description: withBaseSha(run.description, run.baseSha),
    targetUrl: run.url,
  };
}

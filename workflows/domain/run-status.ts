import { withBaseSha } from './base-sha-status.ts';
import type { Effect } from './effect.ts';
import type { RunReport, RunState } from './run.ts';

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

/** A run's state in GitHub's words. */
export function githubState(state: RunState): 'pending' | 'success' | 'failure' | 'error' {
  return STATUS_OF[state];
}

/**
 * The commit status of a run (J§1.6); undefined for a run that reports none, or that was only just asked
 * for: it has no page yet, and its status follows with the link (R01).
 */
export function statusOfRun(
  run: RunReport,
  sha: string,
): Extract<Effect, { kind: 'set-status' }> | undefined {
  const hasNews = run.state !== 'triggered' || run.description !== '';
  if (!run.report || run.context === '' || !hasNews || run.state === 'scheduling') return undefined;
  return {
    kind: 'set-status',
    sha,
    context: run.context,
    state: githubState(run.state),
    description: withBaseSha(run.description, run.baseSha),
    targetUrl: run.url,
  };
}

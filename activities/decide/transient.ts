import { ApplicationFailure } from '@temporalio/common';

/** Prefix of the failure types that trying again later may cure: GitHub or the network is in the way. */
export const TRANSIENT = 'Transient';

/** Whether an error is GitHub's, git's or the network's rather than our own. */
export function isTransient(error: unknown): boolean {
  if (error instanceof ApplicationFailure) return error.nonRetryable !== true;
  return error instanceof Error && error.name.endsWith('Unavailable');
}

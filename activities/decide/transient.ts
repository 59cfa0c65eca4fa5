import { ApplicationFailure } from '@temporalio/common';

const TRANSIENT = /(Unavailable|Limited|GitFailure)$/;

/** Whether an error is GitHub's, git's or the database's rather than our own: trying later may cure it. */
export function isTransient(error: unknown): boolean {
  if (error instanceof ApplicationFailure) return TRANSIENT.test(error.type ?? '');
  return error instanceof Error && TRANSIENT.test(error.name);
}

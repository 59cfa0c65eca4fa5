import { setTimeout as delay } from 'node:timers/promises';
import { asyncLocalStorage } from '@temporalio/activity';
import { attempt, attemptScheduledAt } from './http/deadline.ts';

/** Longer than GitHub's reads lag behind its writes (DESIGN §4). */
export const READ_LAG = 5000;

/**
 * On a retry, waits until reads show what the attempt before may have written; returns whether this is a
 * retry. `again`: an earlier activity may have written it (a parked effect). An attempt before this one had ended when this one was scheduled.
 */
export async function settled(readLagMs: number, again = false): Promise<boolean> {
  if (attempt() === 1 && !again) return false;
  const left = attemptScheduledAt() + readLagMs - Date.now();
  const signal = asyncLocalStorage.getStore()?.cancellationSignal;
  if (left > 0) await delay(left, undefined, signal === undefined ? {} : { signal });
  return true;
}

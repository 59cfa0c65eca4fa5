import { AsyncLocalStorage } from 'node:async_hooks';
import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';

/** Until when a request may take, and what ends it earlier. */
export interface Deadline {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly cancelled?: AbortSignal;
}

/** Of an activity's time, so that its end is ours and not the server's (DESIGN §4). */
const SHARE = 0.8;

const ends = new AsyncLocalStorage<number>();

/** Does work of which no request goes on for longer than this: then somebody else does it again. */
export function within<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  return ends.run(Date.now() + milliseconds, work);
}

/**
 * Tells each request its deadline: 80 % of the surrounding activity's startToClose, else the default; but never
 * later than the whole activity's end, after which somebody else may carry its order out, nor than `within` says.
 */
export function createDeadlines(defaultMs: number): () => Deadline {
  const ofActivity = activityDeadlines(defaultMs);
  return () => {
    const deadline = ofActivity();
    return { ...deadline, at: Math.min(deadline.at, ends.getStore() ?? deadline.at) };
  };
}

function activityDeadlines(defaultMs: number): () => Deadline {
  const begun = new WeakMap<Context, number>();
  return () => {
    const now = Date.now();
    const context = asyncLocalStorage.getStore();
    if (context === undefined) return { at: now + defaultMs };
    const start = begun.get(context) ?? now;
    begun.set(context, start);
    const { startToCloseTimeoutMs, scheduledTimestampMs, scheduleToCloseTimeoutMs } = context.info;
    const allowed = startToCloseTimeoutMs * SHARE || defaultMs;
    const end =
      scheduleToCloseTimeoutMs > 0
        ? scheduledTimestampMs + scheduleToCloseTimeoutMs
        : start + allowed;
    return { at: Math.min(start + allowed, end), cancelled: context.cancellationSignal };
  };
}

/** Runs a request under a signal that ends it at the deadline or when its activity is cancelled. */
export async function before<T>(
  { at, cancelled }: Deadline,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, Math.max(1, at - Date.now()));
  cancelled?.addEventListener('abort', abort);
  try {
    return await send(controller.signal);
  } catch (error) {
    throw cancelled?.aborted === true ? new CancelledFailure('the activity was cancelled') : error;
  } finally {
    clearTimeout(timer);
    cancelled?.removeEventListener('abort', abort);
  }
}

/** Which attempt of an activity this is; 1 outside of one. */
export function attempt(): number {
  return asyncLocalStorage.getStore()?.info.attempt ?? 1;
}

/** When this attempt was scheduled: the one before had ended by then. */
export function attemptScheduledAt(): number {
  return asyncLocalStorage.getStore()?.info.currentAttemptScheduledTimestampMs ?? Date.now();
}

/** When the activity was first scheduled: nothing that it wrote is older. */
export function firstScheduledAt(): number {
  return asyncLocalStorage.getStore()?.info.scheduledTimestampMs ?? Date.now();
}

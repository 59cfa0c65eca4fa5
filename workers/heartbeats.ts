import type { Context } from '@temporalio/activity';
import type { ActivityInterceptors } from '@temporalio/worker';

const BEAT_MS = 1_000;

/**
 * Activities whose caller set a heartbeat timeout say that they live for as long as they work: so the death
 * of a worker is noticed within seconds, and not when the longest time is up that the work may take.
 */
export function beatWhileWorking(context: Context): ActivityInterceptors {
  return {
    inbound: {
      async execute(input, next) {
        if (!context.info.heartbeatTimeoutMs) return next(input);
        const beats = setInterval(() => context.heartbeat(), BEAT_MS);
        try {
          return await next(input);
        } finally {
          clearInterval(beats);
        }
      },
    },
  };
}

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Hub } from '../hub.ts';

interface Window {
  used: number;
  readonly resetsAt: number;
}

/** Counts requests per token and hour; a 304 is free. */
export interface RateLimits {
  /** Writes the headers; true if the request is one too many. */
  charge(request: FastifyRequest, reply: FastifyReply): boolean;
  refund(request: FastifyRequest): void;
  reset(): void;
}

/** No request counted yet. */
export function createRateLimits(hub: Hub): RateLimits {
  const windows = new Map<string, Window>();

  function windowOf(request: FastifyRequest): Window {
    const key = request.headers.authorization ?? '';
    const now = Math.floor(Date.now() / 1000);
    const known = windows.get(key);
    if (known && known.resetsAt > now) return known;
    const fresh = { used: 0, resetsAt: now + 3600 };
    windows.set(key, fresh);
    return fresh;
  }
  return {
    charge(request, reply) {
      const window = windowOf(request);
      const { rateLimit, rateLimitEnforced } = hub.settings;
      const exhausted = rateLimitEnforced && window.used >= rateLimit;
      if (!exhausted) window.used += 1;
      reply
        .header('X-RateLimit-Limit', String(rateLimit))
        .header('X-RateLimit-Remaining', String(Math.max(0, rateLimit - window.used)))
        .header('X-RateLimit-Used', String(window.used))
        .header('X-RateLimit-Reset', String(window.resetsAt))
        .header('X-RateLimit-Resource', 'core');
      return exhausted;
    },
    refund(request) {
      windowOf(request).used -= 1;
    },
    reset: () => windows.clear(),
  };
}

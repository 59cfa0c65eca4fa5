import type { Hub } from '../hub.ts';
import { timestampOf } from './times.ts';

/** What `rateLimit` and the headers say after a query was counted. */
export interface Points {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  /** Seconds since the epoch. */
  readonly reset: number;
  readonly resetAt: string;
}

/** Points per hour and user; apart from REST's requests. */
export interface Budget {
  /** Counts a query; undefined if the points do not suffice. */
  spend(login: string, cost: number): Points | undefined;
  look(login: string): Points;
}

interface Window {
  used: number;
  readonly reset: number;
}

const HOUR_SECONDS = 3600;

/** Nothing spent yet. */
export function createBudget(hub: Hub): Budget {
  const windows = new Map<string, Window>();

  function windowOf(login: string): Window {
    const now = Math.floor(Date.now() / 1000);
    const known = windows.get(login);
    if (known && known.reset > now) return known;
    const fresh = { used: 0, reset: now + HOUR_SECONDS };
    windows.set(login, fresh);
    return fresh;
  }
  function pointsOf({ used, reset }: Window): Points {
    const limit = hub.settings.rateLimit;
    const remaining = Math.max(0, limit - used);
    return { limit, used, remaining, reset, resetAt: timestampOf(reset * 1000) };
  }
  return {
    spend(login, cost) {
      const window = windowOf(login);
      const { rateLimit, rateLimitEnforced } = hub.settings;
      if (rateLimitEnforced && window.used + cost > rateLimit) return undefined;
      window.used += cost;
      return pointsOf(window);
    },
    look: (login) => pointsOf(windowOf(login)),
  };
}

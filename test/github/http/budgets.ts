import type { Settings } from '../state/settings.ts';

/** Whose limits a request counts against. */
export interface Payer {
  readonly kind: 'user' | 'installation' | 'app' | 'address';
  readonly id: string;
}

/** What GitHub counts apart. */
export type Resource = 'core' | 'search' | 'graphql';

/** What `rate_limit` and the headers say. */
export interface Points {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  /** Seconds since the epoch. */
  readonly reset: number;
  readonly resource: Resource;
}

/** Primary limits: requests, searches and points of GraphQL per user or installation. */
export interface Budgets {
  /** Counts; undefined if that is more than is left. */
  spend(payer: Payer, resource: Resource, cost: number): Points | undefined;
  refund(payer: Payer, resource: Resource): void;
  look(payer: Payer, resource: Resource): Points;
  clear(): void;
}

interface Window {
  used: number;
  readonly reset: number;
}

const SECONDS: Readonly<Record<Resource, number>> = { core: 3600, graphql: 3600, search: 60 };

/** The time that limits go by, in milliseconds. */
export function limitTime(settings: Settings): number {
  return settings.clockFrozenAt === null ? Date.now() : Date.parse(settings.clockFrozenAt);
}

function limitOf(settings: Settings, payer: Payer, resource: Resource): number {
  if (resource === 'search') return settings.searchLimit;
  return payer.kind === 'address' ? settings.anonymousLimit : settings.rateLimit;
}

/** Nothing spent yet. */
export function createBudgets(settings: Settings): Budgets {
  const windows = new Map<string, Window>();

  function windowOf(payer: Payer, resource: Resource): Window {
    const now = Math.floor(limitTime(settings) / 1000);
    const key = `${resource} ${payer.kind} ${payer.id}`;
    const known = windows.get(key);
    if (known && known.reset > now) return known;
    const fresh = { used: 0, reset: now + SECONDS[resource] };
    windows.set(key, fresh);
    return fresh;
  }
  function look(payer: Payer, resource: Resource): Points {
    const { used, reset } = windowOf(payer, resource);
    const limit = limitOf(settings, payer, resource);
    return { limit, used, remaining: Math.max(0, limit - used), reset, resource };
  }
  return {
    look,
    spend(payer, resource, cost) {
      const window = windowOf(payer, resource);
      const limit = limitOf(settings, payer, resource);
      if (settings.rateLimitEnforced && window.used + cost > limit) return undefined;
      window.used += cost;
      return look(payer, resource);
    },
    refund(payer, resource) {
      windowOf(payer, resource).used -= 1;
    },
    clear: () => windows.clear(),
  };
}

import type { Settings } from '../state/settings.ts';
import { limitTime, type Payer } from './budgets.ts';

/** What a request weighs. */
export interface Weight {
  readonly writes: boolean;
  /** Makes a comment, an issue, a pull request or a review. */
  readonly content: boolean;
  /** GraphQL has points of its own. */
  readonly graphql?: boolean;
}

/** Secondary limits: how many at once, how much per minute and per hour. */
export interface SecondaryLimits {
  /** Counts a request that begins; the seconds to wait if it may not. */
  enter(payer: Payer, weight: Weight): number | undefined;
  leave(payer: Payer): void;
  clear(): void;
}

/** GitHub's word where nothing says when it will be better. */
const STANDARD_WAIT_S = 60;
const READ_POINTS = 1;
const WRITE_POINTS = 5;

interface Window {
  used: number;
  readonly endsAt: number;
}

interface Charge {
  readonly name: string;
  readonly seconds: number;
  readonly limit: number;
  readonly amount: number;
}

function chargesOf(settings: Settings, weight: Weight): readonly Charge[] {
  const { writes, content, graphql } = weight;
  const amount = writes ? WRITE_POINTS : READ_POINTS;
  const points = graphql
    ? { name: 'graphql', seconds: 60, limit: settings.graphqlPointsPerMinute, amount }
    : { name: 'points', seconds: 60, limit: settings.pointsPerMinute, amount };
  if (!content) return [points];
  return [
    points,
    { name: 'content/min', seconds: 60, limit: settings.contentPerMinute, amount: 1 },
    { name: 'content/h', seconds: 3600, limit: settings.contentPerHour, amount: 1 },
  ];
}

/** Nobody has asked yet. */
export function createSecondaryLimits(settings: Settings): SecondaryLimits {
  const windows = new Map<string, Window>();
  const underWay = new Map<string, number>();

  function windowOf(key: string, { name, seconds }: Charge): Window {
    const now = limitTime(settings);
    const known = windows.get(`${key} ${name}`);
    if (known && known.endsAt > now) return known;
    const fresh = { used: 0, endsAt: now + seconds * 1000 };
    windows.set(`${key} ${name}`, fresh);
    return fresh;
  }
  function waitFor(key: string, weight: Weight): number | undefined {
    const charges = chargesOf(settings, weight);
    const full = charges
      .map((charge) => ({ charge, window: windowOf(key, charge) }))
      .find(({ charge, window }) => window.used + charge.amount > charge.limit);
    if (full) return Math.max(1, Math.ceil((full.window.endsAt - limitTime(settings)) / 1000));
    for (const charge of charges) windowOf(key, charge).used += charge.amount;
    return undefined;
  }
  return {
    enter(payer, weight) {
      const key = `${payer.kind} ${payer.id}`;
      const now = underWay.get(key) ?? 0;
      underWay.set(key, now + 1);
      if (!settings.secondaryLimitsEnforced) return undefined;
      return now >= settings.concurrentRequests ? STANDARD_WAIT_S : waitFor(key, weight);
    },
    leave(payer) {
      const key = `${payer.kind} ${payer.id}`;
      underWay.set(key, Math.max(0, (underWay.get(key) ?? 0) - 1));
    },
    clear: () => windows.clear(),
  };
}

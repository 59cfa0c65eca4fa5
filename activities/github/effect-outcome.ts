import type { Effect, KeyedEffect } from '../../workflows/domain/effect.ts';
import type { Applied, EffectTarget } from '../../workflows/ports.ts';
import type { Ask, GitHub } from './client.ts';
import { refusalOf, toFailure } from './http/failure.ts';
import type { Lane } from './http/write-queue.ts';
import { readPull } from './read/pulls.ts';
import type { Numbered } from './read/reading.ts';

/** What carrying out effects needs. */
export interface EffectDependencies {
  readonly github: GitHub;
  /** Milliseconds that GitHub's reads may lag behind its writes; 5,000 by default. */
  readonly readLagMs: number;
}

/** An effect on its way. */
export interface Order<E extends Effect = Effect> {
  readonly target: EffectTarget;
  readonly keyed: KeyedEffect;
  readonly effect: E;
}

/** The issue or pull request that an order is about. */
export function issueOf({ target: { repository, number } }: Order): Numbered {
  return { repository, number };
}

function laneOf({ kind, ...effect }: Effect): Lane {
  if (kind === 'set-status') return 'status';
  return 'marker' in effect && effect.marker === 'test-report' ? 'report' : 'command';
}

/** Requests for an order, counted as `plugin/kind`. */
export function asking({ keyed, effect }: Order, { github }: EffectDependencies): Ask {
  return github.ask({ purpose: `${keyed.plugin}/${effect.kind}`, lane: laneOf(effect) });
}

/** ISO time of GitHub's answer. */
export function answeredAt({
  headers,
}: {
  readonly headers: { readonly date?: string | undefined };
}) {
  const time = new Date(headers.date ?? Date.now());
  return time.toISOString();
}

/** Why an order is not carried out, if so. */
async function obstacle(
  { github }: EffectDependencies,
  { target, keyed }: Order,
): Promise<string | undefined> {
  if (github.dryRun) return 'dry run';
  if (keyed.forHead === undefined) return undefined;
  const pull = await readPull(github, target, { purpose: 'head-check', fresh: true });
  if (pull === undefined || pull.headSha === keyed.forHead) return undefined;
  return `the head moved from ${keyed.forHead} to ${pull.headSha}`;
}

/** Carries an order out: refusals become values, everything else a failure to be retried. */
export async function carryOut(
  dependencies: EffectDependencies,
  order: Order,
  act: () => Promise<Applied>,
): Promise<Applied> {
  try {
    const reason = await obstacle(dependencies, order);
    return reason === undefined ? await act() : { kind: 'skipped', reason };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal !== undefined) return { kind: 'refused', ...refusal };
    throw toFailure(error);
  }
}

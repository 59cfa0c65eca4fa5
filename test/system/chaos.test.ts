import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith } from '../tools.ts';
import { type Bowsprit, type Part, startBowsprit } from './bowsprit.ts';
import { endOf, playRound, type RoundEnd } from './round.ts';
import { addressOf, type Town, townAt } from './town.ts';
import { until } from './until.ts';

const SEED = 20_261_123;
const ROUNDS = 3;
const VICTIMS: readonly Part[] = ['worker', 'gateway', 'temporal'];

/** A small seeded generator (mulberry32): the same moments in every run, as far as moments can be the same. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Kills one part after the other at random moments until it is told to stop; returns whom. */
function harass(bowsprit: Bowsprit, random: () => number) {
  const killed: Part[] = [];
  let on = true;
  const done = (async () => {
    while (on) {
      await delay(500 + random() * 3_500);
      const victim = VICTIMS[Math.floor(random() * VICTIMS.length)] ?? 'worker';
      if (on && bowsprit.kill(victim)) killed.push(victim);
    }
  })();
  return {
    killed,
    async stop() {
      on = false;
      await done;
    },
  };
}

type Statuses = RoundEnd['statuses'];

/** The end without the way to it: of each context the last state. */
function settled(end: RoundEnd) {
  const last = Object.entries(end.statuses).map(([pull, contexts]) => [
    pull,
    Object.fromEntries(
      Object.entries(contexts).map(([context, states]) => [context, states.at(-1)]),
    ),
  ]);
  return { ...end, statuses: Object.fromEntries(last) };
}

/**
 * States that the calm way does not have there. A `pending` may be missing: whoever was dead when a job
 * began and ended writes only what came of it. Nothing may be doubled, or come in another order.
 */
function unexpected(statuses: Statuses, calm: Statuses): readonly string[] {
  return Object.entries(statuses).flatMap(([pull, contexts]) =>
    Object.entries(contexts).flatMap(([context, states]) => {
      const way = [...(calm[pull]?.[context] ?? [])];
      const fits = states.every((state) => {
        const at = way.indexOf(state);
        way.splice(0, at + 1);
        return at >= 0;
      });
      return fits ? [] : [`${pull} ${context}: ${states.join(', ')}`];
    }),
  );
}

describeWith(['temporal', 'postgres', 'git', 'git-http-backend'], 'under kill -9', () => {
  let bowsprit: Bowsprit;
  let town: Town;
  let gatewayUrl: string;
  let calm: RoundEnd;

  beforeAll(async () => {
    bowsprit = await startBowsprit({ args: ['--play=false', '--repair-interval=5s'] });
    await bowsprit.line(/Ctrl-C/, 120_000);
    town = townAt(addressOf(bowsprit, 'GitHub'));
    gatewayUrl = addressOf(bowsprit, 'Bowsprit');
  }, 300_000);
  afterAll(() => bowsprit?.stop(), 90_000);

  test('a calm round: two merges, each test once, each status once', async () => {
    calm = await endOf(town, gatewayUrl, await playRound(town, 'calm'));

    expect(calm.merges).toEqual(['first', 'second']);
    expect(calm.runs.filter((run) => !run.endsWith(': success'))).toEqual([]);
    // The second was tested again on the base that the first had moved.
    expect(calm.statuses).toEqual({
      first: { unit: ['pending', 'success'], lint: ['pending', 'success'], tide: ['success'] },
      second: {
        unit: ['pending', 'success', 'pending', 'success'],
        lint: ['pending', 'success', 'pending', 'success'],
        timing: ['pending', 'success'],
        tide: ['success'],
      },
    });
  }, 240_000);

  test('worker, gateway and Temporal die at random moments, and each round ends as the calm one', async () => {
    const random = seeded(SEED);
    const killed: Part[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const chaos = harass(bowsprit, random);
      const played = await playRound(town, `chaos-${round}`).finally(() => chaos.stop());
      killed.push(...chaos.killed);
      await until('the gateway', 60_000, () => bowsprit.pidOf('gateway') !== undefined);

      const end = await endOf(town, gatewayUrl, played);

      const when = `round ${round}, after ${killed.join(', ')}`;
      expect(settled(end), when).toEqual(settled(calm));
      expect(unexpected(end.statuses, calm.statuses), when).toEqual([]);
    }
    process.stderr.write(`killed ${killed.length}: ${killed.join(' ')}\n`);
    expect(killed.length).toBeGreaterThanOrEqual(20);
    expect(new Set(killed).size).toBe(VICTIMS.length);
  }, 900_000);
});

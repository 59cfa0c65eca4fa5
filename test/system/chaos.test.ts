import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith } from '../tools.ts';
import { type Bowsprit, forget, startBowsprit } from './bowsprit.ts';
import { laneNames, openLanes, stateWithLanes } from './lanes.ts';
import { endOf, playRound, type Round, type RoundEnd } from './round.ts';
import { seeded } from './seeded.ts';
import { addressOf, type Town } from './town.ts';
import { until } from './until.ts';

const SEED = 20_261_123;
/** Rounds are played side by side, each lane in a repository of its own. */
const LANES = 5;
const ROUNDS_PER_LANE = 4;
const VICTIMS = ['worker', 'gateway', 'temporal'] as const;
type Victim = (typeof VICTIMS)[number];

/** A part dies so long after the round began, or after the shot before. */
interface Shot {
  readonly victim: Victim;
  readonly afterMs: number;
}

/** One or two shots for each round of each lane, at random moments: all decided before anything begins. */
function plan(random: () => number): readonly (readonly (readonly Shot[])[])[] {
  const shot = (): Shot => ({
    victim: VICTIMS[Math.floor(random() * VICTIMS.length)] ?? 'worker',
    afterMs: random() * 7_000,
  });
  const shots = () => (random() < 0.5 ? [shot()] : [shot(), shot()]);
  return Array.from({ length: LANES }, () => Array.from({ length: ROUNDS_PER_LANE }, shots));
}

/** `kill -9` of each victim when its time has come; one that is down already is shot when it is back. */
async function fire(bowsprit: Bowsprit, shots: readonly Shot[]): Promise<void> {
  for (const { victim, afterMs } of shots) {
    await delay(afterMs);
    await until(`${victim} to be there`, 60_000, () => bowsprit.kill(victim));
  }
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

/** What was played, and how each round is called. */
interface Played {
  readonly name: string;
  readonly town: Town;
  readonly round: Round;
}

async function playLane(
  bowsprit: Bowsprit,
  town: Town,
  shots: readonly (readonly Shot[])[],
): Promise<readonly Played[]> {
  const played: Played[] = [];
  for (const [index, ofRound] of shots.entries()) {
    const name = `${town.repo.replace('practice/', '')}-${index + 1}`;
    const [round] = await Promise.all([playRound(town, name), fire(bowsprit, ofRound)]);
    played.push({ name, town, round });
  }
  return played;
}

describeWith(['temporal', 'postgres', 'git', 'git-http-backend'], 'under kill -9', () => {
  let bowsprit: Bowsprit;
  let towns: readonly Town[];
  let gatewayUrl: string;
  let calm: RoundEnd;

  beforeAll(async () => {
    const names = laneNames(LANES);
    const stateDir = await stateWithLanes(names);
    bowsprit = await startBowsprit({ stateDir, args: ['--play=false', '--repair-interval=5s'] });
    await bowsprit.line(/Ctrl-C/, 120_000);
    towns = await openLanes(bowsprit, names);
    gatewayUrl = addressOf(bowsprit, 'Bowsprit');
  }, 300_000);
  afterAll(async () => {
    await bowsprit?.stop();
    await forget(bowsprit?.stateDir ?? '');
  }, 90_000);

  test('a calm round: two merges, each test once, each status once', async () => {
    const [town] = towns;
    if (town === undefined) throw new Error('there is no lane');

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
  }, 300_000);

  test('worker, gateway and Temporal die at random moments in 20 rounds, and each ends as the calm one', async () => {
    const shots = plan(seeded(SEED));
    const victims = shots.flat(2).map(({ victim }) => victim);
    expect(victims.length).toBeGreaterThanOrEqual(20);
    expect(new Set(victims).size).toBe(VICTIMS.length);

    const lanes = await Promise.all(
      towns.map((town, lane) => playLane(bowsprit, town, shots[lane] ?? [])),
    );

    await until('the gateway', 60_000, () => bowsprit.pidOf('gateway') !== undefined);

    const ends = await Promise.all(
      lanes.flat().map(async ({ name, town, round }) => ({
        name,
        end: await endOf(town, gatewayUrl, round),
      })),
    );

    expect(ends).toHaveLength(20);
    for (const { name, end } of ends) {
      expect(settled(end), name).toEqual(settled(calm));
      expect(unexpected(end.statuses, calm.statuses), name).toEqual([]);
    }
    process.stderr.write(`killed ${victims.length}: ${victims.join(' ')}\n`);
  }, 900_000);
});

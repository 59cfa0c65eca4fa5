import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith } from '../tools.ts';
import { type Bowsprit, forget, type Part, startBowsprit } from './bowsprit.ts';
import { laneNames, openLanes, stateWithLanes } from './lanes.ts';
import { endOf, playRound, type Round, type RoundEnd } from './round.ts';
import { addressOf, type Town } from './town.ts';
import { until } from './until.ts';

const SEED = 20_261_123;
/** Rounds are played side by side, each lane in a repository of its own. */
const LANES = 5;
const ROUNDS_PER_LANE = 4;
const VICTIMS = ['worker', 'gateway', 'temporal'] as const;
type Victim = (typeof VICTIMS)[number];

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

/** Kills one part after the other at random moments until it is told to stop; says whom. */
function harass(bowsprit: Bowsprit, random: () => number) {
  const killed: Part[] = [];
  let on = true;
  const done = (async () => {
    while (on) {
      await delay(random() * 3_000);
      const victim = VICTIMS[Math.floor(random() * VICTIMS.length)] ?? 'worker';
      // Mostly it comes back to life first: on a slow machine nothing but starts would be seen else.
      const isPatient = random() < 0.7;
      const lives = await livesOf(bowsprit, victim);
      if (!on || !bowsprit.kill(victim)) continue;
      killed.push(victim);
      if (isPatient) await isBack(bowsprit, victim, lives);
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

/** How often the worker has come up so far. */
async function livesOf(bowsprit: Bowsprit, part: Victim): Promise<number> {
  return part === 'worker' ? (await bowsprit.log(part)).split('worker is up').length : 0;
}

async function isBack(bowsprit: Bowsprit, part: Victim, lives: number): Promise<void> {
  const name = part === 'gateway' ? 'Bowsprit' : 'Temporal';
  const { hostname, port } = new URL(addressOf(bowsprit, name));
  await until(`${part} to be back`, 60_000, async () =>
    part === 'worker' ? (await livesOf(bowsprit, part)) > lives : listens(hostname, Number(port)),
  );
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 });
    const answer = (is: boolean) => () => {
      socket.destroy();
      resolve(is);
    };
    socket
      .once('connect', answer(true))
      .once('error', answer(false))
      .once('timeout', answer(false));
  });
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

async function playLane(town: Town): Promise<readonly Played[]> {
  const played: Played[] = [];
  for (let index = 1; index <= ROUNDS_PER_LANE; index += 1) {
    const name = `${town.repo.replace('practice/', '')}-${index}`;
    played.push({ name, town, round: await playRound(town, name) });
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
    const chaos = harass(bowsprit, seeded(SEED));
    const lanes = await Promise.all(towns.map(playLane)).finally(() => chaos.stop());
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
    process.stderr.write(`killed ${chaos.killed.length}: ${chaos.killed.join(' ')}\n`);
    expect(chaos.killed.length).toBeGreaterThanOrEqual(20);
    expect(new Set(chaos.killed).size).toBe(VICTIMS.length);
  }, 900_000);
});

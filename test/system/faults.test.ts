import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { change } from '../../workers/practice/repository.ts';
import type { FaultInput } from '../github/http/faults.ts';
import { describeWith } from '../tools.ts';
import { type Bowsprit, forget, startBowsprit } from './bowsprit.ts';
import { laneNames, openLanes, stateWithLanes } from './lanes.ts';
import type { Town } from './town.ts';
import { until } from './until.ts';

const HOLD = 'do-not-merge/hold';
const MINUTES = 60_000;
const REQUIRED = ['unit', 'lint'];
const NO_SUCH_JOB = '/test no-such-job';
/** Our requests, not those of people's pages. */
const OURS = 'bowsprit';
const LANES = 5;

describeWith(['temporal', 'postgres', 'git', 'git-http-backend'], 'when GitHub fails', () => {
  let bowsprit: Bowsprit;
  let towns: readonly Town[];

  beforeAll(async () => {
    const names = laneNames(LANES);
    const stateDir = await stateWithLanes(names);
    bowsprit = await startBowsprit({ stateDir, args: ['--play=false', '--repair-interval=5s'] });
    await bowsprit.line(/Ctrl-C/, 2 * MINUTES);
    towns = await openLanes(bowsprit, names);
  }, 5 * MINUTES);
  afterAll(async () => {
    await bowsprit?.stop();
    await forget(bowsprit?.stateDir ?? '');
  }, 2 * MINUTES);

  /** A repository in which nobody else plays. */
  const lane = (number: number): Town => {
    const town = towns[number - 1];
    if (town === undefined) throw new Error(`there are ${LANES} lanes, and not ${number}`);
    return town;
  };

  test(
    '502 for a minute: everything is done afterwards, once',
    async () => {
      const town = lane(1);
      await town.faults({ match: { client: OURS }, do: 'status', status: 502, forMs: 60_000 });
      const began = performance.now();
      const number = await open(town);
      await town.say(number, 'bob', '/hold');
      await delay(50_000);
      expect(await town.labels(number)).toEqual([]);

      await live(town, number, 2 * MINUTES);

      await expectOnce(town, number);
      expect(performance.now() - began).toBeGreaterThan(60_000);
    },
    5 * MINUTES,
  );

  // What follows strikes one repository each, and so goes on side by side.
  test.concurrent(
    '403 with Retry-After: GitHub is left alone for so long, then each thing is done once',
    async () => {
      const town = lane(1);
      const before = (await town.ledger()).length;
      await town.faults({
        match: { client: OURS, method: 'POST', route: `/repos/${town.repo}/` },
        do: 'status',
        status: 403,
        message: 'You have exceeded a secondary rate limit.',
        retryAfter: 6,
        forMs: 5_000,
      });
      const number = await open(town);

      await live(town, number, MINUTES);

      await expectOnce(town, number);
      const refused = (await town.ledger()).slice(before).filter(({ status }) => status === 403);
      expect(refused.length).toBeGreaterThan(0);
      expect(refused.length).toBeLessThan(12);
    },
    3 * MINUTES,
  );

  test.concurrent(
    'a reply lost after the write: the write is not repeated',
    async () => {
      const town = lane(2);
      const lost = (method: string, route: string): FaultInput => ({
        match: { client: OURS, method, route: `/repos/${town.repo}/${route}` },
        do: 'reply-lost',
        count: 1,
      });
      await town.faults(
        lost('POST', 'issues/\\d+/labels$'),
        lost('POST', 'issues/\\d+/comments$'),
        lost('POST', 'statuses/'),
        lost('PUT', 'pulls/\\d+/merge$'),
      );
      const number = await open(town);

      await live(town, number, MINUTES);

      await expectOnce(town, number);
    },
    3 * MINUTES,
  );

  test.concurrent(
    'reads that lag 3 s behind writes: each thing is done once',
    async () => {
      const town = lane(3);
      const match = { client: OURS, method: 'GET', route: `/repos/${town.repo}(/|$)` };
      await town.faults({ match, do: 'stale-read', ms: 3_000 });
      const number = await open(town);

      await live(town, number, MINUTES);

      await expectOnce(town, number);
    },
    3 * MINUTES,
  );

  test.concurrent.for([
    [4, 403, 'Resource not accessible by personal access token'],
    [5, 422, 'Validation Failed: Label is not allowed here'],
  ] as const)(
    'a command that GitHub refuses for good (lane %i, %i) is answered in words, once',
    { timeout: 2 * MINUTES },
    async ([number, status, message]) => {
      const town = lane(number);
      const pull = await open(town);
      await town.untilTested(pull, REQUIRED);
      const route = `/repos/${town.repo}/issues/${pull}/labels$`;
      await town.faults({
        match: { client: OURS, method: 'POST', route },
        do: 'status',
        status,
        message,
      });

      await town.say(pull, 'bob', '/hold');

      await until(
        'the answer',
        30_000,
        async () => (await replies(town, pull, /Resource|Validation/)).length,
      );
      await delay(3_000);
      const answers = await replies(town, pull, /Resource|Validation/);
      expect(answers).toHaveLength(1);
      expect(answers[0]?.body).toContain(message);
      expect(answers[0]?.body).toContain(HOLD);
    },
  );
});

let opened = 0;

async function open(town: Town): Promise<number> {
  opened += 1;
  const name = `change-${opened}`;
  return town.open({ author: 'ann', title: name, files: change(name), branch: name });
}

async function replies(town: Town, number: number, pattern: RegExp) {
  return (await town.comments(number)).filter(
    ({ author, body }) => author === 'bowsprit-bot' && pattern.test(body),
  );
}

/** A pull request's whole life, with every kind of write in it. */
async function live(town: Town, number: number, timeoutMs: number): Promise<void> {
  await town.say(number, 'bob', '/hold');
  await town.say(number, 'bob', NO_SUCH_JOB);
  await town.say(number, 'bob', '/lgtm\n/approve');
  await town.untilLabelled(number, HOLD, timeoutMs);
  await town.untilTested(number, REQUIRED, timeoutMs);
  await town.untilLabelled(number, 'approved', timeoutMs);
  await town.untilLabelled(number, 'lgtm', timeoutMs);
  await until(
    'the answer',
    timeoutMs,
    async () => (await replies(town, number, /no-such-job/)).length,
  );
  await town.say(number, 'bob', '/hold cancel');
  await town.untilMerged(number, timeoutMs);
}

async function expectOnce(town: Town, number: number): Promise<void> {
  await delay(3_000);
  const { merges, statuses, issues } = await town.state();
  expect(merges.filter((merge) => merge.number === number)).toHaveLength(1);
  expect(await replies(town, number, /no-such-job/)).toHaveLength(1);
  expect(await replies(town, number, /APPROVALNOTIFIER/)).toHaveLength(1);
  const contexts = statuses[issues[String(number)]?.head ?? ''] ?? {};
  for (const states of REQUIRED.map((context) => contexts[context] ?? [])) {
    expect(states.filter((state) => state === 'success')).toHaveLength(1);
    expect(states.filter((state) => state === 'pending').length).toBeLessThanOrEqual(1);
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { change } from '../../workers/practice/repository.ts';
import type { FaultInput } from '../github/http/faults.ts';
import { describeWith } from '../tools.ts';
import { type Bowsprit, startBowsprit } from './bowsprit.ts';
import { addressOf, type Town, townAt } from './town.ts';
import { until } from './until.ts';

const HOLD = 'do-not-merge/hold';
const MINUTES = 60_000;
const REQUIRED = ['unit', 'lint'];
const NO_SUCH_JOB = '/test no-such-job';
/** Our requests, not those of people's pages. */
const OURS = 'bowsprit';

describeWith(['temporal', 'postgres', 'git', 'git-http-backend'], 'when GitHub fails', () => {
  let bowsprit: Bowsprit;
  let town: Town;
  let opened = 0;

  beforeAll(async () => {
    bowsprit = await startBowsprit({ args: ['--play=false', '--repair-interval=5s'] });
    await bowsprit.line(/Ctrl-C/, 2 * MINUTES);
    town = townAt(addressOf(bowsprit, 'GitHub'));
  }, 5 * MINUTES);
  afterAll(() => bowsprit?.stop(), 2 * MINUTES);
  afterEach(() => town.noFaults());

  const open = async (): Promise<number> => {
    opened += 1;
    const name = `change-${opened}`;
    return town.open({ author: 'ann', title: name, files: change(name), branch: name });
  };
  const replies = async (number: number, pattern: RegExp) =>
    (await town.comments(number)).filter(
      ({ author, body }) => author === 'bowsprit-bot' && pattern.test(body),
    );
  /** A pull request's whole life, with every kind of write in it. */
  const live = async (number: number, timeoutMs: number): Promise<void> => {
    await town.say(number, 'bob', '/hold');
    await town.say(number, 'bob', NO_SUCH_JOB);
    await town.say(number, 'bob', '/lgtm\n/approve');
    await town.untilLabelled(number, HOLD, timeoutMs);
    await town.untilTested(number, REQUIRED, timeoutMs);
    await town.untilLabelled(number, 'approved', timeoutMs);
    await town.untilLabelled(number, 'lgtm', timeoutMs);
    await until('the answer', timeoutMs, async () => (await replies(number, /no-such-job/)).length);
    await town.say(number, 'bob', '/hold cancel');
    await town.untilMerged(number, timeoutMs);
  };
  const expectOnce = async (number: number): Promise<void> => {
    await delay(3_000);
    const { merges, statuses, issues } = await town.state();
    expect(merges.filter((merge) => merge.number === number)).toHaveLength(1);
    expect(await replies(number, /no-such-job/)).toHaveLength(1);
    expect(await replies(number, /APPROVALNOTIFIER/)).toHaveLength(1);
    const contexts = statuses[issues[String(number)]?.head ?? ''] ?? {};
    for (const states of REQUIRED.map((context) => contexts[context] ?? [])) {
      expect(states.filter((state) => state === 'success')).toHaveLength(1);
      expect(states.filter((state) => state === 'pending').length).toBeLessThanOrEqual(1);
    }
  };

  test(
    '502 for a minute: everything is done afterwards, once',
    async () => {
      await town.faults({ match: { client: OURS }, do: 'status', status: 502, forMs: 60_000 });
      const began = performance.now();
      const number = await open();
      await town.say(number, 'bob', '/hold');
      await delay(50_000);
      expect(await town.labels(number)).toEqual([]);

      await live(number, 2 * MINUTES);

      await expectOnce(number);
      expect(performance.now() - began).toBeGreaterThan(60_000);
    },
    5 * MINUTES,
  );

  test(
    '403 with Retry-After: GitHub is left alone for so long, then each thing is done once',
    async () => {
      const limited: FaultInput = {
        match: { client: OURS, method: 'POST' },
        do: 'status',
        status: 403,
        message: 'You have exceeded a secondary rate limit.',
        retryAfter: 6,
        forMs: 5_000,
      };
      await town.faults(limited);
      const before = (await town.ledger()).length;
      const number = await open();

      await live(number, MINUTES);

      await expectOnce(number);
      const refused = (await town.ledger()).slice(before).filter(({ status }) => status === 403);
      expect(refused.length).toBeGreaterThan(0);
      expect(refused.length).toBeLessThan(12);
    },
    3 * MINUTES,
  );

  test(
    'a reply lost after the write: the write is not repeated',
    async () => {
      const lost = (method: string, route: string): FaultInput => ({
        match: { client: OURS, method, route },
        do: 'reply-lost',
        count: 1,
      });
      await town.faults(
        lost('POST', '/issues/\\d+/labels$'),
        lost('POST', '/issues/\\d+/comments$'),
        lost('POST', '/statuses/'),
        lost('PUT', '/pulls/\\d+/merge$'),
      );
      const number = await open();

      await live(number, MINUTES);

      await expectOnce(number);
    },
    3 * MINUTES,
  );

  test(
    'reads that lag 3 s behind writes: each thing is done once',
    async () => {
      await town.faults({ match: { client: OURS, method: 'GET' }, do: 'stale-read', ms: 3_000 });
      const number = await open();

      await live(number, MINUTES);

      await expectOnce(number);
    },
    3 * MINUTES,
  );

  test.for([
    [403, 'Resource not accessible by personal access token'],
    [422, 'Validation Failed: Label is not allowed here'],
  ] as const)(
    'a command that GitHub refuses for good (%i) is answered in words, once',
    { timeout: 2 * MINUTES },
    async ([status, message]) => {
      const number = await open();
      await town.untilTested(number, REQUIRED);
      const route = `/issues/${number}/labels$`;
      await town.faults({
        match: { client: OURS, method: 'POST', route },
        do: 'status',
        status,
        message,
      });

      await town.say(number, 'bob', '/hold');

      await until(
        'the answer',
        30_000,
        async () => (await replies(number, /Resource|Validation/)).length,
      );
      await delay(3_000);
      const answers = await replies(number, /Resource|Validation/);
      expect(answers).toHaveLength(1);
      expect(answers[0]?.body).toContain(message);
      expect(answers[0]?.body).toContain(HOLD);
    },
  );
});

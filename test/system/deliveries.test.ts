import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { change } from '../../workers/practice/repository.ts';
import type { Delivery } from '../github/webhooks/delivery.ts';
import { describeWith } from '../tools.ts';
import { type Bowsprit, startBowsprit } from './bowsprit.ts';
import { prowjobs } from './round.ts';
import { addressOf, post, practiceSecret, type Town, townAt, withheld } from './town.ts';
import { until } from './until.ts';

const HOLD = 'do-not-merge/hold';
const MINUTES = 60_000;
const NO_SUCH_JOB = '/test no-such-job';
const POSTSUBMIT = `postsubmits:
  practice/clock:
  - name: publish
    branches: [main]
    decorate: false
    spec:
      containers:
      - image: node
        command: [node, --version]
`;

describeWith(['temporal', 'postgres', 'git', 'git-http-backend'], 'deliveries', () => {
  let bowsprit: Bowsprit;
  let town: Town;
  let gatewayUrl: string;
  let opened = 0;

  beforeAll(async () => {
    // No repair pass comes to help: what is delivered here has to be enough.
    bowsprit = await startBowsprit({ args: ['--play=false', '--repair-interval=24h'] });
    await bowsprit.line(/Ctrl-C/, 2 * MINUTES);
    town = townAt(addressOf(bowsprit, 'GitHub'));
    gatewayUrl = addressOf(bowsprit, 'Bowsprit');
  }, 5 * MINUTES);
  afterAll(() => bowsprit?.stop(), 2 * MINUTES);

  const open = async (): Promise<number> => {
    opened += 1;
    const name = `change-${opened}`;
    return town.open({ author: 'ann', title: name, files: change(name), branch: name });
  };
  const bySize = (number: number) =>
    until(`the size of #${number}`, 30_000, async () =>
      (await town.labels(number)).some((label) => label.startsWith('size/')),
    );
  const bodies = async (number: number, pattern: RegExp) =>
    (await town.comments(number)).filter(
      ({ author, body }) => author === 'bowsprit-bot' && pattern.test(body),
    );
  const allRuns = async () =>
    prowjobs.parse(await (await fetch(`${gatewayUrl}/prowjobs.js`)).json()).items;
  const runsOf = async (number: number): Promise<readonly string[]> =>
    (await allRuns())
      .filter(({ spec }) => spec.refs.pulls?.some((pull) => pull.number === number))
      .map(({ spec }) => spec.job)
      .sort();
  /** Long enough for a second effect to have come, if there were one. */
  const settle = () => delay(2_500);

  test(
    'each delivery twice: each thing happens once',
    async () => {
      await town.faults({ match: {}, do: 'double' });
      const number = await open();
      await town.say(number, 'bob', NO_SUCH_JOB);
      await town.say(number, 'bob', '/approve');
      await town.say(number, 'bob', '/hold');
      await town.untilTested(number, ['unit', 'lint']);
      await town.untilLabelled(number, HOLD);
      await town.untilLabelled(number, 'approved');
      await town.noFaults();
      for (const delivery of (await town.deliveries()).slice(-20))
        await town.redeliver(delivery.id);
      await settle();

      expect(await runsOf(number)).toEqual(['lint', 'unit']);
      expect(await bodies(number, /no-such-job/)).toHaveLength(1);
      expect(await bodies(number, /APPROVALNOTIFIER/)).toHaveLength(1);
      const { statuses, issues } = await town.state();
      expect(statuses[issues[String(number)]?.head ?? '']).toMatchObject({
        unit: ['pending', 'success'],
        lint: ['pending', 'success'],
      });
    },
    2 * MINUTES,
  );

  test(
    'a comment before the pull request it is on',
    async () => {
      let number = 0;
      const late = await withheld(town, async () => {
        number = await open();
        await town.say(number, 'bob', '/hold');
        await town.say(number, 'bob', '/lgtm');
      });

      for (const delivery of [...late].reverse())
        expect(await post(gatewayUrl, delivery)).toBe(200);

      await town.untilLabelled(number, HOLD);
      await town.untilLabelled(number, 'lgtm');
      await bySize(number);
      await town.untilTested(number, ['unit', 'lint']);
      await settle();
      expect(await runsOf(number)).toEqual(['lint', 'unit']);
    },
    2 * MINUTES,
  );

  test(
    '`/hold cancel` before the `/hold` that was said earlier: what was said last stands',
    async () => {
      const number = await open();
      await bySize(number);
      const late = await withheld(town, async () => {
        await town.say(number, 'bob', '/hold');
        await delay(1_100);
        await town.say(number, 'bob', '/hold cancel');
      });
      const comments = late.filter(({ event }) => event === 'issue_comment');
      const pulls = late.filter(({ event }) => event !== 'issue_comment');

      for (const delivery of [...comments].reverse()) {
        await post(gatewayUrl, delivery);
        await delay(1_000);
      }
      for (const delivery of pulls) await post(gatewayUrl, delivery);
      await settle();

      expect(await town.labels(number)).not.toContain(HOLD);
    },
    2 * MINUTES,
  );

  test(
    'unlabeled before labeled: what GitHub has stands, and it is merged',
    async () => {
      const number = await open();
      await town.untilTested(number, ['unit', 'lint']);
      const late = await withheld(town, async () => {
        await town.label(number, 'carol', { add: [HOLD] });
        await delay(1_100);
        await town.label(number, 'carol', { remove: [HOLD] });
      });

      for (const delivery of [...late].reverse()) await post(gatewayUrl, delivery);
      await town.say(number, 'bob', '/lgtm\n/approve');

      await town.untilMerged(number);
    },
    2 * MINUTES,
  );

  test(
    'an organisation’s and a repository’s hook for one comment: one answer',
    async () => {
      const secret = await practiceSecret(bowsprit.stateDir);
      const url = `${gatewayUrl}/hook`;
      await town.seed({ orgs: { practice: { hooks: [{ url, secret }] } } });
      const number = await open();
      await town.say(number, 'bob', NO_SUCH_JOB);
      await until(
        'the answer',
        30_000,
        async () => (await bodies(number, /no-such-job/)).length > 0,
      );
      await town.untilTested(number, ['unit', 'lint']);
      await settle();
      await town.seed({ orgs: { practice: { hooks: [] } } });

      const hooks = (await town.deliveries()).filter(({ request }) =>
        request.body.includes(NO_SUCH_JOB),
      );
      expect(new Set(hooks.map(({ hookId }) => hookId)).size).toBe(2);
      expect(await bodies(number, /no-such-job/)).toHaveLength(1);
      expect(await runsOf(number)).toEqual(['lint', 'unit']);
    },
    2 * MINUTES,
  );

  test(
    'a push to main runs a postsubmit once, though it is delivered twice',
    async () => {
      const jobs = join(bowsprit.stateDir, 'practice', 'jobs.yaml');
      await appendFile(jobs, POSTSUBMIT);
      await until('the configuration to be in force', 30_000, async () => {
        const log = await bowsprit.log('worker');
        return (log.match(/configuration active/g) ?? []).length >= 2;
      });
      await town.faults({ match: { event: 'push' }, do: 'double' });
      const files = { 'README.md': '# clock\n\nAnother text.\n' };

      const sha = await town.pushBranch('main', { author: 'carol', files });

      const runs = await until('the postsubmit', 60_000, async () => {
        const found = (await allRuns()).filter(({ spec }) => spec.job === 'publish');
        return found.length > 0 && found.every(({ status }) => status.state === 'success') && found;
      });
      await settle();
      await town.noFaults();
      expect(runs.map(({ spec }) => [spec.type, spec.refs.base_sha])).toEqual([
        ['postsubmit', sha],
      ]);
      expect((await allRuns()).filter(({ spec }) => spec.job === 'publish')).toHaveLength(1);
    },
    2 * MINUTES,
  );

  test(
    '200 deliveries a second for 8 s over 20 pull requests: nothing lost, nothing doubled',
    async () => {
      const numbers = await town.openAll(
        Array.from({ length: 20 }, (_, index) => ({
          author: 'ann',
          title: `Burst ${index}`,
          // Draft pull requests are not tested: the burst is about commands.
          draft: true,
          files: { [`lib/burst-${index}.js`]: `export const burst = ${index};\n` },
        })),
      );
      for (const number of numbers) await bySize(number);
      const comments = await withheld(town, async () => {
        for (let round = 0; round < 80; round += 1) {
          await Promise.all(
            numbers.map((number) => town.say(number, 'bob', lineOf(round, number))),
          );
        }
      });
      const burst = comments.filter(
        ({ event, request }) => event === 'issue_comment' && senderOf(request.body) === 'bob',
      );
      expect(burst).toHaveLength(1_600);

      const answers = await atRate(burst, 200, (delivery) => post(gatewayUrl, delivery));

      expect(answers.filter((status) => status !== 200)).toEqual([]);
      // Of each: held or not, and who asked for the job that is not there or was answered.
      const found = async () => {
        const { issues } = await town.state();
        return numbers.map((number) => {
          const { labels = [], comments = [] } = issues[String(number)] ?? {};
          const asked = comments.filter(({ body }) => body.includes(NO_SUCH_JOB));
          return { number, held: labels.includes(HOLD), asked: asked.length };
        });
      };
      const wanted = numbers.map((number) => ({ number, held: number % 2 === 0, asked: 8 }));
      await expect.poll(found, { timeout: 60_000, interval: 250 }).toEqual(wanted);
      await settle();
      for (const number of numbers) {
        expect((await town.labels(number)).includes(HOLD)).toBe(number % 2 === 0);
        const replies = await bodies(number, /no-such-job/);
        expect(replies, `#${number}`).toHaveLength(4);
      }
    },
    4 * MINUTES,
  );
});

const payload = z.object({ sender: z.object({ login: z.string() }) });

function senderOf(body: string): string {
  return payload.parse(JSON.parse(body)).sender.login;
}

/** Each is held and let go 40 times, asks for a job that is not there 4 times, and ends as its number says. */
function lineOf(round: number, number: number): string {
  if (round % 20 === 10) return NO_SUCH_JOB;
  if (round === 79) return number % 2 === 0 ? '/hold' : '/hold cancel';
  return round % 2 === 0 ? '/hold' : '/hold cancel';
}

/** Starts so many a second, each when its time has come and not when the one before is done. */
async function atRate<T>(
  deliveries: readonly Delivery[],
  perSecond: number,
  send: (delivery: Delivery) => Promise<T>,
): Promise<readonly T[]> {
  const began = performance.now();
  const answers: Promise<T>[] = [];
  for (const [index, delivery] of deliveries.entries()) {
    const early = began + (index * 1_000) / perSecond - performance.now();
    if (early > 0) await delay(early);
    answers.push(send(delivery));
  }
  return Promise.all(answers);
}

import { PEOPLE, PLACES } from '../configuration.ts';
import type { Figure } from '../figures.ts';
import { gitCalls, type LedgerEntry, ownCalls } from '../github.ts';
import { PROW } from '../prow.ts';
import type { Stage } from '../stage.ts';
import { clock, quiet, until } from '../waiting.ts';

const LONG = { patienceMs: 120_000 };

interface Ride {
  readonly ledger: readonly LedgerEntry[];
  readonly mergedMs: number;
}

/** Pull requests one after the other from open to merge: calls, and last requirement to merged. */
export async function measureMerges(stage: Stage, rides: number): Promise<readonly Figure[]> {
  const taken: Ride[] = [];
  for (let index = 0; index < rides; index += 1) taken.push(await ride(stage, `merge-${index}`));
  const calls = taken.map(({ ledger }) => ownCalls(ledger).length);
  const gits = taken.map(({ ledger }) => gitCalls(ledger).length);
  const middle = [...calls].sort((a, b) => a - b)[Math.floor(calls.length / 2)] ?? 0;
  const merged = taken.map(({ mergedMs }) => mergedMs / 1_000);
  return [
    {
      name: 'GitHub calls from open to merge (the first finds all memories empty)',
      unit: 'calls',
      aim: '≤ 20',
      met: middle <= 20,
      samples: calls,
      note: `first ${calls[0]}; git requests beside: ${Math.min(...gits)}–${Math.max(...gits)}`,
      prow: PROW.mergeCalls,
    },
    {
      name: `last requirement to merged (${stage.keeping})`,
      unit: 's',
      aim: '< 3 s',
      met: merged.every((seconds) => seconds < 3),
      samples: merged,
      prow: PROW.merged,
    },
  ];
}

async function ride({ github }: Stage, name: string): Promise<Ride> {
  const repo = PLACES.jobs;
  await github.resetLedger();
  const [number = 0] = await github.open(repo, [
    { title: name, files: { [`${name}.txt`]: 'x\n' } },
  ]);
  await until(`the job of #${number}`, () => succeeded(github, number), LONG);
  await github.say(repo, number, PEOPLE.reviewer, '/lgtm');
  await until(`#${number} to get lgtm`, () => labelled(github, number, 'lgtm'), LONG);
  await quiet(github);
  const before = clock();
  await github.say(repo, number, PEOPLE.owner, '/approve');
  await until(`#${number} to merge`, async () => (await github.pull(repo, number)).merged, LONG);
  const polled = clock() - before;
  await quiet(github, 1_500);
  const ledger = await github.ledger();
  const merge = ledger.find(({ method, path }) => method === 'PUT' && path.endsWith('/merge'));
  const mergedMs = merge ? Date.parse(merge.time) + merge.durationMs - before : polled;
  return { ledger, mergedMs };
}

async function succeeded(github: Stage['github'], number: number): Promise<boolean> {
  const { head } = await github.pull(PLACES.jobs, number);
  return (await github.status(PLACES.jobs, head.sha, 'unit')) === 'success';
}

async function labelled(github: Stage['github'], number: number, label: string): Promise<boolean> {
  const { labels } = await github.pull(PLACES.jobs, number);
  return labels.some(({ name }) => name === label);
}

/** Two good pull requests and one that fails on the base as it is now: how soon the good ones are merged. */
export async function measurePool({ github, keeping }: Stage, rounds: number): Promise<Figure> {
  const repo = PLACES.jobs;
  const samples: number[] = [];
  let badMerged = 0;
  for (let round = 0; round < rounds; round += 1) {
    const names = [`loose-${round}`, `good-${round}-a`, `good-${round}-b`];
    await github.push(repo, { strict: null });
    const numbers = await github.open(
      repo,
      names.map((name) => ({ title: name, files: { [`${name}.txt`]: 'x\n' } })),
    );
    for (const number of numbers) {
      await until(`the job of #${number}`, () => succeeded(github, number), LONG);
    }
    await github.push(repo, { strict: `${round}\n` });
    for (const number of numbers) await github.say(repo, number, PEOPLE.reviewer, '/lgtm');
    await quiet(github);
    const before = clock();
    for (const number of numbers) await github.say(repo, number, PEOPLE.owner, '/approve');
    const [bad = 0, ...good] = numbers;
    for (const number of good) {
      await until(
        `#${number} to merge`,
        async () => (await github.pull(repo, number)).merged,
        LONG,
      );
    }
    samples.push((clock() - before) / 1_000);
    await quiet(github, 3_000);
    if ((await github.pull(repo, bad)).merged) badMerged += 1;
    await github.say(repo, bad, PEOPLE.owner, '/hold');
  }
  return {
    name: `two good and one bad in a pool: last requirement to both good ones merged (${keeping})`,
    unit: 's',
    aim: 'the good ones merge',
    met: badMerged === 0,
    samples,
    note: badMerged === 0 ? 'the bad one never did' : `the bad one merged ${badMerged} times`,
    prow: PROW.pool,
  };
}

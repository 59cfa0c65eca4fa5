import { PLACES } from '../configuration.ts';
import { type Figure, quantile } from '../figures.ts';
import type { BenchGitHub } from '../github.ts';
import { PROW } from '../prow.ts';
import type { Stage } from '../stage.ts';
import { clock, quiet, until } from '../waiting.ts';
import { atPace, type Speaker } from '../webhooks.ts';
import { labelWrites, letGo } from './hold.ts';

const HOLD = 'do-not-merge/hold';
const PER_SECOND = 200;
const SECONDS = 8;
const AIM_S = 7;
const PATIENCE_MS = 120_000;

/** 200 comments a second for 8 s: whether every pull request ends as its last comment says, and how soon. */
export async function measureBurst(
  stage: Stage,
  speaker: Speaker,
  { over, latencyMs }: { readonly over: number; readonly latencyMs: number },
): Promise<readonly Figure[]> {
  const { github, keeping } = stage;
  await letGo(stage, speaker);
  await github.latency(latencyMs);
  const numbers = speaker.numbers.slice(0, over);
  const rounds = (PER_SECOND * SECONDS) / over;
  await github.resetLedger();
  // The last round puts all on hold.
  const posted = await atPace({ perSecond: PER_SECOND, count: rounds * over }, (index) =>
    speaker.say(
      numbers[index % over] ?? 0,
      (rounds - Math.floor(index / over)) % 2 === 1 ? '/hold' : '/hold cancel',
    ),
  );
  const refused = posted.filter(({ status }) => status !== 200).length;
  const ended = posted.reduce((last, { sentAt }) => Math.max(last, sentAt), 0);
  const right = await drained(github, numbers);
  await quiet(github, 2_000);
  await github.latency(0);
  const still = (await heldAmong(github, numbers)).length;
  const writes = labelWrites(await github.ledger(), PLACES.quiet);
  const last = [...writes.values()]
    .flat()
    .map(({ time, durationMs }) => Date.parse(time) + durationMs);
  const drain = (last.reduce((latest, at) => Math.max(latest, at), 0) - ended) / 1_000;
  const slow = latencyMs === 0 ? '' : `, ${latencyMs} ms per call`;
  const name = `burst of ${PER_SECOND}/s for ${SECONDS} s over ${over} pull requests${slow} (${keeping})`;
  const complete = right && still === over && refused === 0;
  const took = posted.map(({ tookMs }) => tookMs);
  return [
    {
      name: `${name}: drained`,
      unit: 's',
      aim: `≤ ${AIM_S} s, all right`,
      met: complete && drain <= AIM_S,
      samples: [Math.max(0, drain)],
      note: `${still} of ${over} right, ${refused} of ${posted.length} refused, ${last.length} label writes`,
      prow: PROW.burst,
    },
    {
      name: `${name}: webhook to 200`,
      unit: 'ms',
      aim: '',
      samples: took,
      note: `p99 ${quantile(took, 0.99).toFixed(0)} ms`,
    },
  ];
}

async function drained(github: BenchGitHub, numbers: readonly number[]): Promise<boolean> {
  const began = clock();
  const options = { patienceMs: PATIENCE_MS, lookMs: 250 };
  const all = async () => (await heldAmong(github, numbers)).length === numbers.length;
  await until('the burst to be worked off', all, options).catch(() => undefined);
  return clock() - began < PATIENCE_MS;
}

async function heldAmong(
  github: BenchGitHub,
  numbers: readonly number[],
): Promise<readonly number[]> {
  const labels = await github.labels(PLACES.quiet);
  return numbers.filter((number) => labels.get(number)?.includes(HOLD) === true);
}

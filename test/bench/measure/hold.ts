import { PLACES } from '../configuration.ts';
import { type Figure, quantile } from '../figures.ts';
import type { LedgerEntry } from '../github.ts';
import { PROW } from '../prow.ts';
import type { Stage } from '../stage.ts';
import { quiet } from '../waiting.ts';
import { atPace, type Posted, type Speaker } from '../webhooks.ts';

const PULLS = 20;
const HOLD = 'do-not-merge/hold';
const LABEL = /^\/repos\/[^/]+\/[^/]+\/issues\/(\d+)\/labels/;

/** How often, how many, and how slow GitHub is. */
export interface HoldSeries {
  readonly perSecond: number;
  readonly count: number;
  readonly latencyMs: number;
}

/**
 * `/hold` and `/hold cancel` in turns, from the webhook going out to the label being asked for at GitHub.
 * Time inside the emulator before that does not count, except where GitHub is slow: then all counts, up to
 * the label being written.
 */
export async function measureHold(
  stage: Stage,
  speaker: Speaker,
  series: HoldSeries,
): Promise<Figure> {
  const { github, keeping } = stage;
  const { perSecond, count, latencyMs } = series;
  await letGo(stage, speaker);
  await github.latency(latencyMs);
  await github.resetLedger();
  const posted = await atPace({ perSecond, count }, (index) =>
    speaker.say(
      speaker.numbers[index % PULLS] ?? 0,
      Math.floor(index / PULLS) % 2 === 0 ? '/hold' : '/hold cancel',
    ),
  );
  await quiet(github, 1_500);
  const ledger = await github.ledger();
  await github.latency(0);
  const { samples, unmatched } = compare(posted, ledger, latencyMs);
  const aim = latencyMs === 0 ? 50 : 180;
  const what = latencyMs === 0 ? 'own time' : `after ${latencyMs} ms per call, total`;
  return {
    name: `/hold to label, ${what}, ${perSecond}/s (${keeping})`,
    unit: 'ms',
    aim: `p50 < ${aim} ms`,
    met: quantile(samples, 0.5) < aim && unmatched === 0,
    samples,
    note: `p99 ${quantile(samples, 0.99).toFixed(0)} ms${unmatched === 0 ? '' : `, ${unmatched} without a write of their own`}`,
    prow: latencyMs === 0 ? PROW.hold : PROW.holdSlow,
  };
}

/** Takes back what an earlier series held, so that every comment turns something. */
export async function letGo({ github }: Stage, speaker: Speaker): Promise<void> {
  const labels = await github.labels(PLACES.quiet);
  const held = speaker.numbers.filter((number) => labels.get(number)?.includes(HOLD) === true);
  for (const number of held) await speaker.say(number, '/hold cancel');
  await quiet(github, 1_500);
}

/** The writes of labels of one repository, by pull request, in order. */
export function labelWrites(
  ledger: readonly LedgerEntry[],
  repo: string,
): ReadonlyMap<number, readonly LedgerEntry[]> {
  const writes = new Map<number, LedgerEntry[]>();
  for (const entry of ledger) {
    const number = Number(LABEL.exec(entry.path)?.[1]);
    if (entry.method === 'GET' || Number.isNaN(number) || !entry.path.includes(`/${repo}/`))
      continue;
    const known = writes.get(number) ?? [];
    known.push(entry);
    writes.set(number, known);
  }
  return writes;
}

/** Every comment turns the label, so the nth write of a pull request is the answer to its nth comment. */
function compare(posted: readonly Posted[], ledger: readonly LedgerEntry[], latencyMs: number) {
  const writes = labelWrites(ledger, PLACES.quiet);
  const asked = new Map<number, number>();
  const samples: number[] = [];
  let unmatched = 0;
  for (const { number, sentAt } of posted) {
    const nth = asked.get(number) ?? 0;
    asked.set(number, nth + 1);
    const write = writes.get(number)?.[nth];
    if (write === undefined) {
      unmatched += 1;
      continue;
    }
    const askedAt = Date.parse(write.time);
    const answeredAt = askedAt + write.durationMs;
    samples.push(
      latencyMs === 0
        ? askedAt - sentAt - insideBefore(ledger, number, { sentAt, askedAt })
        : answeredAt - sentAt,
    );
  }
  return { samples, unmatched };
}

/** What the emulator took for reads about a pull request between two moments. */
function insideBefore(
  ledger: readonly LedgerEntry[],
  number: number,
  { sentAt, askedAt }: { readonly sentAt: number; readonly askedAt: number },
): number {
  const place = new RegExp(`/(issues|pulls)/${number}(/|$)`);
  return ledger
    .filter(({ method, path, time }) => {
      const at = Date.parse(time);
      return method === 'GET' && at >= sentAt && at < askedAt && place.test(path);
    })
    .reduce((sum, { durationMs }) => sum + durationMs, 0);
}

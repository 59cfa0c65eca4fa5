import { PEOPLE, PLACES } from '../configuration.ts';
import { type Figure, median } from '../figures.ts';
import { type LedgerEntry, ownCalls } from '../github.ts';
import { PROW } from '../prow.ts';
import type { Stage } from '../stage.ts';
import { quiet, until } from '../waiting.ts';

/** GitHub calls for one command each; the status of Prow's `tide` context, which it also changes, beside. */
export async function measureCalls(
  { github }: Stage,
  numbers: readonly number[],
): Promise<readonly Figure[]> {
  const taken = { hold: [] as Count[], lgtm: [] as Count[] };
  for (const number of numbers) {
    for (const [command, label] of [
      ['hold', 'do-not-merge/hold'],
      ['lgtm', 'lgtm'],
    ] as const) {
      await quiet(github);
      await github.resetLedger();
      await github.say(PLACES.quiet, number, PEOPLE.reviewer, `/${command}`);
      await until(`the label ${label}`, async () =>
        (await github.pull(PLACES.quiet, number)).labels.some(({ name }) => name === label),
      );
      await quiet(github, 1_000);
      taken[command].push(countOf(ownCalls(await github.ledger())));
    }
  }
  return [
    figureOf('/hold', taken.hold, { aim: 1, prow: PROW.holdCalls }),
    figureOf('/lgtm', taken.lgtm, { aim: 3, prow: PROW.lgtmCalls }),
  ];
}

interface Count {
  readonly command: number;
  readonly tide: number;
}

function countOf(calls: readonly LedgerEntry[]): Count {
  const tide = calls.filter(({ method, path }) => method === 'POST' && path.includes('/statuses/'));
  return { command: calls.length - tide.length, tide: tide.length };
}

function figureOf(
  command: string,
  counts: readonly Count[],
  { aim, prow }: { readonly aim: number; readonly prow: string },
): Figure {
  const samples = counts.map((count) => count.command);
  return {
    name: `GitHub calls for ${command}`,
    unit: 'calls',
    aim: aim === 1 ? '1' : `≤ ${aim}`,
    met: median(samples) <= aim,
    samples,
    note: `and ${median(counts.map(({ tide }) => tide))} for the tide status, which Prow writes too, uncounted`,
    prow,
  };
}

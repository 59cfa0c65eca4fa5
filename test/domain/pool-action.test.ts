import { expect, test } from 'vitest';
import type { PoolFacts } from '../../workflows/domain/pool-action.ts';
import { takeAction, untried, withoutBatch } from '../../workflows/domain/pool-action.ts';
import { BASE, batch, head, member, NEWER } from './merging.ts';

function facts(change: Partial<PoolFacts> = {}): PoolFacts {
  return {
    baseSha: BASE,
    members: [],
    batches: [],
    failedBatches: [],
    refused: [],
    batchLimit: 0,
    priority: [],
    blocked: '',
    ...change,
  };
}

/** An answer in few words: `merge 1`. */
function brief(change: Partial<PoolFacts>): string {
  const step = takeAction(facts(change));
  if (step.kind === 'pick-batch') return `pick ${step.candidates.map(({ number }) => number)}`;
  if (step.kind === 'merge-batch') return `merge-batch ${step.pulls.map(({ number }) => number)}`;
  if (step.kind === 'merge') return `merge ${step.pull.number}`;
  if (step.kind === 'trigger') return `trigger ${step.pull.number} ${step.contexts}`;
  return step.kind;
}

const green = (number: number, labels: readonly string[] = []) =>
  member(number, { baseSha: BASE, labels });
const stale = (number: number, labels: readonly string[] = []) => member(number, { labels });
const pending = (number: number) =>
  member(number, {
    contexts: [{ context: 'unit', job: 'unit', state: 'pending', baseSha: BASE, anyBase: false }],
  });

test.for<readonly [id: string, facts: Partial<PoolFacts>, answer: string]>([
  ['an empty pool', {}, 'wait'],
  ['T01 green on this base', { members: [green(1)] }, 'merge 1'],
  ['T02 green on an older base, alone', { members: [stale(1)] }, 'trigger 1 unit'],
  ['T05 three are stale', { members: [stale(3), stale(1), stale(2)] }, 'pick 1,2,3'],
  [
    'T05 no serial test beside a batch',
    { members: [stale(1), stale(2), stale(3)], batches: [batch([1, 2], 'pending')] },
    'wait',
  ],
  [
    'T06 serial success while a batch runs',
    { members: [green(1), stale(2)], batches: [batch([1, 2], 'pending')] },
    'wait',
  ],
  [
    'T07 the batch is green',
    { members: [stale(1), stale(2)], batches: [batch([1, 2], 'success')] },
    'merge-batch 1,2',
  ],
  [
    'T08 the batch failed: it no longer counts',
    { members: [stale(1), stale(2)], batches: [batch([1, 2], 'failure')] },
    'pick 1,2',
  ],
  ['T10 batches are off', { members: [stale(1), stale(2)], batchLimit: -1 }, 'trigger 1 unit'],
  [
    'T13 a member left the green batch',
    { members: [stale(1)], batches: [batch([1, 2], 'success')] },
    'trigger 1 unit',
  ],
  [
    'T13 a head of the green batch moved',
    { members: [stale(1), member(2, { headSha: head(9) })], batches: [batch([1, 2], 'success')] },
    'pick 1,2',
  ],
  [
    'T14 the batch was for another base',
    { baseSha: NEWER, members: [stale(1), stale(2)], batches: [batch([1, 2], 'pending')] },
    'pick 1,2',
  ],
  ['T15 blocked', { members: [green(1)], blocked: 'issue 12' }, 'blocked'],
  ['T24 refused: the next one', { members: [green(1), green(2)], refused: [1] }, 'merge 2'],
  ['T24 refused: nothing else', { members: [green(1)], refused: [1] }, 'wait'],
  ['T24 refused: not tested again', { members: [stale(1)], refused: [1] }, 'wait'],
  [
    'T24 refused: no batch with it',
    { members: [stale(1), stale(2)], refused: [1], batches: [batch([1, 2], 'success')] },
    'trigger 2 unit',
  ],
  [
    'T42 priority',
    {
      members: [green(3), green(9, ['critical'])],
      priority: [{ labels: ['critical'] }, { labels: ['p1'] }],
    },
    'merge 9',
  ],
  [
    'T42 priority, alternatives',
    {
      members: [stale(3), stale(9, ['p0'])],
      priority: [{ labels: ['critical,p0'] }],
      batchLimit: -1,
    },
    'trigger 9 unit',
  ],
  [
    'T42 priority, all labels',
    { members: [green(3), green(9, ['a'])], priority: [{ labels: ['a', 'b'] }] },
    'merge 3',
  ],
  ['T50 nothing is required', { members: [member(1, { contexts: [] })] }, 'merge 1'],
  ['T51 all run', { members: [pending(1), pending(2)] }, 'wait'],
  [
    'what runs already is left out of a batch',
    { members: [pending(1), stale(2), stale(3)] },
    'pick 2,3',
  ],
  [
    'a serial test runs',
    { members: [pending(1), stale(2), stale(3)], serial: { number: 1, sha: head(1) } },
    'wait',
  ],
  [
    'the serial test was asked for and has not begun',
    { members: [stale(1), stale(2)], serial: { number: 1, sha: head(1) } },
    'wait',
  ],
  [
    'the serial test ended well',
    { members: [green(1), stale(2)], serial: { number: 1, sha: head(1) } },
    'merge 1',
  ],
  [
    'the serial test failed, so it left',
    { members: [stale(2)], serial: { number: 1, sha: head(1) } },
    'trigger 2 unit',
  ],
  [
    'what was tested serially was pushed to',
    { members: [stale(1)], serial: { number: 1, sha: head(7) } },
    'trigger 1 unit',
  ],
])('%s', ([, change, answer]) => {
  expect(brief(change)).toBe(answer);
});

test('where git finds no two that merge cleanly, the lowest number is tested alone', () => {
  const step = withoutBatch(facts({ members: [stale(1), stale(2)] }));

  expect(step).toMatchObject({ kind: 'trigger', pull: { number: 1 } });
});

test.for<readonly [picked: number[], failed: number[][], left: number[]]>([
  [[1, 2, 3], [], [1, 2, 3]],
  [[1, 2, 3], [[1, 2, 3]], [1, 2]],
  [
    [1, 2, 3],
    [
      [1, 2, 3],
      [1, 2],
    ],
    [],
  ],
  [[1, 2], [[1, 2]], []],
  [[1, 2, 3, 4], [[1, 2, 3, 4]], [1, 2]],
  [[1, 2, 3, 4, 5], [[1, 2, 3, 4, 5]], [1, 2, 3]],
  [[1, 2, 3, 4], [[1, 2, 3]], [1, 2]],
  [
    [2, 3],
    [
      [1, 2, 3],
      [1, 2],
    ],
    [2, 3],
  ],
  [[1], [], []],
])('of %j, after %j failed, %j is tested', ([picked, failed, left]) => {
  const pulls = picked.map((number) => ({ number, sha: head(number) }));

  const result = untried(
    pulls,
    failed.map((numbers) => batch(numbers, 'failure')),
    BASE,
  );

  expect(result.map(({ number }) => number)).toEqual(left);
});

test('a set that failed on another base may be tried again', () => {
  const pulls = [1, 2].map((number) => ({ number, sha: head(number) }));

  expect(untried(pulls, [batch([1, 2], 'failure')], NEWER)).toEqual(pulls);
});

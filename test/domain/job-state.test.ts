import { expect, test } from 'vitest';
import {
  advance,
  newStatus,
  type RunStatus,
  slotNeeds,
  verdictOf,
} from '../../workflows/domain/job-state.ts';

const pending: RunStatus = { ...newStatus(), state: 'pending', version: 3 };

test.for<[RunStatus, Parameters<typeof advance>[1], Partial<RunStatus>]>([
  [newStatus(), { state: 'pending' }, { state: 'pending', version: 2 }],
  [pending, { state: 'pending' }, { version: 3 }],
  [pending, { state: 'success', complete: true }, { state: 'success', version: 4 }],
  [{ ...pending, state: 'aborted' }, { state: 'success' }, { state: 'aborted', version: 3 }],
  [
    { ...pending, state: 'aborted' },
    { state: 'success', complete: true, completionTime: 'now' },
    { state: 'aborted', complete: true, completionTime: 'now', version: 4 },
  ],
  [{ ...pending, complete: true }, { state: 'failure' }, { state: 'pending', version: 3 }],
])('%j changed by %j', ([status, change, expected]) => {
  expect(advance(status, change)).toMatchObject(expected);
});

test.for([
  [{ exitCode: 0 }, 'success', 'Job succeeded.'],
  [{ exitCode: 3 }, 'failure', 'Job failed.'],
  [{}, 'failure', 'Job failed.'],
  [{ verdict: 'error', description: 'No disk.' }, 'error', 'No disk.'],
] as const)('%j is %s', ([seen, state, description]) => {
  expect(verdictOf(seen)).toEqual({ state, description });
});

test('the narrowest limit comes first, and no limit asks for nothing', () => {
  const plan = { maxConcurrency: 2, jobQueue: 'q', jobQueueCapacity: 0, overallConcurrency: 9 };

  expect(slotNeeds('j', plan).map(({ kind, capacity }) => [kind, capacity])).toEqual([
    ['job', 2],
    ['queue', 0],
    ['all', 9],
  ]);
  expect(
    slotNeeds('j', { ...plan, maxConcurrency: 0, jobQueueCapacity: -1, overallConcurrency: 0 }),
  ).toEqual([]);
});

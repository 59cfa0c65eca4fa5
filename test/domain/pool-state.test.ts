import { expect, test } from 'vitest';
import {
  emptyPool,
  isReady,
  nextDue,
  type PoolState,
  refusedNow,
  serialNow,
  settle,
  withBatch,
  withMember,
  withMerge,
  withoutMember,
  withRefusal,
  withRun,
} from '../../workflows/domain/pool-state.ts';
import type { RunRequest } from '../../workflows/domain/run.ts';
import { BASE, batch, head, member, NEWER, run } from './merging.ts';

const pool = (...numbers: readonly number[]): PoolState => ({
  ...numbers.map((number) => member(number)).reduce(withMember, emptyPool()),
  baseSha: BASE,
});
const numbersOf = ({ members }: PoolState) => members.map(({ number }) => number);
const pullsOf = (...numbers: readonly number[]) =>
  numbers.map((number) => ({ number, sha: head(number) }));

function request(context: string): RunRequest {
  return {
    uuid: `run-${context}`,
    type: 'batch',
    job: context,
    context,
    refs: { org: 'acme', repo: 'app', base_ref: 'main', base_sha: BASE },
    configHash: '',
    cause: '',
    guid: '',
    optional: false,
    report: false,
    rerunCommand: '',
    retest: false,
    byPool: true,
    createdAt: 0,
    trusted: true,
    owner: 'pool',
  };
}

test('members are kept by number, only the eligible', () => {
  const state = [member(3), member(1), member(2, { eligible: false })].reduce(
    withMember,
    emptyPool(),
  );

  expect(numbersOf(state)).toEqual([1, 3]);
});

test('a message that is older than what is known changes nothing', () => {
  const left = withoutMember(pool(1), { number: 1, generation: 5 });

  expect(withMember(left, member(1, { generation: 4 }))).toBe(left);
  expect(numbersOf(withMember(left, member(1, { generation: 6 })))).toEqual([1]);
});

test('whatever is heard of what the pool merged is late', () => {
  const state = withMerge(pool(1, 2), { number: 1, from: BASE, to: NEWER, now: 0 });

  expect(state).toMatchObject({ baseSha: NEWER, ownMerges: [BASE, NEWER], merged: [1] });
  expect(withMember(state, member(1, { generation: 99 }))).toBe(state);
});

test('the generations of a great many pull requests do not pile up', () => {
  const ended = Array.from({ length: 700 }, (_, index) => ({ number: index + 10, generation: 1 }));

  const state = ended.reduce(withoutMember, pool(1));

  expect(Object.keys(state.generations).length).toBeLessThan(510);
  expect(state.generations[1]).toBe(1);
});

test.for([
  ['all green', ['success', 'success'], 'success'],
  ['one runs', ['success', 'pending'], 'pending'],
  ['one failed while another runs', ['failure', 'pending'], 'failure'],
  ['one could not run', ['success', 'error'], 'failure'],
] as const)('a batch: %s', ([, states, expected]) => {
  const contexts = ['a', 'b'];
  const begun = withBatch(
    pool(1, 2),
    { baseSha: BASE, pulls: pullsOf(1, 2) },
    contexts.map(request),
  );

  const state = contexts.reduce((sofar, context, index) => {
    const now = states[index] ?? 'pending';
    return withRun(sofar, run(context, { state: now, complete: now !== 'pending', version: 2 }));
  }, begun);

  expect(state.batches[0]?.state).toBe(expected);
});

test('an older report of a run, or one of another run, changes nothing', () => {
  const begun = withBatch(pool(1, 2), { baseSha: BASE, pulls: pullsOf(1, 2) }, [request('a')]);
  const green = withRun(begun, run('a', { version: 3 }));

  expect(withRun(green, run('a', { state: 'failure', version: 2 })).batches).toEqual(green.batches);
  expect(withRun(begun, run('a', { uuid: 'another' })).batches).toEqual(begun.batches);
});

test('a batch of a member that left is dropped and its runs are obsolete; a failed one is remembered', () => {
  const asked = withBatch(pool(1, 2), { baseSha: BASE, pulls: pullsOf(1, 2) }, [request('a')]);
  const left = withoutMember(asked, { number: 2, generation: 2 });
  const failed = { ...pool(1, 2), batches: [batch([1, 2], 'failure')] };

  expect(settle(left, BASE)).toMatchObject({
    state: { batches: [], failedBatches: [] },
    obsolete: [{ uuid: 'run-a' }],
  });
  expect(settle(failed, BASE).state.failedBatches).toHaveLength(1);
  expect(settle(settle(failed, BASE).state, NEWER).state.failedBatches).toEqual([]);
});

test('a refused member is left alone until it looks different, the base moves or its time comes', () => {
  const refused = withRefusal(pool(1), member(1), { message: 'no', now: 0, firstPause: 1_000 });
  const again = withRefusal(refused, member(1), { message: 'no', now: 2_000, firstPause: 1_000 });

  expect(refusedNow(refused, 999)).toEqual([1]);
  expect(refusedNow(refused, 1_001)).toEqual([]);
  expect(nextDue(again, 2_000)).toBe(4_000);
  expect(refusedNow(withMember(refused, member(1, { generation: 2 })), 0)).toEqual([1]);
  expect(refusedNow(withMember(refused, member(1, { labels: ['new'] })), 0)).toEqual([]);
  expect(refusedNow(settle(refused, NEWER).state, 0)).toEqual([]);
});

test('a serial test of which nothing is heard is forgotten after ten minutes', () => {
  const serial = { number: 1, sha: head(1), baseSha: BASE, askedAt: 0 };
  const state = { ...pool(1), serial };

  expect(serialNow(state, 599_000)).toEqual(serial);
  expect(serialNow(state, 600_000)).toBeUndefined();
});

test('what is green on the known base need not wait for company', () => {
  expect(isReady(pool(1))).toBe(false);
  expect(isReady({ ...pool(), members: [member(1, { baseSha: BASE })] })).toBe(true);
  expect(isReady({ ...pool(1, 2), batches: [batch([1, 2], 'pending')] })).toBe(false);
  expect(isReady({ ...pool(1, 2), batches: [batch([1, 2], 'failure')] })).toBe(true);
});

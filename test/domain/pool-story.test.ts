import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PoolBatch, PoolMember } from '../../workflows/domain/pool.ts';
import {
  batchId,
  type PoolFacts,
  type PullAtHead,
  takeAction,
  untried,
  withoutBatch,
} from '../../workflows/domain/pool-action.ts';
import { batch, member } from './merging.ts';

interface Story {
  readonly members: PoolMember[];
  readonly merged: number[];
  readonly failed: PoolBatch[];
  readonly tested: string[];
  base: number;
  current: PoolBatch | undefined;
}

/** Plays a pool to its end: a set is green exactly when it holds no bad one. */
function playOut(numbers: readonly number[], bad: ReadonlySet<number>, batchLimit: number): Story {
  const story: Story = {
    members: numbers.map((number) => member(number)),
    merged: [],
    failed: [],
    tested: [],
    base: 0,
    current: undefined,
  };
  for (let step = 0; step < 200 && story.members.length > 0; step += 1) {
    takeOneStep(story, bad, batchLimit);
  }
  return story;
}

function takeOneStep(story: Story, bad: ReadonlySet<number>, batchLimit: number): void {
  const baseSha = `base-${story.base}`;
  const facts: PoolFacts = {
    baseSha,
    members: story.members,
    batches: story.current === undefined ? [] : [story.current],
    failedBatches: story.failed,
    refused: [],
    batchLimit,
    priority: [],
    blocked: '',
  };
  let step = takeAction(facts);
  if (step.kind === 'pick-batch') {
    const most = batchLimit > 0 ? batchLimit : step.candidates.length;
    const picked = step.candidates
      .slice(0, most)
      .map(({ number, headSha: sha }) => ({ number, sha }));
    const pulls = untried(picked, story.failed, baseSha);
    if (pulls.length > 1) {
      testBatch(story, baseSha, pulls, bad);
      return;
    }
    step = withoutBatch(facts);
  }
  if (step.kind === 'merge-batch') mergeAll(story, step.pulls);
  if (step.kind === 'merge') mergeAll(story, [step.pull]);
  if (step.kind === 'trigger') testOne(story, baseSha, step.pull.number, bad);
}

function testBatch(
  story: Story,
  baseSha: string,
  pulls: readonly PullAtHead[],
  bad: ReadonlySet<number>,
): void {
  const numbers = pulls.map(({ number }) => number);
  const state = numbers.some((number) => bad.has(number)) ? 'failure' : 'success';
  const tested: PoolBatch = { ...batch(numbers, state), id: batchId(baseSha, pulls), baseSha };
  story.tested.push(tested.id);
  if (state === 'failure') story.failed.push(tested);
  else story.current = tested;
}

function testOne(story: Story, baseSha: string, number: number, bad: ReadonlySet<number>): void {
  story.tested.push(`${baseSha} ${number}`);
  const index = story.members.findIndex((one) => one.number === number);
  if (bad.has(number)) story.members.splice(index, 1);
  else story.members[index] = member(number, { baseSha });
}

function mergeAll(story: Story, pulls: readonly PullAtHead[]): void {
  for (const { number } of pulls) {
    story.members.splice(
      story.members.findIndex((one) => one.number === number),
      1,
    );
    story.merged.push(number);
    story.base += 1;
  }
  story.current = undefined;
}

test('whatever is bad, all good ones merge, no bad one does, and nothing is tested twice', () => {
  const pool = fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 9 });
  const limit = fc.constantFrom(-1, 0, 2, 3);
  fc.assert(
    fc.property(pool, fc.infiniteStream(fc.boolean()), limit, (numbers, coin, batchLimit) => {
      const bad = new Set(numbers.filter(() => coin.next().value));

      const story = playOut(numbers, bad, batchLimit);

      const good = numbers.filter((number) => !bad.has(number));
      expect([...story.merged].sort()).toEqual([...good].sort());
      expect(new Set(story.tested).size).toBe(story.tested.length);
    }),
  );
});

test('seven good ones and a bad one take five tests, not eight', () => {
  const story = playOut([1, 2, 3, 4, 5, 6, 7, 8], new Set([8]), 0);

  expect(story.merged).toHaveLength(7);
  expect(story.tested.length).toBeLessThan(8);
});

import { expect, test } from 'vitest';
import { neededApprovals } from '../../workflows/domain/needed-approvals.ts';
import { suggestApprovers } from '../../workflows/domain/suggest-approvers.ts';
import { ownersOf } from '../plugins/facts.ts';

const TREE = {
  OWNERS: 'approvers: [alice, bob]',
  'a/OWNERS': 'approvers: [art, anne]',
  'b/OWNERS': 'approvers: [bill, ben, barbara]',
  'c/OWNERS': 'approvers: [chris, carol]',
  'a/d/OWNERS': 'approvers: [david, dan, debbie]',
  'a/combo/OWNERS': 'approvers: [eve, erin, david, dan, debbie, chris, carol]',
};

const suggest = (
  files: readonly string[],
  seed: number,
  approvedBy: readonly string[] = [],
  assignees: readonly string[] = [],
) =>
  suggestApprovers({
    needed: neededApprovals(files, ownersOf(TREE)),
    approvedBy: new Set(approvedBy),
    assignees: new Set(assignees),
    seed,
  });

test('somebody near is suggested, the same for one pull request each time', () => {
  // Sorted: barbara, ben, bill; Go's permutation of 3 for seed 10 is [1 2 0].
  expect(suggest(['b/x'], 10)).toEqual(['ben']);
  expect(suggest(['b/x'], 10)).toEqual(['ben']);
});

test('one person who covers two folders is enough', () => {
  expect(suggest(['a/combo/x', 'c/x'], 1)).toHaveLength(1);
});

test('nobody is asked when owners above approved already', () => {
  expect(suggest(['a/x', 'b/x', 'c/x'], 0, ['alice'])).toEqual([]);
});

test('for folders that nobody shares, one each', () => {
  const [a, b, c] = suggest(['a/x', 'b/x', 'c/x'], 0);

  expect(['anne', 'art']).toContain(a);
  expect(['barbara', 'ben', 'bill']).toContain(b);
  expect(['carol', 'chris']).toContain(c);
});

test('an assigned owner above is kept, and nobody else is needed', () => {
  expect(suggest(['a/x', 'b/x'], 0, [], ['bob'])).toEqual(['bob']);
});

test('an assignee who owns nothing of it is not asked', () => {
  expect(suggest(['b/x'], 10, [], ['art'])).toEqual(['ben']);
});

test('nothing changed, nobody to ask', () => {
  expect(suggest([], 0)).toEqual([]);
});

test.for([
  [['a/x', 'a/d/y'], ['a']],
  [['x', 'a/y', 'c/z'], ['']],
  [
    ['a/d/x', 'b/x'],
    ['a/d', 'b'],
  ],
  [['unowned/x/y'], ['']],
] as const)('%j needs %j', ([files, dirs]) => {
  expect(neededApprovals(files, ownersOf(TREE)).map(({ dir }) => dir)).toEqual(dirs);
});

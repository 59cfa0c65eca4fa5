import { expect, test } from 'vitest';
import { differencesBetween } from '../github/control/difference.ts';
import type { EndState } from '../github/control/end-state.ts';

function end(change: {
  readonly head?: string;
  readonly main?: string;
  readonly labels?: readonly string[];
  readonly comments?: EndState['issues'][string]['comments'];
  readonly states?: readonly string[];
  readonly merges?: EndState['merges'];
}): EndState {
  const head = change.head ?? 'a'.repeat(40);
  return {
    merges: change.merges ?? [{ number: 1, base: 'main', method: 'merge', sha: 'f'.repeat(40) }],
    branches: { main: change.main ?? 'b'.repeat(40) },
    issues: {
      1: {
        title: 'One',
        state: 'closed',
        merged: true,
        head,
        labels: change.labels ?? ['lgtm'],
        assignees: [],
        requestedReviewers: [],
        comments: change.comments ?? [],
      },
    },
    newest: {},
    statuses: { [head]: { unit: change.states ?? ['pending', 'success'] } },
  };
}

test('runs with other SHAs, times, links and hidden keys end equal', () => {
  const [one, other] = ['c'.repeat(40), 'd'.repeat(40)];
  const said = (sha: string, day: string) => [
    {
      author: 'bot',
      body: `Tested ${sha} at 2026-05-${day}T10:00:00Z, see https://ci.example/${day} \n<!-- bowsprit:${day} -->`,
    },
  ];

  const differences = differencesBetween(
    end({ head: one, comments: said(one, '01') }),
    end({ head: other, main: 'e'.repeat(40), comments: said(other, '02') }),
  );

  expect(differences).toEqual([]);
});

test.for([
  ['a label', { labels: [] }, '#1 labels', 'lgtm', ''],
  [
    'a status that was written twice',
    { states: ['pending', 'pending', 'success'] },
    'status unit of <head of #1>',
    'pending, success',
    'pending, pending, success',
  ],
  ['a merge', { merges: [] }, 'merges in order', '#1 merge to main', ''],
  [
    'a comment',
    { comments: [{ author: 'bot', body: 'Hi' }] },
    '#1 comment of bot',
    undefined,
    'Hi',
  ],
] as const)('%s is a difference', ([, change, what, one, other]) => {
  expect(differencesBetween(end({}), end(change))).toEqual([{ what, one, other }]);
});

test('which of two people was quicker is no difference', () => {
  const [ann, bob] = [
    { author: 'ann', body: 'A' },
    { author: 'bob', body: 'B' },
  ];

  expect(differencesBetween(end({ comments: [ann, bob] }), end({ comments: [bob, ann] }))).toEqual(
    [],
  );
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { EndState } from '../github/control/end-state.ts';
import { compareEnds } from './compare.ts';
import { DELIBERATE } from './differences.ts';
import { describeEnd, type Outcome } from './end.ts';
import { repeatedStates } from './fold-states.ts';
import { allScenarios } from './load-scenarios.ts';
import type { RunSeen } from './runs.ts';

const HEAD = 'a'.repeat(40);
const BASE = 'b'.repeat(40);
const MERGED = 'c'.repeat(40);

function issue(change: Partial<EndState['issues'][string]> = {}): EndState['issues'][string] {
  return {
    title: 'A change',
    state: 'closed',
    merged: true,
    head: HEAD,
    labels: ['lgtm'],
    assignees: ['bob'],
    requestedReviewers: [],
    comments: [
      { author: 'bob', body: '/lgtm' },
      { author: 'bot', body: `see https://one.example/${HEAD} of ${HEAD}, 2026-01-02T03:04:05Z` },
    ],
    ...change,
  };
}

function end(change: Partial<EndState> = {}): EndState {
  return {
    merges: [{ number: 1, base: 'main', method: 'merge', sha: MERGED }],
    branches: { main: MERGED },
    issues: { 1: issue() },
    statuses: { [HEAD]: { unit: ['pending', 'success'], tide: ['pending', 'success'] } },
    newest: {
      [HEAD]: {
        unit: { state: 'success', description: `Job succeeded. BaseSHA:${BASE}` },
        tide: { state: 'success', description: 'In merge pool.' },
      },
    },
    ...change,
  };
}

function run(change: Partial<RunSeen['spec']> = {}, state = 'success'): RunSeen {
  const pulls = [{ number: 1, sha: HEAD }];
  const refs = { org: 'acme', repo: 'shop', base_ref: 'main', base_sha: BASE, pulls };
  const spec = { type: 'presubmit', job: 'unit', context: 'unit', rerun_command: '', refs };
  return { spec: { ...spec, ...change }, status: { state, description: '' } };
}

const NAMES = new Map([
  [HEAD, 'commit 1 of #1'],
  [BASE, 'start of main'],
]);

function outcome(change: Partial<Outcome> = {}): Outcome {
  return { end: end(), runs: [run()], names: NAMES, ...change };
}

function compare(prow: Outcome, bowsprit: Outcome) {
  return compareEnds(describeEnd(prow), describeEnd(bowsprit)).map(({ what }) => what);
}

/** The same story on another GitHub: other commits, times and links, another order of comments. */
function elsewhere(): Outcome {
  const other = (text: string): string =>
    text
      .replaceAll(HEAD, 'd'.repeat(40))
      .replaceAll(BASE, 'e'.repeat(40))
      .replaceAll(MERGED, 'f'.repeat(40))
      .replaceAll('one.example', 'two.example')
      .replaceAll('2026-01-02T03:04:05Z', '2027-01-01T00:00:00+01:00');
  const again: Pick<Outcome, 'end' | 'runs'> = JSON.parse(
    other(JSON.stringify({ end: end(), runs: [run()] })),
  );
  return {
    ...again,
    names: new Map([...NAMES].map(([sha, name]) => [other(sha), name])),
  };
}

describe('two end states', () => {
  test('are equal when only ids, times, links and commits differ', () => {
    expect(compare(outcome(), elsewhere())).toEqual([]);
  });

  test('are equal when a key of ours ends a comment, and when one was quicker', () => {
    const comments = issue().comments.map(({ author, body }) => ({
      author,
      body: author === 'bot' ? `${body}\n<!-- bowsprit:key abc -->` : body,
    }));
    const ours = end({ issues: { 1: issue({ comments: comments.reverse() }) } });

    expect(compare(outcome(), outcome({ end: ours }))).toEqual([]);
  });

  test('are equal when a state was only said again', () => {
    const statuses = { [HEAD]: { unit: ['pending', 'pending', 'success'], tide: ['success'] } };

    expect(compare(outcome({ end: end({ statuses }) }), outcome())).toEqual([]);
    expect(repeatedStates(statuses)).toEqual([`unit of ${HEAD}: pending`]);
  });

  const tide = { state: 'success', description: 'In merge pool.' };
  const unit = { state: 'success', description: `Job succeeded. BaseSHA:${BASE}` };
  test.for<[string, Partial<Outcome>, readonly string[]]>([
    ['a label', { end: end({ issues: { 1: issue({ labels: [] }) } }) }, ['#1 labels']],
    [
      'not merged',
      { end: end({ issues: { 1: issue({ merged: false }) } }) },
      ['#1 state', 'status tide of <commit 1 of #1> says'],
    ],
    ['an assignee', { end: end({ issues: { 1: issue({ assignees: [] }) } }) }, ['#1 assignees']],
    [
      'a reviewer asked',
      { end: end({ issues: { 1: issue({ requestedReviewers: ['carol'] }) } }) },
      ['#1 requested reviewers'],
    ],
    [
      'another way of merging',
      { end: end({ merges: [{ number: 1, base: 'main', method: 'squash', sha: MERGED }] }) },
      ['merges in order'],
    ],
    [
      'another word of the bot',
      {
        end: end({
          issues: {
            1: issue({
              comments: [
                { author: 'bob', body: '/lgtm' },
                { author: 'bot', body: 'see' },
              ],
            }),
          },
        }),
      },
      ['#1 comment of bot'],
    ],
    [
      'a comment more',
      {
        end: end({
          issues: {
            1: issue({ comments: [...issue().comments, { author: 'bob', body: '/lgtm' }] }),
          },
        }),
      },
      ['#1 comment of bob'],
    ],
    [
      'another state on the way',
      { end: end({ statuses: { [HEAD]: { unit: ['success'], tide: ['success'] } } }) },
      ['status unit of <commit 1 of #1>'],
    ],
    [
      'another text of a status',
      {
        end: end({
          newest: { [HEAD]: { tide, unit: { ...unit, description: 'Job succeeded.' } } },
        }),
      },
      ['status unit of <commit 1 of #1> says'],
    ],
    [
      'another word of the pool',
      {
        end: end({
          issues: { 1: issue({ merged: false }) },
          newest: { [HEAD]: { unit, tide: { ...tide, description: 'Not mergeable.' } } },
        }),
      },
      ['#1 state', 'status tide of <commit 1 of #1> says'],
    ],
    ['a run less', { runs: [] }, ['runs']],
    ['a run more', { runs: [run(), run()] }, ['runs']],
    ['a run that ended otherwise', { runs: [run({}, 'failure')] }, ['runs']],
    ['a run of another job', { runs: [run({ job: 'lint' })] }, ['runs']],
    [
      'a run on another base',
      {
        runs: [
          run({
            refs: {
              org: 'acme',
              repo: 'shop',
              base_ref: 'main',
              base_sha: MERGED,
              pulls: [{ number: 1, sha: HEAD }],
            },
          }),
        ],
      },
      ['runs'],
    ],
  ])('%s is found, on whichever side', ([, change, expected]) => {
    expect(compare(outcome(), outcome(change))).toEqual(expected);
    expect(compare(outcome(change), outcome())).toEqual(expected);
  });
});

describe('deliberate differences', () => {
  test('each has its reason in docs/compatibility.md', async () => {
    const page = await readFile(join(import.meta.dirname, '../../docs/compatibility.md'), 'utf8');

    const unexplained = DELIBERATE.filter(({ reason }) => !page.includes(reason));

    expect(unexplained.map(({ reason }) => reason)).toEqual([]);
  });

  test('each belongs to scenarios that there are', async () => {
    const names = (await allScenarios()).map(({ name }) => name);

    const lost = DELIBERATE.flatMap(({ scenarios = [] }) =>
      scenarios.filter((one) => !names.includes(one)),
    );

    expect(lost).toEqual([]);
  });
});

import { expect, test } from 'vitest';
import { evaluate } from '../../workflows/domain/eligibility.ts';
import type { EligibilityInput } from '../../workflows/domain/merge-policy.ts';
import {
  labels,
  NEWER,
  policy,
  presubmit,
  query,
  question,
  record,
  run,
  status,
} from './merging.ts';

type Row = readonly [id: string, input: Partial<EligibilityInput>, state: string, text: string];

const green = record({ runs: { unit: run('unit') } });
const unit = policy({ requiredContexts: [presubmit('unit')] });
const long = Array.from({ length: 12 }, (_, index) => `a-rather-long-job-name-${index + 10}`);

test.for<Row>([
  ['T01', { record: green, policy: unit }, 'success', 'In merge pool.'],
  [
    'T02',
    { record: green, policy: unit, baseSha: NEWER },
    'pending',
    'Not mergeable. Retesting: unit',
  ],
  [
    'T02, two',
    { policy: policy({ requiredContexts: [presubmit('b', true), presubmit('a', true)] }) },
    'pending',
    'Not mergeable. Retesting: a b',
  ],
  [
    'T15',
    { policy: policy({ blockers: [12] }) },
    'error',
    'Not mergeable. Merging is blocked by issue 12.',
  ],
  [
    'T16',
    { policy: policy({ blockers: [12, 15] }) },
    'error',
    'Not mergeable. Merging is blocked by issues 12, 15.',
  ],
  [
    'T18',
    { policy: policy({ mergeMethod: 'conflict' }) },
    'error',
    'Not mergeable. PR has conflicting merge method override labels',
  ],
  [
    'T20',
    { policy: policy({ mergeMethod: 'squash', allowedMethods: ['merge'] }) },
    'error',
    'Not mergeable. Merge type "squash" disallowed by repo settings',
  ],
  [
    'rebase',
    { policy: policy({ mergeMethod: 'rebase' }), rebaseable: false },
    'error',
    "Not mergeable. PR can't be rebased",
  ],
  [
    'T25',
    {
      record: record({ labels: labels('approved') }),
      policy: policy({ queries: [query({ labels: ['lgtm', 'approved'] })] }),
    },
    'pending',
    'Not mergeable. Needs lgtm label.',
  ],
  [
    'T25, two',
    {
      record: record({ labels: {} }),
      policy: policy({ queries: [query({ labels: ['lgtm', 'approved'] })] }),
    },
    'pending',
    'Not mergeable. Needs approved, lgtm labels.',
  ],
  [
    'T25, case',
    {
      record: record({ labels: labels('LGTM') }),
      policy: policy({ queries: [query({ labels: ['lgtm'] })] }),
    },
    'success',
    'In merge pool.',
  ],
  [
    'T26',
    { policy: policy({ queries: [query({ labels: ['a,b'] })] }) },
    'pending',
    'Not mergeable. Needs a or b label.',
  ],
  [
    'T27',
    {
      record: record({ labels: labels('do-not-merge/hold') }),
      policy: policy({ queries: [query({ missingLabels: ['do-not-merge/hold'] })] }),
    },
    'pending',
    'Not mergeable. Should not have do-not-merge/hold label.',
  ],
  [
    'T28',
    {
      record: record({ baseRef: 'release' }),
      policy: policy({ queries: [query({ excludedBranches: ['release'] })] }),
    },
    'pending',
    'Not mergeable. Merging to branch release is forbidden.',
  ],
  [
    'T28, included',
    { policy: policy({ queries: [query({ includedBranches: ['release'] })] }) },
    'pending',
    'Not mergeable. Merging to branch main is forbidden.',
  ],
  [
    'T29',
    { policy: policy({ queries: [query({ milestone: 'v1' })] }) },
    'pending',
    'Not mergeable. Must be in milestone v1.',
  ],
  [
    'T29, author',
    { policy: policy({ queries: [query({ milestone: 'v1', author: '@X' })] }) },
    'pending',
    'Not mergeable. Must be by author x.',
  ],
  [
    'T29, author in another case',
    { policy: policy({ queries: [query({ author: 'ann' })] }) },
    'success',
    'In merge pool.',
  ],
  [
    'T30',
    {
      reviewDecision: 'review-required',
      policy: policy({ queries: [query({ reviewApprovedRequired: true })] }),
    },
    'pending',
    'Not mergeable. PullRequest is missing sufficient approving GitHub review(s)',
  ],
  [
    'T30, not known',
    { policy: policy({ queries: [query({ reviewApprovedRequired: true })] }) },
    'pending',
    'Not mergeable. PullRequest is missing sufficient approving GitHub review(s)',
  ],
  [
    'T31',
    {
      policy: policy({ queries: [query({ includedBranches: ['x'] }), query({ labels: ['one'] })] }),
    },
    'pending',
    'Not mergeable. Needs one label.',
  ],
  [
    'T32',
    {
      record: record({ labels: {} }),
      policy: policy({
        displayAllQueries: true,
        queries: [
          query({ labels: ['lgtm'] }),
          query({ milestone: 'v1' }),
          query({ includedBranches: ['x'] }),
        ],
      }),
    },
    'pending',
    'Not mergeable. Needs lgtm label OR Must be in milestone v1.',
  ],
  [
    'T32, none',
    { policy: policy({ displayAllQueries: true, queries: [query({ includedBranches: ['x'] })] }) },
    'pending',
    'Not mergeable. No Tide query for branch main found.',
  ],
  [
    'T33',
    { policy: policy({ requiredContexts: [{ context: 'ci/ext', job: '', conditional: false }] }) },
    'pending',
    'Not mergeable. Job ci/ext has not succeeded.',
  ],
  [
    'two jobs',
    {
      record: record({
        statuses: { y: status('failure') },
        runs: { unit: run('unit', { state: 'failure' }) },
      }),
      policy: unit,
    },
    'pending',
    'Not mergeable. Jobs unit, y have not succeeded.',
  ],
  [
    'labels before jobs',
    { policy: { ...unit, queries: [query({ labels: ['x'] })] } },
    'pending',
    'Not mergeable. Needs x label.',
  ],
  ['T43', { blockedByGitHub: true }, 'success', 'In merge pool (despite BLOCKED).'],
  [
    'T43, block',
    { blockedByGitHub: true, policy: policy({ blocksPolicy: 'block' }) },
    'error',
    'Not mergeable. PR is blocked from merging by GitHub (check branch protection, required reviews, or rulesets)',
  ],
  [
    'T43, ignore',
    { blockedByGitHub: true, policy: policy({ blocksPolicy: 'ignore' }) },
    'success',
    'In merge pool.',
  ],
  [
    'T44',
    { record: record({ mergeable: false }) },
    'error',
    'Not mergeable. PR has a merge conflict.',
  ],
  [
    'T47',
    { policy: policy({ requiredContexts: long.map((job) => presubmit(job, true)) }) },
    'pending',
    'Not mergeable. Retesting 12 jobs.',
  ],
  [
    'T47, one',
    { policy: policy({ requiredContexts: [presubmit('j'.repeat(130), true)] }) },
    'pending',
    'Not mergeable. Retesting 1 job.',
  ],
  [
    'long lists',
    { policy: policy({ queries: [query({ labels: long })] }) },
    'pending',
    `Not mergeable. Needs ${long.slice(0, 2).join(', ')} labels.`,
  ],
  [
    'long names',
    { policy: policy({ queries: [query({ labels: ['l'.repeat(200)] })] }) },
    'pending',
    `Not mergeable. Needs ${'l'.repeat(116)}...`,
  ],
  ['a draft', { record: record({ draft: true }) }, 'pending', 'Not mergeable.'],
])('%s', ([, change, state, text]) => {
  const member = evaluate(question(change));

  expect([member?.statusState, member?.explanation]).toEqual([state, text]);
});

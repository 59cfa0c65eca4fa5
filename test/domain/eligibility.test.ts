import { expect, test } from 'vitest';
import { evaluate } from '../../workflows/domain/eligibility.ts';
import type { EligibilityInput } from '../../workflows/domain/merge-policy.ts';
import {
  BASE,
  head,
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

const ext = { context: 'ci/ext', job: '', conditional: false };
const unit = policy({ requiredContexts: [presubmit('unit')] });
const green = record({ runs: { unit: run('unit') } });

type Row = readonly [name: string, input: Partial<EligibilityInput>, eligible: boolean];

test.for<Row>([
  ['T01 the required job is green on the base', { record: green, policy: unit }, true],
  [
    'T02 a success on an older base is still eligible',
    { record: green, policy: unit, baseSha: NEWER },
    true,
  ],
  ['T33 a required context is absent', { policy: policy({ requiredContexts: [ext] }) }, false],
  [
    'T33 and pending is not enough if it is not ours',
    {
      record: record({ statuses: { 'ci/ext': status('pending') } }),
      policy: policy({ requiredContexts: [ext] }),
    },
    false,
  ],
  [
    'T33 and green is',
    {
      record: record({ statuses: { 'ci/ext': status('success') } }),
      policy: policy({ requiredContexts: [ext] }),
    },
    true,
  ],
  [
    'T34 required if present: absent',
    { policy: policy({ requiredIfPresent: ['ci/opt'], skipUnknown: true }) },
    true,
  ],
  [
    'T34 required if present: failing',
    {
      record: record({ statuses: { 'ci/opt': status('failure') } }),
      policy: policy({ requiredIfPresent: ['ci/opt'], skipUnknown: true }),
    },
    false,
  ],
  [
    'T35 an optional job fails',
    {
      record: record({ statuses: { opt: status('failure') } }),
      policy: policy({ optionalContexts: ['opt'] }),
    },
    true,
  ],
  [
    'T35 an unknown context fails, skipped',
    {
      record: record({ statuses: { odd: status('error') } }),
      policy: policy({ skipUnknown: true }),
    },
    true,
  ],
  [
    'T35 an unknown context fails',
    { record: record({ statuses: { odd: status('error') } }) },
    false,
  ],
  [
    'the own context is ignored',
    { record: record({ statuses: { tide: status('pending') } }) },
    true,
  ],
  [
    'T38 the policy cannot be computed',
    { policy: policy({ problem: 'a context is required and optional' }) },
    false,
  ],
  [
    'T40 run_before_merge has not run yet',
    { policy: policy({ requiredContexts: [presubmit('e2e', true)] }) },
    true,
  ],
  [
    'T40 run_before_merge failed',
    {
      record: record({ runs: { e2e: run('e2e', { state: 'failure' }) } }),
      policy: policy({ requiredContexts: [presubmit('e2e', true)] }),
    },
    false,
  ],
  ['T43 blocked, permitted', { blockedByGitHub: true }, true],
  [
    'T43 blocked, policy block',
    { blockedByGitHub: true, policy: policy({ blocksPolicy: 'block' }) },
    false,
  ],
  ['T44 conflict', { record: record({ mergeable: false }) }, false],
  ['T45 mergeable not known', { record: record({ mergeable: null }) }, true],
  ['T50 no required presubmit', {}, true],
  ['a required job that never ran', { policy: unit }, false],
  [
    'a required job that runs',
    { record: record({ runs: { unit: run('unit', { state: 'pending' }) } }), policy: unit },
    true,
  ],
  [
    'P32 a required job that waits to be scheduled is not failed',
    { record: record({ runs: { unit: run('unit', { state: 'scheduling' }) } }), policy: unit },
    true,
  ],
  [
    'a run of an older head does not count',
    { record: record({ headSha: head(9), runs: { unit: run('unit') } }), policy: unit },
    false,
  ],
  [
    'an aborted run',
    { record: record({ runs: { unit: run('unit', { state: 'aborted' }) } }), policy: unit },
    false,
  ],
  [
    'a success written over a failed run',
    {
      record: record({
        runs: { unit: run('unit', { state: 'failure' }) },
        statuses: { unit: status('success') },
      }),
      policy: unit,
    },
    true,
  ],
  [
    'a later failure that somebody else wrote over a green run',
    {
      record: record({ runs: { unit: run('unit') }, statuses: { unit: status('failure') } }),
      policy: unit,
    },
    false,
  ],
  [
    'the older failure of our own, not yet overwritten',
    {
      record: record({
        runs: { unit: run('unit', { createdAt: Date.parse('2026-02-01') }) },
        statuses: { unit: status('failure') },
      }),
      policy: unit,
    },
    true,
  ],
  ['closed', { record: record({ state: 'closed' }) }, false],
  ['a draft', { record: record({ draft: true }) }, false],
  ['labels not all known', { record: record({ labelsComplete: false }) }, false],
  ['statuses not all known', { record: record({ statusesComplete: false }) }, false],
])('%s', ([, change, eligible]) => {
  const member = evaluate(question(change));

  expect(member?.eligible).toBe(eligible);
});

test('a repository without queries has no pool', () => {
  expect(evaluate(question({ policy: policy({ queries: [] }) }))).toBeUndefined();
});

test.for([
  [
    'T03 the description names the base',
    `Job succeeded. BaseSHA:${BASE}`,
    { baseSha: BASE, anyBase: false },
  ],
  [
    'T03 in the older spelling',
    `Job succeeded. Basesha:${BASE}`,
    { baseSha: BASE, anyBase: false },
  ],
  ['T04 the sentinel', 'fine [prow:skip-retest]', { baseSha: '', anyBase: true }],
  ['nothing of the kind', 'fine', { baseSha: '', anyBase: false }],
] as const)('a success known from GitHub alone: %s', ([, description, expected]) => {
  const statuses = { unit: status('success', description) };

  const member = evaluate(question({ record: record({ statuses }), policy: unit }));

  expect(member?.contexts).toMatchObject([{ state: 'success', ...expected }]);
});

test('the member names each requirement, the fact and who can clear it', () => {
  const input = question({
    record: record({ labels: labels('do-not-merge/hold') }),
    policy: policy({
      queries: [query({ labels: ['lgtm'], missingLabels: ['do-not-merge/hold'] })],
    }),
  });

  const unmet = evaluate(input)?.requirements.filter(({ met }) => !met);

  expect(unmet).toMatchObject([
    { kind: 'label', subject: 'lgtm', fact: 'it has no label lgtm' },
    { kind: 'forbidden-label', subject: 'do-not-merge/hold' },
  ]);
});

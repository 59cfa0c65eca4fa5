import { describe, expect, test } from 'vitest';
import { contextPolicy, isOptionalContext, missingContexts } from '../../config/context-policy.ts';
import { queryProblems } from '../../config/prow/check-queries.ts';
import { tideQuery } from '../../config/prow/tide.ts';
import { mergeMethod, queriesFor, tideSettings } from '../../config/tide.ts';
import { presubmits, snapshotOf } from './sample.ts';

describe('the merge method (J§2.4)', () => {
  const snapshot = snapshotOf({
    tide: {
      squash_label: 'tide/squash',
      rebase_label: 'tide/rebase',
      merge_method: {
        plain: 'rebase',
        'plain/one': 'squash',
        'plain/one@v1': 'merge',
        deep: {
          repo: 'squash',
          branched: { 'release-.*': 'rebase', '^m': 'squash' },
          '*': 'rebase',
        },
        'deep/repo@x': 'merge',
      },
    },
  });
  test.for<[string, string, string, string[], object]>([
    ['none', 'r', 'main', [], { method: 'merge' }],
    ['plain', 'r', 'main', [], { method: 'rebase' }],
    ['plain', 'one', 'main', [], { method: 'squash' }],
    ['plain', 'one', 'v1', [], { method: 'merge' }],
    ['deep', 'repo', 'main', [], { method: 'squash' }],
    ['deep', 'repo', 'x', [], { method: 'merge' }],
    ['deep', 'any', 'main', [], { method: 'rebase' }],
    ['deep', 'branched', 'release-1', [], { method: 'rebase' }],
    ['deep', 'branched', 'main', [], { method: 'squash' }],
    ['deep', 'branched', 'x', [], { method: 'merge' }],
    // T19
    ['none', 'r', 'main', ['tide/squash'], { method: 'squash' }],
    // T18
    ['none', 'r', 'main', ['tide/squash', 'tide/rebase'], { kind: 'conflict' }],
    // T20: the configuration does not know what the repository allows.
    ['plain', 'one', 'main', ['other'], { method: 'squash' }],
  ])('%s/%s@%s with %j: %j', ([org, repo, branch, labels, expected]) => {
    expect(mergeMethod(snapshot, { org, repo, branch, labels })).toMatchObject(expected);
  });

  test('a merge label that is not configured overrides nothing', () => {
    const target = { org: 'none', repo: 'r', branch: 'b', labels: [''] };
    expect(mergeMethod(snapshot, target)).toEqual({ kind: 'method', method: 'merge' });
  });
});

describe('the context policy (J§2.3)', () => {
  const jobs = presubmits(
    { name: 'unit', always_run: true },
    { name: 'go', run_if_changed: 'go' },
    { name: 'manual' },
    { name: 'lint', always_run: true, optional: true },
    { name: 'silent', always_run: true, skip_report: true },
    { name: 'elsewhere', always_run: true, branches: ['^release$'] },
  );
  const policyOf = (context_options: object, protection: object = {}) =>
    contextPolicy(snapshotOf({ tide: { context_options }, 'branch-protection': protection }), {
      org: 'o',
      repo: 'r',
      branch: 'main',
      presubmits: jobs,
    });

  test('jobs: required, required if present, optional', () => {
    expect(policyOf({})).toEqual({
      required: ['unit'],
      requiredIfPresent: ['go', 'manual'],
      optional: ['lint', 'silent'],
      optionalPatterns: [],
      skipUnknown: false,
      problems: [],
    });
  });

  test.for<[string, object, string, boolean]>([
    ['T33', { 'required-contexts': ['ci/ext'] }, 'ci/ext', false],
    ['T34', { 'required-if-present-contexts': ['ci/opt'] }, 'ci/opt', false],
    ['T35', {}, 'lint', true],
    ['T35', { 'skip-unknown-contexts': true }, 'who', true],
    ['T35', { 'skip-unknown-contexts': false }, 'who', false],
    ['T36', { 'optional-regex-contexts': ['^codecov/'] }, 'codecov/patch', true],
    ['T41', {}, 'go', false],
    ['J§2.3', {}, 'tide', true],
    ['J§2.3', { 'skip-unknown-contexts': true }, 'unit', false],
    ['J§2.3', { orgs: { o: { repos: { r: { 'optional-contexts': ['x'] } } } } }, 'x', true],
    ['J§2.3', { orgs: { p: { 'optional-contexts': ['x'] } } }, 'x', false],
    [
      'J§2.3',
      { 'skip-unknown-contexts': true, orgs: { o: { 'skip-unknown-contexts': false } } },
      'x',
      false,
    ],
    [
      'J§2.3',
      { orgs: { o: { repos: { r: { branches: { main: { 'optional-contexts': ['x'] } } } } } } },
      'x',
      true,
    ],
  ])('%s: with %j, %s may fail: %s', ([, options, context, optional]) => {
    expect(isOptionalContext(policyOf(options), context)).toBe(optional);
  });

  test('T33: what is required and absent is missing', () => {
    expect(missingContexts(policyOf({ 'required-contexts': ['ci/ext'] }), ['unit'])).toEqual([
      'ci/ext',
    ]);
  });

  test.for<[boolean | undefined, string[]]>([
    [true, ['all', 'unit', 'x']],
    [false, ['unit']],
    [undefined, ['unit']],
  ])('T37: contexts of branch protection count where protect is %s', ([protect, required]) => {
    const repo = { protect, required_status_checks: { contexts: ['x'] } };
    const protection = {
      required_status_checks: { contexts: ['all'] },
      orgs: { o: { repos: { r: JSON.parse(JSON.stringify(repo)) } } },
    };
    expect(policyOf({ 'from-branch-protection': true }, protection).required).toEqual(required);
    expect(policyOf({}, protection).required).toEqual(['unit']);
  });

  test('manual jobs are required where branch protection says so', () => {
    const protection = { require_manually_triggered_jobs: true, orgs: { o: {} } };
    const policy = policyOf({ 'from-branch-protection': true }, protection);
    expect(policy.required).toEqual(['manual', 'unit']);
    expect(policy.requiredIfPresent).toEqual(['go']);
  });

  test.for<[object, string]>([
    // T38
    [{ 'required-contexts': ['lint'] }, 'lint is both required and optional'],
    [{ 'required-contexts': ['go'] }, 'go is both required and required if present'],
    [{ 'optional-contexts': ['manual'] }, 'manual is both required if present and optional'],
    [{ 'optional-regex-contexts': ['^un'] }, 'unit is required, and'],
    [{ 'optional-regex-contexts': ['('] }, 'is not RE2'],
  ])('T38: %j is a contradiction: %s', ([options, why]) => {
    expect(policyOf(options).problems.join()).toContain(why);
  });
});

describe('queries', () => {
  test.for<[object, string[]]>([
    [{ orgs: ['o'] }, []],
    [{ repos: ['o/r'], labels: ['a,b'] }, []],
    [{}, ['orgs']],
    [{ orgs: ['o/r'] }, ['orgs']],
    [{ repos: ['o'] }, ['repos']],
    [{ orgs: ['o'], repos: ['o/r'] }, ['repos']],
    [{ orgs: ['o'], excludedRepos: ['p/r'] }, ['excludedRepos']],
    [{ orgs: ['o'], labels: ['l'], missingLabels: ['l'] }, ['labels']],
    [{ orgs: ['o', 'o'] }, ['orgs']],
    [{ orgs: ['o'], includedBranches: ['a'], excludedBranches: ['b'] }, ['includedBranches']],
  ])('J§2.8: %j is wrong in %j', ([query, fields]) => {
    const problems = queryProblems(tideQuery.parse(query));
    expect(problems.map(({ field }) => field)).toEqual(fields);
  });

  test('a repository has those of its organisation, unless it is excluded, and its own', () => {
    const snapshot = snapshotOf({
      tide: {
        queries: [
          { orgs: ['o'], excludedRepos: ['o/x'], milestone: 'one' },
          { repos: ['o/x', 'o/r'].slice(0, 1), milestone: 'two' },
        ],
      },
    });
    const names = (repo: string) =>
      queriesFor(snapshot, 'o', repo).map(({ milestone }) => milestone);
    expect(names('r')).toEqual(['one']);
    expect(names('x')).toEqual(['two']);
    expect(queriesFor(snapshot, 'p', 'r')).toEqual([]);
  });
});

test('an organisation may be called like what every object has', () => {
  const snapshot = snapshotOf({ tide: { queries: [{ orgs: ['valueOf'] }] } });
  const target = { org: 'constructor', repo: 'toString', branch: 'valueOf' };
  expect(tideSettings(snapshot, 'constructor', 'toString').batchSizeLimit).toBe(0);
  expect(mergeMethod(snapshot, { ...target, labels: [] })).toMatchObject({ method: 'merge' });
  expect(contextPolicy(snapshot, { ...target, presubmits: [] }).required).toEqual([]);
});

test('settings of a repository: the narrowest key wins', () => {
  const snapshot = snapshotOf({
    tide: {
      batch_size_limit: { '*': 5, o: -1, 'o/r': 2 },
      target_urls: { '*': 'https://all', o: 'https://o' },
      merge_commit_template: { o: { title: '{{.Title}}' } },
      prioritize_existing_batches: { o: false },
    },
  });
  expect(tideSettings(snapshot, 'o', 'r')).toMatchObject({
    batchSizeLimit: 2,
    targetUrl: 'https://o',
    commitTemplate: { title: '{{.Title}}', body: '' },
    prioritizeExistingBatches: false,
    mergeBlocksPolicy: 'permit',
    syncPeriod: '1m0s',
  });
  expect(tideSettings(snapshot, 'o', 'x').batchSizeLimit).toBe(-1);
  expect(tideSettings(snapshot, 'p', 'x')).toMatchObject({
    batchSizeLimit: 5,
    targetUrl: 'https://all',
  });
});

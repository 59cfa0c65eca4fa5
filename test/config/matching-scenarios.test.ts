import { describe, expect, test } from 'vitest';
import { contextPolicy } from '../../config/context-policy.ts';
import {
  automaticJobs,
  jobsBeforeMerge,
  runsOnBranch,
  shouldRunAfterPush,
  wantsEvent,
} from '../../config/matching.ts';
import { enabledPlugins, externalPlugins } from '../../config/snapshot.ts';
import { presubmits, snapshotOf, withSpec } from './sample.ts';

const names = (jobs: readonly { readonly name: string }[]) => jobs.map(({ name }) => name);

describe('run semantics of presubmits (J§4.3)', () => {
  const jobs = presubmits(
    { name: 'always', always_run: true },
    { name: 'manual' },
    { name: 'manual-optional', optional: true },
    { name: 'changed', run_if_changed: '^src/' },
    { name: 'unless-docs', skip_if_only_changed: '^docs/|\\.md$' },
    { name: 'optional', always_run: true, optional: true },
    { name: 'silent', always_run: true, skip_report: true },
    { name: 'before-merge', run_before_merge: true },
    { name: 'before-merge-changed', run_before_merge: true, run_if_changed: '^src/' },
    { name: 'before-merge-optional', run_before_merge: true, optional: true },
    { name: 'release', always_run: true, branches: ['^release-'] },
    { name: 'not-main', always_run: true, skip_branches: ['^main$'] },
    { name: 'before-merge-release', run_before_merge: true, branches: ['^release-'] },
  );
  const started = ['always', 'optional', 'silent'];
  const ofSource = ['always', 'changed', 'unless-docs', 'optional', 'silent'];

  test.for<[string, string[], string[]]>([
    ['main', [], started],
    ['main', ['src/a.go'], [...ofSource, 'before-merge-changed']],
    ['main', ['docs/a', 'README.md'], started],
    ['main', ['docs/a', 'go.mod'], ['always', 'unless-docs', 'optional', 'silent']],
    ['release-1', [], [...started, 'release', 'not-main']],
    ['feature', [], [...started, 'not-main']],
  ])('a pull request on %s that changes %j starts %j', async ([branch, files, expected]) => {
    expect(names(await automaticJobs(jobs, { branch, files: async () => files }))).toEqual(
      expected,
    );
  });

  const forced = ['before-merge', 'before-merge-changed', 'before-merge-optional'];
  test.for<[string, string[], string[]]>([
    ['main', [], ['always', ...forced]],
    ['main', ['src/a.go'], ['always', 'changed', 'unless-docs', ...forced]],
    ['main', ['docs/a'], ['always', ...forced]],
    ['release-1', [], ['always', ...forced, 'release', 'not-main', 'before-merge-release']],
  ])('merging on %s what changes %j needs %j', async ([branch, files, expected]) => {
    expect(names(await jobsBeforeMerge(jobs, { branch, files: async () => files }))).toEqual(
      expected,
    );
  });
});

describe('run semantics of postsubmits (J§4.3)', () => {
  test.for<[object, string, string[], boolean]>([
    [{}, 'main', [], true],
    [{ always_run: true }, 'main', [], true],
    [{ always_run: false }, 'main', ['src/a'], false],
    [{ run_if_changed: '^src/' }, 'main', ['src/a'], true],
    [{ run_if_changed: '^src/' }, 'main', ['docs/a'], false],
    [{ run_if_changed: '^src/' }, 'main', [], false],
    [{ always_run: false, run_if_changed: '^src/' }, 'main', ['src/a'], true],
    [{ skip_if_only_changed: '^docs/' }, 'main', ['docs/a'], false],
    [{ skip_if_only_changed: '^docs/' }, 'main', ['docs/a', 'src/a'], true],
    [{ skip_if_only_changed: '^docs/' }, 'main', [], false],
    [{ branches: ['^release-'] }, 'main', [], false],
    [{ skip_branches: ['ma'] }, 'main', [], false],
  ])('%j on %s after %j: %s', async ([job, branch, files, expected]) => {
    const snapshot = snapshotOf({ postsubmits: { 'o/r': [withSpec({ name: 'p', ...job })] } });
    const [only] = snapshot.jobs.postsubmits['o/r'] ?? [];
    if (only === undefined) throw new Error('the sample has no job');
    await expect(shouldRunAfterPush(only, { branch, files: async () => files })).resolves.toBe(
      expected,
    );
  });
});

describe('lists of branches are one pattern, as in Prow', () => {
  test.for<[string[], string, boolean]>([
    [['main', 'release'], 'release', true],
    // Prow joins the entries, so a flag at the head of one reaches those behind it.
    [['(?i)MAIN', 'release'], 'RELEASE', true],
    [['release', '(?i)MAIN'], 'RELEASE', false],
    [['^main$'], 'mainline', false],
    [['main'], 'my-main-line', true],
  ])('%j finds %s: %s', ([branches, branch, expected]) => {
    expect(runsOnBranch({ branches, skip_branches: [] }, branch)).toBe(expected);
    expect(runsOnBranch({ branches: [], skip_branches: branches }, branch)).toBe(!expected);
  });
});

describe('required contexts (J§2.3, J§3.6)', () => {
  const scope = { org: 'o', repo: 'r', branch: 'main' };
  const required = (protection: object, jobs: readonly object[]) =>
    contextPolicy(
      snapshotOf({
        tide: { context_options: { 'from-branch-protection': true } },
        'branch-protection': protection,
      }),
      { ...scope, presubmits: presubmits(...jobs) },
    ).required;
  const contexts = { required_status_checks: { contexts: ['x'] } };
  const always = [{ name: 'a', always_run: true }];

  test.for<[string, object, readonly object[], string[]]>([
    ['protected', { ...contexts, protect: true, orgs: { o: {} } }, always, ['a', 'x']],
    ['of an organisation that is not listed', { ...contexts, protect: true }, always, ['a']],
    [
      'protected because it is tested',
      { ...contexts, 'protect-tested-repos': true, orgs: { o: {} } },
      always,
      ['a', 'x'],
    ],
    ['not tested', { ...contexts, 'protect-tested-repos': true, orgs: { o: {} } }, [], []],
    [
      'that is unprotected though jobs are required',
      { orgs: { o: { ...contexts, protect: false } } },
      always,
      ['a'],
    ],
    [
      'that is listed and says neither protect nor unmanaged',
      { orgs: { o: { repos: { r: { branches: { main: contexts } } } } } },
      always,
      ['a'],
    ],
  ])('a branch %s', ([, protection, jobs, expected]) => {
    expect(required(protection, jobs)).toEqual(expected);
  });

  test('a pattern that RE2 refuses is a problem, and no more than that', () => {
    const options = { 'optional-regex-contexts': ['(?!x)', '^ok/'] };
    const snapshot = snapshotOf({ tide: { context_options: { orgs: { o: options } } } });
    const policy = contextPolicy(snapshot, { ...scope, presubmits: [] });
    expect(policy.optionalPatterns).toEqual(['^ok/']);
    expect(policy.problems).toHaveLength(1);
  });
});

describe('plugins of a repository (W§2.4, W§2.5)', () => {
  const snapshot = snapshotOf(
    {},
    {
      plugins: {
        o: { plugins: ['size', 'hold'], excluded_repos: ['quiet'] },
        'o/quiet': { plugins: ['hold'] },
        'o/more': { plugins: ['wip'] },
        old: ['lgtm'],
      },
      external_plugins: {
        o: [{ name: 'all' }, { name: 'pushes', events: ['push'] }],
        'o/more': [{ name: 'own', endpoint: 'http://elsewhere', events: ['pull_request', 'push'] }],
      },
    },
  );

  test.for<[string, string, string[]]>([
    ['o', 'any', ['size', 'hold']],
    ['o', 'quiet', ['hold']],
    ['o', 'more', ['size', 'hold', 'wip']],
    ['old', 'any', ['lgtm']],
    ['other', 'any', []],
  ])('%s/%s has %j', ([org, repo, expected]) => {
    expect(enabledPlugins(snapshot, org, repo)).toEqual(expected);
  });

  test.for<[string, string, string[]]>([
    ['any', 'push', ['http://all', 'http://pushes']],
    ['any', 'never_heard_of', ['http://all']],
    ['more', 'push', ['http://all', 'http://pushes', 'http://elsewhere']],
    ['more', 'pull_request', ['http://all', 'http://elsewhere']],
  ])('o/%s sends %s to %j', ([repo, event, expected]) => {
    const plugins = externalPlugins(snapshot, 'o', repo).filter((one) => wantsEvent(one, event));
    expect(plugins.map(({ endpoint }) => endpoint)).toEqual(expected);
  });
});

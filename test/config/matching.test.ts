import { describe, expect, test } from 'vitest';
import {
  branchesIntersect,
  matchesChanges,
  matchesTrigger,
  needsExplicitTrigger,
  runsOnBranch,
  shouldRun,
  shouldRunAfterPush,
} from '../../config/matching.ts';
import {
  availableJobs,
  concernsTrigger,
  requestedJobs,
  testCommands,
} from '../../config/requests.ts';
import { presubmit, presubmits, snapshotOf, withSpec } from './sample.ts';

const none = async () => [];

describe('a branch filter', () => {
  test.for<[string[], string[], string, boolean]>([
    [[], [], 'main', true],
    [['main'], [], 'main', true],
    [['main'], [], 'release', false],
    [['release-'], [], 'my-release-1', true],
    [['^release-\\d+$'], [], 'release-1', true],
    [['^release-\\d+$'], [], 'release-x', false],
    [[], ['release'], 'release-1', false],
    [[], ['a', 'b'], 'c', true],
    [['main'], ['ma'], 'main', false],
    [['(?i)MAIN'], [], 'main', true],
  ])('branches %j, skip_branches %j, on %s: %s', ([branches, skip_branches, branch, runs]) => {
    expect(runsOnBranch({ branches, skip_branches }, branch)).toBe(runs);
  });

  test.for<[string[], string[], string[], string[], boolean]>([
    [[], [], ['a'], [], true],
    [['a'], [], ['b'], [], false],
    [['a', 'b'], [], ['b'], [], true],
    [['a'], [], [], ['a'], false],
    [['a'], [], [], ['b'], true],
    [[], ['a'], [], ['b'], true],
  ])('%j/%j and %j/%j intersect: %s', ([b1, s1, b2, s2, expected]) => {
    const one = { branches: b1, skip_branches: s1 };
    const other = { branches: b2, skip_branches: s2 };
    expect(branchesIntersect(one, other)).toBe(expected);
    expect(branchesIntersect(other, one)).toBe(expected);
  });
});

describe('a filter on changed files', () => {
  test.for<[string, string, string[], boolean]>([
    ['\\.go$', '', ['a.go', 'b.md'], true],
    ['\\.go$', '', ['b.md'], false],
    ['\\.go$', '', [], false],
    ['', '\\.md$', ['b.md'], false],
    ['', '\\.md$', ['b.md', 'a.go'], true],
    ['', '\\.md$', [], false],
  ])('run_if_changed %j, skip_if_only_changed %j, files %j: %s', ([run, skip, files, runs]) => {
    const job = { run_if_changed: run, skip_if_only_changed: skip };
    expect(matchesChanges(job, files)).toBe(runs);
  });
});

describe('a presubmit runs', () => {
  test.for<
    [object, { branch?: string; files?: string[]; forced?: boolean; defaults?: boolean }, boolean]
  >([
    [{ always_run: true }, {}, true],
    [{ always_run: true, branches: ['release'] }, { forced: true }, false],
    [{}, {}, false],
    [{}, { defaults: true }, true],
    [{}, { forced: true }, true],
    [{ run_if_changed: 'x' }, { files: ['x'] }, true],
    // T41: a filter that does not match decides, whatever the default.
    [{ run_if_changed: 'x' }, { files: ['y'], defaults: true }, true],
    [{ run_if_changed: 'x' }, { files: ['y'], forced: true }, true],
  ])('%j asked with %j: %s', async ([job, { branch = 'main', files = [], ...rest }, runs]) => {
    const one = presubmit({ name: 'a', ...job });
    const answer = await shouldRun(one, { branch, files: async () => files, ...rest });
    expect(answer).toBe(runs);
  });

  test('changed files are asked for only if a filter needs them', async () => {
    const always = presubmit({ name: 'a', always_run: true });
    const files = () => Promise.reject(new Error('asked'));
    await expect(shouldRun(always, { branch: 'main', files })).resolves.toBe(true);
  });
});

test.for<[object, string[], boolean]>([
  [{}, [], true],
  [{ always_run: false }, ['x'], false],
  [{ run_if_changed: 'x' }, ['x'], true],
  [{ run_if_changed: 'x' }, ['y'], false],
  [{ branches: ['release'] }, ['x'], false],
])('a postsubmit with %j after a push of %j runs: %s', async ([job, files, runs]) => {
  const snapshot = snapshotOf({ postsubmits: { 'o/r': [withSpec({ name: 'p', ...job })] } });
  const jobs = snapshot.jobs.postsubmits['o/r'] ?? [];
  const question = {
    branch: 'main',
    files: async () => files,
  };
  const answers = await Promise.all(jobs.map((one) => shouldRunAfterPush(one, question)));
  expect(answers).toEqual([runs]);
});

describe('the default trigger (J§4.3)', () => {
  const job = presubmit({ name: 'unit' });
  test.for<[string, boolean]>([
    ['/test unit', true],
    ['/test a unit', true],
    ['/test unit b', true],
    ['/test unit,', true],
    ['/test  unit', true],
    ['please\r\n/test unit\r\nthanks', true],
    ['/test unitary', false],
    ['/test my-unit', false],
    [' /test unit', false],
    ['> /test unit', false],
    ['/TEST unit', false],
    ['/test all', false],
    ['/test unit\u00a0', false],
  ])('%j: %s', ([body, expected]) => {
    expect(matchesTrigger(job, body)).toBe(expected);
  });

  test('is what Prow writes, name unescaped', () => {
    expect(presubmit({ name: 'a.b' })).toMatchObject({
      trigger: '(?m)^/test( | .* )a.b,?($|\\s.*)',
      rerun_command: '/test a.b',
      context: 'a.b',
    });
  });
});

describe('commands of the plugin trigger (W§1.1)', () => {
  test.for<[string, string[]]>([
    ['/test all', ['testAll', 'testNamed', 'prunesHelp']],
    ['/test all,\r\nmore', ['testAll', 'testNamed', 'prunesHelp']],
    ['/test  all', ['testNamed', 'prunesHelp']],
    ['/test allx', ['testNamed', 'prunesHelp']],
    ['/test ?', ['testHelp', 'testNamed', 'prunesHelp']],
    ['/test', ['testBare', 'prunesHelp']],
    ['/retest ', ['retest', 'prunesHelp']],
    ['/retest unit', ['retestNamed', 'prunesHelp']],
    // The word boundary of Prow's pattern lies before the hyphen.
    ['/retest-required', ['retestRequired', 'prunesHelp']],
    ['/test-manual-required', ['testManualRequired', 'prunesHelp']],
    ['/ok-to-test', ['okToTest']],
    ['/ok-to-test cancel', ['okToTestCancel']],
    ['/ok-to-test please', []],
    ['nothing', []],
  ])('%j says %j', ([body, expected]) => {
    const says = Object.entries(testCommands(body)).filter(([, said]) => said);
    expect(says.map(([name]) => name)).toEqual(expected);
  });

  test('a comment concerns the plugin by a command or by the trigger of a job', () => {
    const jobs = presubmits({ name: 'a', trigger: '(?m)^/run-a$', rerun_command: '/run-a' });
    expect(concernsTrigger(jobs, '/run-a')).toBe(true);
    expect(concernsTrigger(jobs, '/retest')).toBe(true);
    expect(concernsTrigger(jobs, '/lgtm')).toBe(false);
  });
});

describe('the jobs that a comment selects', () => {
  const jobs = presubmits(
    { name: 'always', always_run: true },
    { name: 'go', run_if_changed: '\\.go$' },
    { name: 'manual' },
    { name: 'manual-optional', optional: true },
    { name: 'optional', always_run: true, optional: true },
    { name: 'release', always_run: true, branches: ['^release$'] },
  );
  const cases: [string, string, object, string[]][] = [
    ['W7', '/ok-to-test', {}, ['always', 'optional']],
    ['W7', '/ok-to-test', { files: ['a.go'] }, ['always', 'go', 'optional']],
    ['W§1.1', '/ok-to-test', { ignoreOkToTest: true }, []],
    ['W10', '/ok-to-test cancel', {}, []],
    ['W9', '/test all', { files: ['a.go'] }, ['always', 'go', 'optional']],
    ['W12', '/retest', { failed: ['always', 'go'], ok: ['optional'] }, ['always', 'go']],
    ['W12', '/retest', { failed: ['manual'], ok: ['always', 'optional'] }, ['manual']],
    ['W§1.1', '/retest', { files: ['a.go'], ok: ['always', 'optional'] }, ['go']],
    ['W13', '/retest-required', { failed: ['always', 'optional'], ok: ['go'] }, ['always']],
    ['W14', '/test-manual-required', { files: ['a.go'] }, ['manual']],
    ['W15', '/test go', {}, ['go']],
    ['W16', '/test release', {}, []],
    ['W§1.1', '/test manual always', {}, ['always', 'manual']],
    ['W18', '/test nope', {}, []],
    ['W§1.1', '/test manual\n/test all', {}, ['always', 'manual', 'optional']],
  ];

  test.for(cases)('%s: %j with %j: %j', async ([, body, given, expected]) => {
    const { files = [], failed = [], ok = [], ...rest } = given as Record<string, string[]>;
    const chosen = await requestedJobs({
      presubmits: jobs,
      body,
      branch: 'main',
      changedFiles: async () => files,
      failedContexts: async () => failed,
      allContexts: async () => [...failed, ...ok],
      ...rest,
    });
    expect(chosen.map(({ presubmit }) => presubmit.name)).toEqual(expected);
  });

  test('the first filter that fits names the reason: command before retest before all', async () => {
    const chosen = await requestedJobs({
      presubmits: jobs,
      body: '/test manual\n/retest\n/test all',
      branch: 'main',
      changedFiles: none,
      failedContexts: async () => ['optional', 'manual'],
      allContexts: async () => ['optional', 'manual', 'always'],
    });
    expect(chosen.map(({ presubmit, reason }) => [presubmit.name, reason])).toEqual([
      ['always', 'test-all'],
      ['manual', 'command'],
      ['optional', 'retest'],
    ]);
  });

  test('contexts are asked for only by a retest', async () => {
    const refuse = () => Promise.reject(new Error('asked'));
    const request = { presubmits: jobs, branch: 'main', changedFiles: none };
    const contexts = { failedContexts: refuse, allContexts: refuse };
    await expect(
      requestedJobs({ ...request, ...contexts, body: '/test all' }),
    ).resolves.toHaveLength(2);
    await expect(requestedJobs({ ...request, ...contexts, body: '/retest' })).rejects.toThrow(
      'asked',
    );
  });

  test('help lists what the branch has, required and optional apart', async () => {
    const request = { presubmits: jobs, branch: 'main', changedFiles: none };
    await expect(availableJobs(request)).resolves.toEqual({
      required: ['/test always', '/test go', '/test manual'],
      optional: ['/test manual-optional', '/test optional'],
      testAll: ['always', 'optional'],
      testAllIsAll: false,
    });
  });

  test('only a job without filter that does not always run needs a command', () => {
    const manual = jobs.filter(needsExplicitTrigger).map(({ name }) => name);
    expect(manual).toEqual(['manual', 'manual-optional']);
  });
});

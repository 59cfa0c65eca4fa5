import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { CheckContext } from '../../config/checks/run-checks.ts';
import { runChecks } from '../../config/checks/run-checks.ts';
import type { WarningName } from '../../config/checks/warnings.ts';
import { chosenWarnings, warningNames } from '../../config/checks/warnings.ts';
import { inspectConfig } from '../../config/parse.ts';
import { fieldName } from '../../config/problem.ts';
import { withSpec } from './sample.ts';

interface Given {
  readonly config?: object;
  readonly plugins?: object;
  readonly parts?: Readonly<Record<string, object>>;
  readonly context?: Partial<CheckContext>;
}

async function findings(warning: WarningName, given: Given): Promise<readonly string[]> {
  const text = (value: object) => stringify(value, { version: '1.1' });
  const subject = inspectConfig({
    config: { name: 'config.yaml', text: text(given.config ?? {}) },
    plugins: { name: 'plugins.yaml', text: text(given.plugins ?? {}) },
    supplemental: Object.entries(given.parts ?? {}).map(([name, value]) => ({
      name,
      text: text(value),
    })),
  });
  expect(subject.problems).toEqual([]);
  const found = await runChecks(subject, {
    warnings: new Set([warning]),
    requiredAnnotations: [],
    folders: { prow: ['parts'], plugins: [] },
    ...given.context,
  });
  return found.map(({ warning: name, place }) =>
    [name === warning ? '' : name, place.file, fieldName(place.path)].join(' ').trim(),
  );
}

const presubmits = (...jobs: readonly object[]) => ({
  presubmits: { 'o/r': jobs.map((job) => withSpec({ name: 'unit', always_run: true, ...job })) },
});
const queries = (...list: readonly object[]) => ({ tide: { queries: list } });
const inJob = (field = '') => `config.yaml presubmits.o/r[0]${field}`;
const strict = { protect: true, required_status_checks: { strict: true } };

const CASES: readonly (readonly [WarningName, string, Given, readonly string[]])[] = [
  [
    'mismatched-tide',
    'a label without its plugin',
    { config: queries({ orgs: ['o'], labels: ['lgtm'] }) },
    ['config.yaml tide.queries[0]'],
  ],
  [
    'mismatched-tide',
    'a plugin without its label',
    { config: queries({ orgs: ['o'] }), plugins: { plugins: { o: { plugins: ['hold'] } } } },
    ['config.yaml tide.queries[0]'],
  ],
  [
    'mismatched-tide',
    'both',
    {
      config: queries({ orgs: ['o'], missingLabels: ['do-not-merge/hold'] }),
      plugins: { plugins: { o: { plugins: ['hold'] } } },
    },
    [],
  ],
  [
    'mismatched-tide',
    'a plugin that a repository is excluded from',
    {
      config: queries({ orgs: ['o'], labels: ['lgtm'] }),
      plugins: { plugins: { o: { plugins: ['lgtm'], excluded_repos: ['r'] } } },
    },
    ['config.yaml tide.queries[0]'],
  ],
  [
    'mismatched-tide',
    'needs-rebase without its plugin, and not the other way round',
    {
      config: queries({ orgs: ['o'], missingLabels: ['needs-rebase'] }, { orgs: ['p'] }),
      plugins: { external_plugins: { p: [{ name: 'needs-rebase' }] } },
    },
    ['config.yaml tide.queries[0]'],
  ],
  [
    'mismatched-tide-lenient',
    'labels that forbid do not count',
    { config: queries({ orgs: ['o'], labels: ['approved'], missingLabels: ['bugzilla/x'] }) },
    ['config.yaml tide.queries[0]'],
  ],
  ['non-decorated-jobs', 'an undecorated job', { config: presubmits({}) }, [inJob()]],
  [
    'long-job-names',
    'a name of 64 letters',
    { config: presubmits({ name: 'a'.repeat(64) }) },
    [inJob('.name')],
  ],
  ['long-job-names', 'one of 63', { config: presubmits({ name: 'a'.repeat(63) }) }, []],
  [
    'duplicate-job-refs',
    'the repository itself',
    { config: presubmits({ extra_refs: [{ org: 'o', repo: 'r' }] }) },
    [inJob('.extra_refs[0]')],
  ],
  [
    'periodic-default-clone-config',
    'a periodic with clone settings',
    { config: { periodics: [withSpec({ name: 'p', interval: '1h', clone_depth: 1 })] } },
    ['config.yaml periodics[0].clone_depth'],
  ],
  [
    'needs-ok-to-test',
    'trust asked for twice',
    { config: queries({ orgs: ['o'], labels: ['lgtm'], missingLabels: ['needs-ok-to-test'] }) },
    ['config.yaml tide.queries[0].missingLabels'],
  ],
  [
    'managed-webhooks',
    'two hooks',
    { config: { managed_webhooks: { org_repo_config: { o: {}, 'o/r': {}, 'p/r': {} } } } },
    ['config.yaml managed_webhooks.org_repo_config.o/r'],
  ],
  [
    'validate-owners',
    'OWNERS that nobody verifies',
    {
      plugins: { plugins: { o: { plugins: ['approve'] }, 'o/r': { plugins: ['verify-owners'] } } },
    },
    ['plugins.yaml plugins.o'],
  ],
  ['missing-trigger', 'jobs that nothing starts', { config: presubmits({}) }, [inJob()]],
  [
    'missing-trigger',
    'jobs of an organisation with trigger',
    { config: presubmits({}), plugins: { plugins: { o: { plugins: ['trigger'] } } } },
    [],
  ],
  [
    'validate-urls',
    'a link that is none',
    { config: { status_error_link: 'http://host:port/' } },
    ['config.yaml status_error_link'],
  ],
  [
    'unknown-fields',
    'keys at any depth',
    { config: { tide: { context_options: { orgs: { o: { repo: {} } } } }, plonk: 1 } },
    ['config.yaml tide.context_options.orgs.o.repo', 'config.yaml plonk'],
  ],
  [
    'unknown-fields',
    'keys in another case, which Go takes',
    { config: queries({ orgs: ['o'], missinglabels: ['x'] }) },
    [],
  ],
  [
    'unknown-fields-all',
    'keys of a pod',
    { config: presubmits({ spec: { containers: [{ command: ['x'], imagee: 'y' }] } }) },
    [inJob('.spec.containers[0].imagee')],
  ],
  [
    'tide-strict-branch',
    'a strict repository that merges',
    {
      config: {
        ...queries({ orgs: ['o'] }),
        'branch-protection': { orgs: { o: { repos: { r: strict } }, p: strict } },
      },
    },
    ['config.yaml branch-protection.orgs.o.repos.r'],
  ],
  [
    'tide-strict-branch',
    'strict everywhere',
    { config: { ...queries({ orgs: ['o'] }), 'branch-protection': strict } },
    ['config.yaml branch-protection.required_status_checks.strict'],
  ],
  [
    'tide-context-policy',
    'a context that is required and optional',
    {
      config: {
        ...presubmits({ optional: true }),
        tide: { context_options: { 'required-contexts': ['unit'] } },
      },
    },
    [inJob()],
  ],
  [
    'validate-cluster-field',
    'an unknown cluster',
    { config: presubmits({ cluster: 'far' }), context: { clusters: { default: 'Reachable' } } },
    [inJob('.cluster')],
  ],
  [
    'validate-supplemental-prow-config-hierarchy',
    'files for others, for everything, and too deep',
    {
      parts: {
        'parts/o/r/a_prowconfig.yaml': queries({ repos: ['o/x'] }),
        'parts/o/b_prowconfig.yaml': queries({ orgs: ['o'] }),
        'parts/p/c_prowconfig.yaml': { 'branch-protection': { protect: true } },
        'parts/d_prowconfig.yaml': queries({ orgs: ['q'] }),
        'parts/o/r/x/e_prowconfig.yaml': queries({ repos: ['o/r'] }),
      },
    },
    ['parts/o/r/a_prowconfig.yaml', 'parts/p/c_prowconfig.yaml', 'parts/o/r/x/e_prowconfig.yaml'],
  ],
  [
    'validate-unmanaged-branchconfig-has-no-subconfig',
    'settings where nothing is managed',
    {
      config: {
        'branch-protection': {
          orgs: {
            o: { unmanaged: true, protect: true },
            p: { unmanaged: true, repos: { r: { protect: true }, s: { unmanaged: false } } },
          },
        },
      },
    },
    ['config.yaml branch-protection.orgs.o', 'config.yaml branch-protection.orgs.p.repos.r'],
  ],
  [
    'validate-label',
    'restricted labels that anyone may set',
    {
      plugins: {
        label: {
          additional_labels: ['x'],
          restricted_labels: { o: [{ label: 'x' }, { label: 'y' }, { label: '' }] },
        },
      },
    },
    [
      'plugins.yaml label.restricted_labels.o[0].label',
      'plugins.yaml label.restricted_labels.o[2].label',
    ],
  ],
  [
    'validate-config-updater-acls',
    'what is no repository',
    { plugins: { config_updater: { maps: { a: { name: 'n', allowed_repos: ['o', 'o/r/x'] } } } } },
    ['plugins.yaml config_updater.maps.a.allowed_repos[1]'],
  ],
  [
    'required-job-annotations',
    'an annotation that is missing',
    { config: presubmits({}), context: { requiredAnnotations: ['owner'] } },
    [inJob('.annotations')],
  ],
  [
    'verify-owners-presence',
    'a repository without OWNERS',
    {
      plugins: { plugins: { o: { plugins: ['approve'], excluded_repos: ['out'] } } },
      context: {
        hub: {
          repositories: async () => ['o/has', 'o/lacks', 'o/out'],
          hasFile: async (repository) => repository === 'o/has',
          installations: async () => [],
        },
      },
    },
    ['plugins.yaml plugins.o'],
  ],
  [
    'validate-github-app-installation',
    'an organisation without the app',
    {
      config: queries({ orgs: ['o', 'p'] }),
      context: {
        hub: {
          repositories: async () => [],
          hasFile: async () => true,
          installations: async () => ['o'],
        },
      },
    },
    ['config.yaml tide.queries[0]'],
  ],
  ['validate-urls', 'a usual link', { config: { status_error_link: 'https://a.b/c?d#e' } }, []],
  [
    'long-job-names',
    'always: a rerun command that is not let through',
    { config: { gerrit: { allowed_presubmit_trigger_re: '^/go' }, ...presubmits({}) } },
    [`rerun-command ${inJob('.rerun_command')}`],
  ],
  [
    'long-job-names',
    'always: a preset that nobody has',
    { config: presubmits({ labels: { 'preset-x': 'true' } }) },
    [`unknown-preset ${inJob('.labels.preset-x')}`],
  ],
];

describe('warnings (J§4.6)', () => {
  test.for(CASES)('%s: %s', async ([warning, , given, expected]) => {
    expect(await findings(warning, given)).toEqual(expected);
  });
});

describe('which warnings are looked for', () => {
  const choice = {
    warnings: [],
    excludeWarning: [],
    includeDefaultWarnings: false,
    expensiveChecks: false,
    githubApp: false,
  };
  const size = (more: object) => chosenWarnings({ ...choice, ...more }).size;

  test.for<[object, number]>([
    [{}, 20],
    [{ expensiveChecks: true }, warningNames().length],
    [{ warnings: ['long-job-names'] }, 1],
    [{ warnings: ['unknown-fields-all'], includeDefaultWarnings: true }, 21],
    [{ excludeWarning: ['long-job-names', 'nothing'] }, 19],
    [{ excludeWarning: ['validate-supplemental-prow-config-hirarchy'] }, 19],
    [{ githubApp: true }, 21],
  ])('%j: %i', ([more, expected]) => {
    expect(size(more)).toBe(expected);
  });
});

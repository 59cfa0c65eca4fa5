import { describe, expect, test } from 'vitest';
import { enabledPlugins, externalPlugins, pluginSettings } from '../../config/snapshot.ts';
import { problemsOf, snapshotOf } from './sample.ts';

describe('enabled plugins (W§2.4)', () => {
  const snapshot = snapshotOf(
    {},
    {
      plugins: {
        org: { plugins: ['trigger', 'size'], excluded_repos: ['quiet'] },
        'org/repo': ['hold'],
        'org/quiet': { plugins: ['trigger'] },
        'README/example': ['size'],
      },
    },
  );
  test.for<[string, string, string[]]>([
    ['org', 'other', ['trigger', 'size']],
    ['org', 'repo', ['trigger', 'size', 'hold']],
    // W71
    ['org', 'quiet', ['trigger']],
    ['elsewhere', 'repo', []],
    ['README', 'example', ['size']],
  ])('%s/%s has %j', ([org, repo, expected]) => {
    expect(enabledPlugins(snapshot, org, repo)).toEqual(expected);
  });
});

test('external plugins of organisation and repository, endpoint by name unless given (W§2.5)', () => {
  const snapshot = snapshotOf(
    {},
    {
      external_plugins: {
        o: [{ name: 'needs-rebase', events: ['pull_request'] }],
        'o/r': [{ name: 'x', endpoint: 'http://y:80' }],
      },
    },
  );
  expect(externalPlugins(snapshot, 'o', 'r')).toEqual([
    { name: 'needs-rebase', endpoint: 'http://needs-rebase', events: ['pull_request'] },
    { name: 'x', endpoint: 'http://y:80', events: [] },
  ]);
  expect(externalPlugins(snapshot, 'o', 'other')).toHaveLength(1);
});

test('settings have the defaults of Prow where nothing is written', () => {
  const { trigger, lgtm, approve, size, owners } = pluginSettings(snapshotOf({}), 'o', 'r');
  expect(trigger).toMatchObject({
    only_org_members: false,
    ignore_ok_to_test: false,
    org_invite: {},
  });
  expect(lgtm).toMatchObject({ review_acts_as_lgtm: false, store_tree_hash: false });
  expect(approve).toMatchObject({
    require_self_approval: false,
    ignore_review_state: false,
    commandHelpLink: 'https://go.k8s.io/bot-commands',
  });
  expect(size).toEqual({ s: 10, m: 30, l: 100, xl: 500, xxl: 1000 });
  expect(owners).toEqual({
    markdown: false,
    skipCollaborators: false,
    ownersFile: 'OWNERS',
    aliasesFile: 'OWNERS_ALIASES',
  });
});

test('settings of the repository win over those of its organisation, whatever the order', () => {
  const snapshot = snapshotOf(
    {},
    {
      triggers: [
        { repos: ['o'], only_org_members: true },
        { repos: ['o/r'], org_invite: { prominent: { merged_pr_threshold: 0 } } },
      ],
      lgtm: [{ repos: ['o/r'], store_tree_hash: true }, { repos: ['o/r'] }],
      owners: {
        mdyamlrepos: ['o/r'],
        skip_collaborators: ['o'],
        filenames: { o: { owners: 'OWN' } },
      },
    },
  );
  const { trigger, lgtm, owners } = pluginSettings(snapshot, 'o', 'r');
  expect(trigger.only_org_members).toBe(false);
  expect(trigger.org_invite.prominent).toEqual({
    disabled: false,
    merged_pr_threshold: 0,
    message: '',
  });
  expect(lgtm.store_tree_hash).toBe(true);
  expect(owners).toEqual({
    markdown: true,
    skipCollaborators: true,
    ownersFile: 'OWN',
    aliasesFile: 'OWNERS_ALIASES',
  });
  expect(pluginSettings(snapshot, 'o', 'other').trigger.only_org_members).toBe(true);
});

test.for<[string, string, string, number]>([
  ['plugins:\n  o: [size]\n  o/r: [size]', 'plugins.o/r', 'size is enabled twice', 3],
  ['approve:\n- repos: [o/r]\n- repos: [o/r]', 'approve[1].repos', 'o/r is listed twice', 3],
  ['external_plugins:\n  o: [{name: x}]\n  o/r: [{name: x}]', 'external_plugins.o/r', 'twice', 3],
  ['welcome:\n- repos: [o]\n- repos: [o]', 'welcome[1].repos', 'o is listed twice', 3],
  ['size:\n  s: 50', 'size', 'begins later', 1],
  ['heart:\n  commentregexp: "("', 'heart.commentregexp', 'is not RE2', 2],
  ['require_matching_label:\n- org: o\n  prs: true', 'require_matching_label[0]', 'no regexp', 2],
  [
    'require_matching_label:\n- {org: o, prs: true, regexp: ^a, missing_label: ab}',
    'require_matching_label[0]',
    'is among the labels',
    2,
  ],
  [
    'config_updater:\n  maps:\n    a: {name: x, cluster_groups: [g]}',
    'config_updater.maps.a',
    'there is no group g',
    3,
  ],
  [
    'config_updater:\n  maps:\n    a/k: {name: x, clusters: {c: [n]}}\n    b/k: {name: x, clusters: {c: [n]}}',
    'config_updater.maps.b/k',
    'written by two files',
    4,
  ],
  ['size:\n  s: many', 'size.s', 'whole number', 2],
  ['plugins:\n  o: 7', 'plugins.o', '', 2],
])('%j is refused at %s: %s', ([text, field, why, line]) => {
  const [problem, ...rest] = problemsOf('', text);
  expect(rest).toEqual([]);
  expect(problem).toMatchObject({ file: 'plugins.yaml', line, field });
  expect(problem?.why).toContain(why);
  expect(problem?.next).not.toBe('');
});

test('a plugin of the organisation may be listed for a repository that the organisation excludes', () => {
  const text = 'plugins:\n  o: {plugins: [size], excluded_repos: [r]}\n  o/r: [size]';
  expect(problemsOf('', text)).toEqual([]);
});

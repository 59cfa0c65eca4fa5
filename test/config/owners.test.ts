import { describe, expect, test } from 'vitest';
import type { OwnersSource } from '../../config/owners.ts';
import {
  approvers,
  buildOwners,
  isAutoApproveUnownedSubfolders,
  isNoParentOwners,
  isOwnersRelevant,
  labels,
  leafApprovers,
  leafReviewers,
  ownersDenylist,
  ownersDirFor,
  requiredReviewers,
  reviewerLayers,
  reviewers,
  topLevelApprovers,
} from '../../config/owners.ts';
import {
  frontMatterOwners,
  normalizeLogin,
  parseAliases,
  parseOwners,
} from '../../config/owners-file.ts';
import { snapshotOf } from './sample.ts';

const settings = {
  markdown: false,
  skipCollaborators: true,
  ownersFile: 'OWNERS',
  aliasesFile: 'OWNERS_ALIASES',
};

function owners(files: Readonly<Record<string, string>>, more: Partial<OwnersSource> = {}) {
  const list = Object.entries(files).map(([path, text]) => ({ path, text }));
  return buildOwners({ files: list, settings, denylist: ['vendor/.*/.*'], ...more });
}

describe('an OWNERS file', () => {
  test.for<[string, object]>([
    ['approvers: [Ann, "@Bob"]', { parts: [{ pattern: '', approvers: ['Ann', '@Bob'] }] }],
    ['approvers:\n- 123\n- yes', { parts: [{ approvers: ['123', 'true'] }] }],
    ['emeritus_approvers: [x]', { parts: [], problems: [] }],
    ['', { parts: [], problems: [] }],
    ['options: {no_parent_owners: true}', { parts: [], noParentOwners: true }],
    [
      'options: {auto_approve_unowned_subfolders: true}\napprovers: [a]',
      { autoApproveUnownedSubfolders: true },
    ],
    ['filters: {".*": {approvers: [a]}}', { parts: [{ pattern: '', approvers: ['a'] }] }],
    ['filters: {"\\\\.go$": {labels: [go]}}', { parts: [{ pattern: '\\.go$', labels: ['go'] }] }],
    [
      'approvers: [a]\nfilters: {x: {approvers: [b]}}',
      { parts: [{ pattern: '', approvers: ['a'] }] },
    ],
    ['filters: {"(": {approvers: [a]}, x: {approvers: [b]}}', { parts: [{ pattern: 'x' }] }],
    ['filters: {x: {approvers: [b]}}\napprovers: 7', { parts: [{ pattern: 'x' }] }],
  ])('%j', ([text, expected]) => {
    expect(parseOwners(text, 'OWNERS')).toMatchObject(expected);
  });

  test.for(['approvers: ann', 'approvers: [', 'filters: {"(": {approvers: [a]}}'])(
    '%j is reported with its path',
    (text) => {
      const { parts, problems } = parseOwners(text, 'a/OWNERS');
      expect(parts).toEqual([]);
      expect(problems.join()).toMatch(/^a\/OWNERS: /);
    },
  );
});

describe('OWNERS_ALIASES', () => {
  test.for<[string, object]>([
    ['aliases: {Team: [Ann, "@Bob", ann]}', { team: ['ann', 'bob'] }],
    ['aliases: {team: {ann, bob}}', { team: ['ann', 'bob'] }],
    ['aliases:\n  team:', { team: [] }],
    ['aliases: {team: ann, good: [x]}', { good: ['x'] }],
    ['aliases: {team: [1], good: [x]}', { good: ['x'] }],
    ['other: 1', {}],
    ['', {}],
  ])('%j', ([text, aliases]) => {
    expect(parseAliases(text).aliases).toEqual(aliases);
  });

  test('a bad entry is reported', () => {
    expect(parseAliases('aliases: {team: ann}').problems).toEqual([
      'alias team must hold a list of members',
    ]);
    expect(parseAliases('aliases: [').problems).toHaveLength(1);
  });

  test('they are expanded once; an alias of nobody names nobody, an unknown one is a login', () => {
    const repository = owners({
      OWNERS_ALIASES: 'aliases: {team: [ann, other], other: [bob], nobody: }',
      OWNERS: 'approvers: [Team, nobody, stranger]',
    });
    expect(approvers(repository, 'x')).toEqual(['ann', 'other', 'stranger']);
  });
});

test.for([
  ['@Ann', 'ann'],
  ['ANN', 'ann'],
  ['@@ann', '@ann'],
])('login %s is compared as %s', ([login = '', expected]) => {
  expect(normalizeLogin(login)).toBe(expected);
});

describe('the way up from a path', () => {
  const repository = owners({
    OWNERS: 'approvers: [root]\nreviewers: [rev]\nlabels: [top]\nrequired_reviewers: [must]',
    'a/OWNERS': 'approvers: [anna]\nlabels: [area/a]',
    'a/b/OWNERS': 'approvers: [bert]\nreviewers: [rita]',
    'a/closed/OWNERS': 'options: {no_parent_owners: true}\napprovers: [carl]',
    'a/empty/OWNERS': 'options: {no_parent_owners: true}\nreviewers: [rita]',
    'f/OWNERS':
      'filters: {"\\\\.go$": {approvers: [gopher]}, "^doc/": {approvers: [writer]}, ".*": {labels: [f]}}',
    'auto/OWNERS': 'options: {auto_approve_unowned_subfolders: true}\napprovers: [otto]',
  });

  test.for<[string, string[], string[], string]>([
    ['x.go', ['root'], ['root'], ''],
    ['a/x', ['anna', 'root'], ['anna'], 'a'],
    ['a/deep/er/x', ['anna', 'root'], ['anna'], 'a'],
    // W39: a/x needs a, a/b/y needs a/b or above.
    ['a/b/y', ['bert', 'anna', 'root'], ['bert'], 'a/b'],
    // W40: above a/closed nobody counts.
    ['a/closed/y', ['carl'], ['carl'], 'a/closed'],
    ['a/closed/deep/y', ['carl'], ['carl'], 'a/closed'],
    // The way goes on until somebody was found.
    ['a/empty/y', ['anna', 'root'], ['anna'], 'a'],
    ['f/main.go', ['gopher', 'root'], ['gopher'], 'f'],
    ['f/doc/x.go', ['gopher', 'writer', 'root'], ['gopher', 'writer'], 'f'],
    ['f/x.txt', ['root'], ['root'], ''],
    ['ab/x', ['root'], ['root'], ''],
  ])('%s: approvers %j, leaf %j, owned by %j', ([path, all, leaf, folder]) => {
    expect(approvers(repository, path)).toEqual(all);
    expect(leafApprovers(repository, path)).toEqual(leaf);
    expect(ownersDirFor(repository, path)).toBe(folder);
  });

  test('reviewers, labels and options', () => {
    expect(reviewers(repository, 'a/b/y')).toEqual(['rita', 'rev']);
    expect(reviewerLayers(repository, 'a/b/y')).toEqual([['rita'], ['rev']]);
    expect(leafReviewers(repository, 'a/x')).toEqual(['rev']);
    expect(requiredReviewers(repository, 'a/b/y')).toEqual(['must']);
    expect(labels(repository, 'a/b/y')).toEqual(['area/a', 'top']);
    expect(labels(repository, 'f/x.txt')).toEqual(['f', 'top']);
    expect(isNoParentOwners(repository, 'a/closed')).toBe(true);
    expect(isNoParentOwners(repository, 'a')).toBe(false);
    expect(isAutoApproveUnownedSubfolders(repository, 'auto')).toBe(true);
    expect(topLevelApprovers(repository)).toEqual(['root']);
  });

  test('a repository without OWNERS has nobody', () => {
    const none = owners({});
    expect(approvers(none, 'a/b')).toEqual([]);
    expect(ownersDirFor(none, 'a/b')).toBe('');
    expect(topLevelApprovers(none)).toEqual([]);
  });

  test('it survives JSON', () => {
    expect(JSON.parse(JSON.stringify(repository))).toEqual(repository);
  });
});

test('names that every object has are names like others', () => {
  const repository = owners({
    OWNERS_ALIASES: 'aliases: {tostring: [ann]}',
    OWNERS: 'approvers: [constructor, toString]',
    '__proto__/OWNERS': 'approvers: [pat]',
  });
  expect(approvers(repository, 'constructor')).toEqual(['ann', 'constructor']);
  expect(approvers(repository, 'valueOf/toString')).toEqual(['ann', 'constructor']);
  expect(leafApprovers(repository, '__proto__/x')).toEqual(['pat']);
  expect(approvers(JSON.parse(JSON.stringify(repository)), '__proto__/x')).toEqual([
    'pat',
    'ann',
    'constructor',
  ]);
});

describe('collaborators', () => {
  const files = {
    OWNERS: 'approvers: [Ann, bob]\nreviewers: [bob]\nrequired_reviewers: [bob]\nlabels: [bob]',
    'a/OWNERS': 'approvers: [bob]',
  };
  const filtered = { settings: { ...settings, skipCollaborators: false }, collaborators: ['ANN'] };

  test('cut approvers and reviewers, not required reviewers and labels', () => {
    const repository = owners(files, filtered);
    expect(approvers(repository, 'x')).toEqual(['ann']);
    expect(reviewers(repository, 'x')).toEqual([]);
    expect(requiredReviewers(repository, 'x')).toEqual(['bob']);
    expect(labels(repository, 'x')).toEqual(['bob']);
    expect(ownersDirFor(repository, 'a/x')).toBe('');
  });

  test('do not matter where they are skipped or could not be listed', () => {
    const skipped = owners(files, { ...filtered, settings });
    const unknown = owners(files, { settings: filtered.settings });
    expect(approvers(skipped, 'x')).toEqual(['ann', 'bob']);
    expect(approvers(unknown, 'x')).toEqual(['ann', 'bob']);
  });
});

describe('folders that do not count', () => {
  const files = {
    OWNERS: 'approvers: [root]',
    'vendor/x/y/OWNERS': 'approvers: [v]',
    'gen/OWNERS': 'approvers: [g]',
    'gen/deep/OWNERS': 'approvers: [d]',
  };
  test.for<[object, string, string[]]>([
    [{}, 'vendor/x/y/z', ['root']],
    [{}, 'gen/deep/z', ['d', 'g', 'root']],
    [{ default: ['^gen$'] }, 'gen/deep/z', ['root']],
    [{ repos: { o: ['^gen/deep$'] } }, 'gen/deep/z', ['g', 'root']],
    [{ repos: { 'o/r': ['^gen'] } }, 'gen/deep/z', ['root']],
    [{ repos: { 'p/r': ['^gen'] } }, 'gen/deep/z', ['d', 'g', 'root']],
    [{ ignore_preconfigured_defaults: true }, 'vendor/x/y/z', ['v', 'root']],
  ])('with %j, %s has %j', ([owners_dir_denylist, path, expected]) => {
    const { prow } = snapshotOf({ owners_dir_denylist });
    const repository = owners(files, { denylist: ownersDenylist(prow, 'o', 'r') });
    expect(approvers(repository, path)).toEqual(expected);
  });
});

describe('Markdown', () => {
  const text = '---\napprovers: [mark]\n---\n# Title\n';

  test('front matter owns its file only, where it is switched on', () => {
    const files = { OWNERS: 'approvers: [root]', 'doc/a.md': text };
    const on = owners(files, { settings: { ...settings, markdown: true } });
    const off = owners(files);
    expect(approvers(on, 'doc/a.md')).toEqual(['mark', 'root']);
    expect(ownersDirFor(on, 'doc/a.md')).toBe('doc/a.md');
    expect(approvers(on, 'doc/b.md')).toEqual(['root']);
    expect(approvers(off, 'doc/a.md')).toEqual(['root']);
  });

  test.for<[string, number]>([
    [text, 1],
    ['# Title\n---\napprovers: [mark]\n---\n', 0],
    ['---\r\napprovers: [mark]\r\n---\r\n', 0],
    ['---\ntitle: x\n---\n', 0],
  ])('%j has %i part', ([content, count]) => {
    expect(frontMatterOwners(content, 'a.md').parts).toHaveLength(count);
  });

  test.for<[string, boolean, boolean]>([
    ['a/OWNERS', false, true],
    ['OWNERS_ALIASES', false, true],
    ['a/OWNERS_ALIASES', false, false],
    ['a/NOT_OWNERS', false, false],
    ['a/x.md', false, false],
    ['a/x.md', true, true],
  ])('%s needs to be read, with Markdown %s: %s', ([path, markdown, relevant]) => {
    expect(isOwnersRelevant(path, { ...settings, markdown })).toBe(relevant);
  });
});

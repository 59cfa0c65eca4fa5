import { describe, expect, test } from 'vitest';
import { lgtm } from '../../workflows/plugins/lgtm.ts';
import { BOT, type World } from './facts.ts';
import { brief, comment, effects, note, pullRequest, review, texts, wishes } from './speech.ts';

const WORLD: World = { collaborators: ['rev'], assignees: ['rev'], files: ['a/x'] };
const LGTM: World = { ...WORLD, labels: ['lgtm'] };
const configured = (world: World, settings: object, owners: object = {}): World => ({
  ...world,
  plugins: { lgtm: [{ repos: ['org/repo'], ...settings }], owners },
});
const hashed = (world: World): World => configured(world, { store_tree_hash: true });
const OWNED = configured(
  {
    ...WORLD,
    owners: { 'a/OWNERS': 'approvers: [Ann]\nreviewers: [rob]', 'b/OWNERS': 'approvers: [bob]' },
  },
  {},
  { skip_collaborators: ['org'] },
);
const TREE = 'LGTM label has been added.  <details>Git tree hash: tree</details>';
const REMOVED = 'New changes are detected. LGTM label has been removed.';

describe('commands (W§6: id in front)', () => {
  test.for<[string, string, string, World, readonly string[]]>([
    ['27 not assigned', 'rev', '/lgtm', { ...WORLD, assignees: [] }, ['assign rev', '+lgtm']],
    ['27 with the tree', 'rev', '/lgtm', hashed(WORLD), ['+lgtm', 'comment lgtm-tree-hash']],
    ['28 author', 'author', '/lgtm', WORLD, ['comment']],
    ['29 author cancels', 'author', '/lgtm cancel', LGTM, ['-lgtm']],
    ['30 rando', 'rando', '/lgtm', WORLD, ['comment']],
    ['30 rando cancels', 'rando', '/lgtm cancel', LGTM, ['comment']],
    ['31 owner of another folder', 'bob', '/lgtm', OWNED, ['comment']],
    ['approver, login in any case', 'ann', '/lgtm', OWNED, ['+lgtm']],
    ['reviewer', 'Rob', '/lgtm', OWNED, ['+lgtm']],
    ['36 free text', 'rev', '/lgtm nice work', WORLD, []],
    ['no-issue', 'rev', '/LGTM no-issue', WORLD, ['+lgtm']],
    ['remove-lgtm', 'rev', '/remove-lgtm', LGTM, ['-lgtm']],
    [
      'cancel assigns too',
      'rev',
      '/lgtm cancel',
      { ...LGTM, assignees: [] },
      ['assign rev', '-lgtm'],
    ],
    ['add wins', 'rev', '/lgtm cancel\n/lgtm', WORLD, ['+lgtm']],
    ['one answer to two commands', 'author', '/lgtm\n/lgtm', WORLD, ['comment']],
    ['CRLF', 'rev', 'x\r\n/lgtm \t\r\ny', WORLD, ['+lgtm']],
    ['NBSP', 'rev', '/lgtm\u00a0', WORLD, []],
    ['blank and NBSP', 'rev', '/lgtm \u00a0', WORLD, []],
    ['vertical tab', 'rev', '/lgtm\v', WORLD, []],
    ['two blanks', 'rev', '/lgtm  cancel', LGTM, []],
    ['in code', 'rev', '~~~\n/lgtm\n~~~', WORLD, []],
    ['indented', 'rev', ' /lgtm', WORLD, []],
    [
      'cancel with the tree',
      'rev',
      '/lgtm cancel',
      { ...hashed(LGTM), comments: [note(BOT, TREE, 1)] },
      ['-lgtm', 'ask rev', 'prune lgtm-tree-hash'],
    ],
    [
      'again after new commits',
      'rev',
      '/lgtm',
      { ...WORLD, comments: [note(BOT, REMOVED, 1)] },
      ['+lgtm', 'prune lgtm-removed'],
    ],
    [
      'sticky: no tree, no pruning',
      'rev',
      '/lgtm',
      {
        ...configured(WORLD, { store_tree_hash: true, trusted_team_for_sticky_lgtm: 'team' }),
        team: ['author'],
        comments: [note(BOT, REMOVED, 1)],
      },
      ['+lgtm'],
    ],
    ['is there already: only the order is kept', 'rev', '/lgtm', hashed(LGTM), ['+lgtm']],
  ])('%s: %s says %j', async ([, author, body, world, expected]) => {
    expect(await brief(lgtm, comment(author, body), world)).toEqual(expected);
  });

  test.for([
    ['72 edited', { action: 'edited' }, []],
    ['73 inline review comment', { source: 'review-comment' }, ['+lgtm']],
    ['closed', { state: 'closed' }, []],
    ['issue', { isPullRequest: false }, []],
  ] as const)('%s', async ([, change, expected]) => {
    expect(await brief(lgtm, comment('rev', '/lgtm', change), WORLD)).toEqual(expected);
  });

  test('the tree is stored in Prow’s words', async () => {
    expect(await texts(lgtm, comment('rev', '/lgtm'), hashed(WORLD))).toEqual([TREE]);
  });
});

describe('reviews', () => {
  const acts = (world: World) => configured(world, { review_acts_as_lgtm: true });

  test.for([
    ['approved', {}, acts(WORLD), ['+lgtm']],
    ['changes_requested', {}, acts(LGTM), ['-lgtm']],
    ['commented', {}, acts(WORLD), []],
    ['approved', {}, WORLD, []],
    ['approved', { action: 'dismissed' }, acts(WORLD), []],
    ['approved', { authorType: 'Bot' }, acts(WORLD), []],
    ['changes_requested', { body: '/lgtm' }, acts(LGTM), []],
  ] as const)('%s %j', async ([state, change, world, expected]) => {
    expect(await brief(lgtm, review('rev', state, change), world)).toEqual(expected);
  });

  test('35 the text wins: it comes as a comment', async () => {
    const said = comment('rev', '/lgtm', { source: 'review' });

    expect(await brief(lgtm, said, acts(WORLD))).toEqual(['+lgtm']);
  });
});

describe('pushes to the pull request', () => {
  const removed = ['-lgtm', 'comment lgtm-removed'];
  const edited = { updatedAt: '2026-01-01T09:00:00Z' };
  const sticky = configured(LGTM, { trusted_team_for_sticky_lgtm: 'team' });

  test.for<[string, World, readonly string[]]>([
    ['32 no tree', LGTM, removed],
    ['33 same tree', { ...hashed(LGTM), comments: [note(BOT, TREE, 1)] }, []],
    [
      '34 edited',
      { ...hashed(LGTM), comments: [note(BOT, TREE, 1, edited)] },
      ['-lgtm', 'ask rev', 'comment lgtm-removed'],
    ],
    [
      'another tree',
      { ...hashed(LGTM), headTree: 'other', comments: [note(BOT, TREE, 1)] },
      ['-lgtm', 'ask rev', 'comment lgtm-removed'],
    ],
    [
      'a tree that somebody else wrote down',
      { ...hashed(LGTM), comments: [note('author', TREE, 1)] },
      ['-lgtm', 'ask rev', 'comment lgtm-removed'],
    ],
    [
      'a tree that the bot only quoted',
      { ...hashed(LGTM), comments: [note(BOT, `@author: No.\n\n>${TREE}`, 1)] },
      ['-lgtm', 'ask rev', 'comment lgtm-removed'],
    ],
    ['the author is never asked for a review', { ...hashed(LGTM), assignees: ['author'] }, removed],
    ['no label', WORLD, []],
    ['sticky author', { ...sticky, team: ['author'] }, []],
    ['sticky for others only', { ...sticky, team: ['rev'] }, removed],
    ['merged', { ...LGTM, pullRequest: { merged: true } }, []],
  ])('%s', async ([, world, expected]) => {
    expect(await brief(lgtm, pullRequest('synchronize'), world)).toEqual(expected);
  });

  test('only pushes take it away', async () => {
    expect(await brief(lgtm, pullRequest('edited'), LGTM)).toEqual([]);
  });

  test('the notice is Prow’s', async () => {
    expect(await effects(lgtm, pullRequest('synchronize'), LGTM)).toContainEqual({
      kind: 'comment',
      body: REMOVED,
      marker: 'lgtm-removed',
    });
  });
});

test('the label is granted to the commits that were seen, taking it back needs no such care', async () => {
  const granted = async (body: string) =>
    (await wishes(lgtm, comment('rev', body), WORLD)).map(
      (wish) => 'grants' in wish && wish.grants,
    );

  expect(await granted('/lgtm')).toEqual([true]);
  expect(await granted('/lgtm cancel')).toEqual([false]);
});

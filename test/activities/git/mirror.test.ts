import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BatchCandidate } from '../../../activities/git/batch.ts';
import { createMirror, type Mirror } from '../../../activities/git/mirror.ts';
import { createOrigin, type Origin } from './origin.ts';

const ACME = { org: 'Acme', repo: 'Rocket' };

let origin: Origin;
let mirror: Mirror;
let root: string;

beforeEach(async () => {
  origin = createOrigin();
  mirror = createMirror({ cacheDir: join(origin.folder, 'cache'), cloneUrl: () => origin.url });
  root = await origin.commit({
    OWNERS: 'approvers: [ann]\n',
    'a.txt': '1\n2\n3\n4\n5\n6\n7\n8\n9\n',
    'b.txt': 'b\n',
  });
});
afterEach(() => origin.remove());

/** A branch off `root` with one commit. */
async function change(name: string, files: Record<string, string | null>): Promise<string> {
  origin.branch(name, root);
  return origin.commit(files);
}

describe('the mirror', () => {
  test('fetches a commit that no branch has any more', async () => {
    await mirror.ensure(ACME, [root]);
    const lost = await change('gone', { 'c.txt': 'c\n' });
    origin.git('checkout', '--quiet', 'main');
    origin.git('branch', '-D', 'gone');

    const tree = await mirror.treeOf(ACME, lost);

    expect(tree).toBe(origin.git('rev-parse', `${lost}^{tree}`));
  });

  test('fetches the head of a pull request where the server refuses SHAs', async () => {
    origin.git('config', 'uploadpack.allowAnySHA1InWant', 'false');
    const head = await change('topic', { 'c.txt': 'c\n' });
    origin.git('update-ref', 'refs/pull/7/head', head);
    origin.git('checkout', '--quiet', 'main');
    origin.git('branch', '-D', 'topic');

    await mirror.ensure(ACME, [root, head], [7]);

    expect(await mirror.isAncestor(ACME, root, head)).toBe(true);
  });

  test('serves many callers at once', async () => {
    const heads: string[] = [];
    for (const n of [1, 2, 3, 4])
      heads.push(await change(`topic-${n}`, { [`${n}.txt`]: `${n}\n` }));

    const files = await Promise.all(heads.map((head) => mirror.changedFiles(ACME, root, head)));

    expect(files.flat().map(({ filename }) => filename)).toEqual([
      '1.txt',
      '2.txt',
      '3.txt',
      '4.txt',
    ]);
  });

  test('says so when a commit cannot be had', async () => {
    const nowhere = 'ab'.repeat(20);

    await expect(mirror.treeOf(ACME, nowhere)).rejects.toThrow(/git fetch|not to be had/);
  });

  test('keeps its folder by the name in lower case', async () => {
    await mirror.ensure(ACME, [root]);

    expect(existsSync(join(origin.folder, 'cache', 'acme', 'rocket.git', 'HEAD'))).toBe(true);
  });

  test.for([
    ['--upload-pack=touch /tmp/x'],
    ['HEAD'],
    ['../../etc'],
    ['-1'],
    [''],
    [`${'a'.repeat(40)}\n--all`],
  ] as const)('never hands %j to git as a commit', async ([text]) => {
    await expect(mirror.treeOf(ACME, text)).rejects.toThrow(/not a SHA/);
  });

  test.for([['..'], ['a/b'], ['-x y'], ['']] as const)('has no folder for %j', ([repo]) => {
    expect(() => mirror.directory({ org: 'acme', repo })).toThrow(/not a name/);
  });
});

describe('changed files', () => {
  test('are counted from the merge base, as GitHub counts', async () => {
    const head = await change('topic', { 'a.txt': '1\n2\nthree\n4\n5\n6\n7\n8\n9\n10\n' });
    origin.git('checkout', '--quiet', 'main');
    const base = await origin.commit({ 'b.txt': 'changed on main\n' });

    const files = await mirror.changedFiles(ACME, base, head);

    expect(files).toEqual([{ filename: 'a.txt', status: 'modified', additions: 2, deletions: 1 }]);
  });

  test('have the statuses of GitHub, and a rename only its new name', async () => {
    const head = await change('topic', {
      'a.txt': null,
      'moved/a.txt': '1\n2\n3\n4\n5\n6\n7\n8\n9\n',
      'b.txt': null,
      'new.txt': 'x\ny\n',
      'picture.bin': 'a\0b',
    });

    const files = await mirror.changedFiles(ACME, root, head);

    expect(files).toEqual([
      { filename: 'b.txt', status: 'removed', additions: 0, deletions: 1 },
      { filename: 'moved/a.txt', status: 'renamed', additions: 0, deletions: 0 },
      { filename: 'new.txt', status: 'added', additions: 2, deletions: 0 },
      { filename: 'picture.bin', status: 'added', additions: 0, deletions: 0 },
    ]);
  });

  test('may have any name', async () => {
    const names = ['-rf', 'new\nline', 'tab\there', '"quoted"', 'ünï', ':100644 A'];
    const head = await change('topic', Object.fromEntries(names.map((name) => [name, 'x\n'])));

    const files = await mirror.changedFiles(ACME, root, head);

    expect(files.map(({ filename }) => filename).sort()).toEqual([...names].sort());
    expect(files.every(({ additions }) => additions === 1)).toBe(true);
  });
});

describe('files of a commit', () => {
  test('are found by the predicate, links and huge files left out', async () => {
    origin.branch('topic', root);
    const huge = 'x'.repeat(1024 * 1024 + 1);
    await origin.commit({ 'pkg/OWNERS': 'approvers: [bob]\n', 'big/OWNERS': huge });
    origin.git('config', 'core.symlinks', 'true');
    const link = origin.git('hash-object', '-w', join('pkg', 'OWNERS'));
    origin.git('update-index', '--add', '--cacheinfo', `120000,${link},link/OWNERS`);
    origin.git('commit', '--quiet', '-m', 'link');
    const head = origin.git('rev-parse', 'HEAD');

    const files = await mirror.filesNamed(ACME, head, (path) => path.endsWith('OWNERS'));

    expect(files).toEqual([
      { path: 'OWNERS', text: 'approvers: [ann]\n' },
      { path: 'pkg/OWNERS', text: 'approvers: [bob]\n' },
    ]);
  });

  test.for([
    ['b.txt', 'b\n'],
    ['new\nline', 'odd\n'],
    ['-x', 'dash\n'],
    ['nowhere.txt', undefined],
    ['nowhere\nblob 3', undefined],
    ['dir', undefined],
    ['./b.txt', undefined],
    ['../b.txt', undefined],
    ['', undefined],
  ] as const)('%j reads as %j', async ([path, text]) => {
    const head = await change('topic', { 'new\nline': 'odd\n', '-x': 'dash\n', 'dir/f': 'f\n' });

    expect(await mirror.fileAt(ACME, head, path)).toBe(text);
  });
});

describe('merging without a work tree', () => {
  test('gives the tree that a merge gives', async () => {
    const head = await change('topic', { 'c.txt': 'c\n' });
    origin.git('checkout', '--quiet', 'main');
    const base = await origin.commit({ 'b.txt': 'other\n' });
    origin.git('merge', '--quiet', '--no-ff', '-m', 'merge', head);

    const merged = await mirror.mergeTree(ACME, base, head);

    expect(merged).toEqual({ kind: 'clean', tree: origin.git('rev-parse', 'HEAD^{tree}') });
  });

  test('names the files in conflict', async () => {
    const head = await change('topic', { 'b.txt': 'mine\n' });
    const base = await change('other', { 'b.txt': 'yours\n' });

    const merged = await mirror.mergeTree(ACME, base, head);

    expect(merged).toEqual({ kind: 'conflict', files: ['b.txt'] });
  });

  test('finds unrelated histories in conflict', async () => {
    origin.git('checkout', '--quiet', '--orphan', 'island');
    const head = await origin.commit({ 'z.txt': 'z\n' });

    expect(await mirror.mergeTree(ACME, root, head)).toEqual({ kind: 'conflict', files: [] });
    expect(await mirror.mergeBase(ACME, root, head)).toBeUndefined();
  });
});

describe('a batch', () => {
  test('takes what merges in order and skips what is in conflict', async () => {
    const one = await change('one', { 'b.txt': 'one\n' });
    const two = await change('two', { 'b.txt': 'two\n' });
    const three = await change('three', { 'c.txt': 'three\n' });

    const batch = await mirror.pickBatch(ACME, {
      base: root,
      candidates: [
        { number: 1, sha: one, method: 'merge' },
        { number: 2, sha: two, method: 'merge' },
        { number: 3, sha: three, method: 'squash' },
        { number: 4, sha: root, method: 'merge' },
      ],
      limit: 0,
    });

    expect(batch.pulls.map(({ number }) => number)).toEqual([1, 3]);
    expect(batch.skipped).toEqual([
      { number: 2, reason: 'conflict' },
      { number: 4, reason: 'nothing to merge' },
    ]);
    origin.git('checkout', '--quiet', '-B', 'expected', root);
    origin.git('merge', '--quiet', '--no-ff', '-m', 'm', one);
    origin.git('merge', '--quiet', '--no-ff', '-m', 'm', three);
    expect(batch.tree).toBe(origin.git('rev-parse', 'HEAD^{tree}'));
  });

  test('replays the commits of a rebased pull request, each on the one before', async () => {
    await change('rebased', { 'a.txt': 'one\n2\n3\n4\n5\n6\n7\n8\n9\n' });
    const head = await origin.commit({ 'a.txt': 'one\ntwo\n3\n4\n5\n6\n7\n8\n9\n' });
    const other = await change('other', { 'a.txt': '1\n2\n3\n4\n5\n6\n7\n8\nnine\n' });

    const batch = await mirror.pickBatch(ACME, {
      base: root,
      candidates: [
        { number: 1, sha: other, method: 'squash' },
        { number: 2, sha: head, method: 'rebase' },
      ],
      limit: 0,
    });

    expect(batch.pulls.map(({ number }) => number)).toEqual([1, 2]);
    expect(await mirror.fileAt(ACME, batch.commit, 'a.txt')).toBe(
      'one\ntwo\n3\n4\n5\n6\n7\n8\nnine\n',
    );
  });

  test.for([
    [-1, []],
    [0, [1, 2, 3]],
    [2, [1, 2]],
  ] as const)('with a limit of %j is %j', async ([limit, numbers]) => {
    const candidates: BatchCandidate[] = [];
    for (const number of [1, 2, 3]) {
      const sha = await change(`topic-${number}`, { [`${number}.txt`]: 'x\n' });
      candidates.push({ number, sha, method: 'merge' });
    }

    const batch = await mirror.pickBatch(ACME, { base: root, candidates, limit });

    expect(batch.pulls.map(({ number }) => number)).toEqual(numbers);
  });
});

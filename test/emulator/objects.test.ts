import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GitHub } from '../github/server.ts';
import { as, seedPractice, shop, startPractice } from './practice.ts';

const run = promisify(execFile);

let github: GitHub;

beforeAll(async () => {
  github = await startPractice();
});
beforeEach(async () => {
  await github.control.reset();
  await seedPractice(github);
});
afterAll(() => github.close());

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

async function mainSha(): Promise<string> {
  const { data } = await as(github, 'bot').git.getRef({ ...shop, ref: 'heads/main' });
  return data.object.sha;
}

test('a commit can be made of a blob, a tree and a ref', async () => {
  const bot = as(github, 'bot');
  const parent = await mainSha();
  const { data: blob } = await bot.git.createBlob({ ...shop, content: 'new\n' });
  const { data: tree } = await bot.git.createTree({
    ...shop,
    base_tree: parent,
    tree: [
      { path: 'docs/new.md', mode: '100644', type: 'blob', sha: blob.sha },
      { path: 'src/a.js', mode: '100644', type: 'blob', sha: null },
    ],
  });
  const { data: commit } = await bot.git.createCommit({
    ...shop,
    message: 'By hand',
    tree: tree.sha,
    parents: [parent],
  });
  await bot.git.createRef({ ...shop, ref: 'refs/heads/hand', sha: commit.sha });

  const { data: all } = await bot.git.getTree({ ...shop, tree_sha: 'hand', recursive: '1' });
  const { data: read } = await bot.git.getBlob({ ...shop, file_sha: blob.sha });

  expect(all.tree.map(({ path }) => path)).toEqual(['README.md', 'docs', 'docs/new.md']);
  expect(Buffer.from(read.content, 'base64').toString()).toBe('new\n');
  expect(commit.parents.map(({ sha }) => sha)).toEqual([parent]);
});

test('an annotated tag can be made and read', async () => {
  const bot = as(github, 'bot');
  const object = await mainSha();
  const wish = { tag: 'v1', message: 'First', object, type: 'commit' } as const;
  const { data: made } = await bot.git.createTag({ ...shop, ...wish });

  const { data: read } = await bot.git.getTag({ ...shop, tag_sha: made.sha });

  expect(read).toMatchObject({ tag: 'v1', message: 'First', object: { sha: object } });
});

test('files are written and deleted by those who know what is there', async () => {
  const bot = as(github, 'bot');
  const file = { ...shop, path: 'docs/a b.md' };
  const { data: made, status } = await bot.repos.createOrUpdateFileContents({
    ...file,
    message: 'Add',
    content: base64('one\n'),
  });
  const blind = bot.repos.createOrUpdateFileContents({
    ...file,
    message: 'Blind',
    content: base64('two\n'),
  });
  const sha = made.content?.sha ?? '';

  await expect(blind).rejects.toMatchObject({ status: 422 });
  await expect(
    bot.repos.createOrUpdateFileContents({
      ...file,
      message: 'Wrong',
      content: base64('two\n'),
      sha: '0'.repeat(40),
    }),
  ).rejects.toMatchObject({ status: 409 });
  const { data: changed } = await bot.repos.createOrUpdateFileContents({
    ...file,
    message: 'Change',
    content: base64('two\n'),
    sha,
  });
  await bot.repos.deleteFile({ ...file, message: 'Remove', sha: changed.content?.sha ?? '' });

  expect(status).toBe(201);
  await expect(bot.repos.getContent(file)).rejects.toMatchObject({ status: 404 });
  const { data: log } = await bot.repos.listCommits({ ...shop, path: 'docs' });
  expect(log.map(({ commit }) => commit.message)).toEqual(['Remove', 'Change', 'Add']);
});

test('a branch is merged into another, unless they conflict or nothing is new', async () => {
  const bot = as(github, 'bot');
  const sha = await mainSha();
  for (const branch of ['one', 'two']) {
    await bot.git.createRef({ ...shop, ref: `refs/heads/${branch}`, sha });
    await github.control.pushBranch('acme/shop', branch, {
      author: 'ann',
      files: { 'src/a.js': `${branch}\n` },
    });
  }

  const merged = await bot.repos.merge({ ...shop, base: 'main', head: 'one' });
  const again = await bot.repos.merge({ ...shop, base: 'main', head: 'one' });

  expect([merged.status, again.status]).toEqual([201, 204]);
  await expect(bot.repos.merge({ ...shop, base: 'main', head: 'two' })).rejects.toMatchObject({
    status: 409,
  });
});

describe('forms of answers', () => {
  test.for([
    ['diff', '+four'],
    ['patch', 'Subject: [PATCH] Four'],
  ] as const)('a commit as a %s', async ([format, words]) => {
    const { headSha } = await github.control.openPull('acme/shop', {
      author: 'eve',
      title: 'Four',
      files: { 'src/a.js': 'one\ntwo\nthree\nfour\n' },
    });

    const { data } = await as(github, 'bot').repos.getCommit({
      ...shop,
      ref: headSha,
      mediaType: { format },
    });

    expect(String(data)).toContain(words);
  });

  test('a comparison reaches into a fork', async () => {
    const { headSha, branch } = await github.control.openPull('acme/shop', {
      author: 'eve',
      title: 'Four',
      files: { b: 'b\n' },
      fork: true,
    });
    await github.control.push(
      { repo: 'acme/shop', number: 1 },
      { author: 'eve', files: { c: 'c' } },
    );

    const { data } = await as(github, 'bot').repos.compareCommitsWithBasehead({
      ...shop,
      basehead: `main...eve:${branch}`,
    });

    expect(data).toMatchObject({ status: 'ahead', ahead_by: 2 });
    expect(data.commits[0]?.sha).toBe(headSha);
  });
});

test('refs/pull/N/merge is the merge that would be made, while it would be clean', async () => {
  const { number, headSha } = await github.control.openPull('acme/shop', {
    author: 'eve',
    title: 'Four',
    files: { 'src/a.js': 'ONE\ntwo\nthree\n' },
    fork: true,
  });
  const bot = as(github, 'bot');
  const state = async () =>
    (await bot.pulls.get({ ...shop, pull_number: number })).data.mergeable_state;
  await expect.poll(state).toBe('clean');
  const { data: pull } = await bot.pulls.get({ ...shop, pull_number: number });
  const scratch = await mkdtemp(join(tmpdir(), 'bowsprit-clone-'));
  const git = async (...args: readonly string[]) =>
    (await run('git', args, { cwd: scratch })).stdout.trim();

  await git('init', '-q');
  await git('fetch', '-q', '--depth=2', `${github.url}/acme/shop`, `refs/pull/${number}/merge`);
  const parents = await git('log', '-1', '--format=%P', 'FETCH_HEAD');
  const sha = await git('rev-parse', 'FETCH_HEAD');
  await github.control.pushBranch('acme/shop', 'main', {
    author: 'ann',
    files: { 'src/a.js': 'Eins\ntwo\nthree\n' },
  });
  await expect.poll(state).toBe('dirty');

  expect(parents).toBe(`${await parentOf(sha)} ${headSha}`);
  expect(pull.merge_commit_sha).toBe(sha);
  const gone = git('fetch', '-q', `${github.url}/acme/shop`, `refs/pull/${number}/merge`);
  await expect(gone).rejects.toThrow("couldn't find remote ref");
  await rm(scratch, { recursive: true, force: true });
});

async function parentOf(sha: string): Promise<string | undefined> {
  const { data } = await as(github, 'bot').git.getCommit({ ...shop, commit_sha: sha });
  return data.parents[0]?.sha;
}

describe('git', () => {
  test.for([
    ['shallow', ['--depth=1']],
    ['partial', ['--filter=blob:none', '--no-checkout']],
    ['without history of other branches', ['--single-branch']],
  ] as const)('clones %s', async ([, options]) => {
    for (const name of ['b', 'c']) {
      const files = { [name]: `${name}\n` };
      await github.control.pushBranch('acme/shop', 'main', { author: 'ann', files });
    }
    const scratch = await mkdtemp(join(tmpdir(), 'bowsprit-clone-'));

    await run('git', ['clone', '-q', ...options, `${github.url}/acme/shop`, scratch]);
    const { stdout: count } = await run('git', ['rev-list', '--count', 'HEAD'], { cwd: scratch });
    const missing = ['rev-list', '--objects', '--missing=print', 'HEAD'];
    const { stdout: objects } = await run('git', missing, { cwd: scratch });

    expect(count.trim()).toBe(options[0] === '--depth=1' ? '1' : '3');
    expect(objects.includes('?')).toBe(options[0] === '--filter=blob:none');
    await rm(scratch, { recursive: true, force: true });
  });

  test('a forced push synchronises a pull request, and says that it was forced', async () => {
    const { number, headSha } = await github.control.openPull('acme/shop', {
      author: 'eve',
      title: 'Four',
      files: { b: 'b\n' },
    });
    const place = { repo: 'acme/shop', number };

    const now = await github.control.push(place, { author: 'eve', files: { c: 'c' }, force: true });

    const { data } = await as(github, 'bot').pulls.listCommits({ ...shop, pull_number: number });
    expect(data.map(({ sha }) => sha)).toEqual([now]);
    expect(now).not.toBe(headSha);
  });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GitHub } from '../github/server.ts';
import { type GitScratch, openGitScratch } from './git-scratch.ts';
import { as, seedPractice, shop, startPractice, tokenOf } from './practice.ts';

let github: GitHub;
let scratch: GitScratch;

beforeAll(async () => {
  github = await startPractice();
});
beforeEach(async () => {
  await github.control.reset();
  await seedPractice(github);
  scratch = await openGitScratch();
  return () => scratch.remove();
});
afterAll(() => github.close());

function git(...args: readonly string[]): Promise<string> {
  return scratch.git(...args);
}

function remote(login: string): string {
  return `${github.url.replace('//', `//${login}:${tokenOf(login)}@`)}/acme/shop.git`;
}

async function commitAndPush(login: string, branch: string): Promise<string> {
  await git('clone', '-q', remote(login), '.');
  await git('checkout', '-q', '-b', branch);
  await writeFile(join(scratch.folder, 'c.txt'), 'c\n');
  await git('add', '-A');
  await git('commit', '-q', '-m', 'Add c');
  await git('push', '-q', 'origin', branch);
  return git('rev-parse', 'HEAD');
}

describe('what is pushed', () => {
  test('a pushed branch becomes a pull request, and a second push synchronises it', async () => {
    const bot = as(github, 'bot');
    const first = await commitAndPush('bot', 'feature');
    const { data: pull } = await bot.pulls.create({
      ...shop,
      title: 'Feature',
      head: 'feature',
      base: 'main',
    });
    await writeFile(join(scratch.folder, 'd.txt'), 'd\n');
    await git('add', '-A');
    await git('commit', '-q', '-m', 'Add d');
    await git('push', '-q', 'origin', 'feature');
    const second = await git('rev-parse', 'HEAD');

    const { data: now } = await bot.pulls.get({ ...shop, pull_number: pull.number });

    expect(pull.head.sha).toBe(first);
    expect(now.head.sha).toBe(second);
    expect(now.commits).toBe(2);
    expect(await git('ls-remote', 'origin', `refs/pull/${pull.number}/head`)).toContain(second);
  });

  test('a pull request whose head arrives on the base by a push is merged', async () => {
    await commitAndPush('bot', 'feature');
    const { data: pull } = await as(github, 'bot').pulls.create({
      ...shop,
      title: 'Feature',
      head: 'feature',
      base: 'main',
    });

    await git('push', '-q', 'origin', 'feature:main');

    const { data: now } = await as(github, 'bot').pulls.get({ ...shop, pull_number: pull.number });
    expect([now.state, now.merged]).toEqual(['closed', true]);
  });
});

describe('merging', () => {
  function open(files: Record<string, string>, title = 'Change') {
    return github.control.openPull('acme/shop', {
      author: 'eve',
      title,
      files,
      commits: [{ message: 'Second', files: { 'second.txt': '2\n' } }],
      fork: true,
    });
  }

  test.for([
    ['merge', 2, 'Merge pull request #1 from eve/eve-1'],
    ['squash', 1, 'Change (#1)'],
    ['rebase', 1, 'Second'],
  ] as const)('%s: %i parent(s), "%s"', async ([merge_method, parents, subject]) => {
    const { number, headSha, baseSha } = await open({ 'b.txt': 'b\n' });
    const moved = await github.control.pushBranch('acme/shop', 'main', {
      author: 'ann',
      files: { 'other.txt': 'o\n' },
    });
    const bot = as(github, 'bot');

    const { data } = await bot.pulls.merge({
      ...shop,
      pull_number: number,
      sha: headSha,
      merge_method,
    });
    const { data: commit } = await bot.repos.getCommit({ ...shop, ref: data.sha });
    const { data: tree } = await bot.git.getTree({ ...shop, tree_sha: data.sha });

    expect(commit.parents).toHaveLength(parents);
    expect(commit.commit.message.split('\n')[0]).toBe(subject);
    expect(tree.tree.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['b.txt', 'second.txt', 'other.txt', 'README.md']),
    );
    expect(baseSha).not.toBe(moved);
    expect(github.control.state('acme/shop')).toMatchObject({
      merges: [{ number, base: 'main', method: merge_method }],
      branches: { main: data.sha },
      issues: { [number]: { merged: true, state: 'closed' } },
    });
  });

  test('another head is a 409, a conflict and a second merge are 405', async () => {
    const good = await open({ 'src/a.js': 'ONE\ntwo\nthree\n' });
    const bad = await open({ 'src/a.js': 'Uno\ntwo\nthree\n' });
    const merge = (number: number, sha: string) =>
      as(github, 'bot').pulls.merge({ ...shop, pull_number: number, sha });

    await expect(merge(good.number, good.baseSha)).rejects.toMatchObject({
      status: 409,
      message: expect.stringContaining('Head branch was modified. Review and try the merge again.'),
    });
    await merge(good.number, good.headSha);
    await expect(merge(good.number, good.headSha)).rejects.toMatchObject({ status: 405 });
    await expect(merge(bad.number, bad.headSha)).rejects.toMatchObject({
      status: 405,
      message: expect.stringContaining('Pull Request is not mergeable'),
    });
  });

  test('a method that the repository does not allow is refused in words', async () => {
    await github.control.seed({ repos: [{ name: 'acme/shop', mergeMethods: ['squash'] }] });
    const { number } = await open({ 'b.txt': 'b\n' });

    await expect(as(github, 'bot').pulls.merge({ ...shop, pull_number: number })).rejects.toThrow(
      'Merge commits are not allowed on this repository.',
    );
  });

  test('a conflict shows as mergeable: false after the base moved', async () => {
    const { number } = await open({ 'src/a.js': 'ONE\ntwo\nthree\n' });
    const mergeable = async () =>
      (await as(github, 'bot').pulls.get({ ...shop, pull_number: number })).data.mergeable;
    await expect.poll(mergeable).toBe(true);

    await github.control.pushBranch('acme/shop', 'main', {
      author: 'ann',
      files: { 'src/a.js': 'Eins\ntwo\nthree\n' },
    });

    expect(await mergeable()).toBeNull();
    await expect.poll(mergeable).toBe(false);
  });

  test('update-branch merges the base into the head', async () => {
    const { number, headSha } = await open({ 'b.txt': 'b\n' });
    const main = await github.control.pushBranch('acme/shop', 'main', {
      author: 'ann',
      files: { 'other.txt': 'o\n' },
    });
    const bot = as(github, 'bot');

    await bot.pulls.updateBranch({ ...shop, pull_number: number });

    const { data: pull } = await bot.pulls.get({ ...shop, pull_number: number });
    const { data: head } = await bot.git.getCommit({ ...shop, commit_sha: pull.head.sha });
    expect(head.parents.map(({ sha }) => sha)).toEqual([headSha, main]);
  });
});

describe('refs by REST', () => {
  test('are made, moved only forward, and deleted', async () => {
    const bot = as(github, 'bot');
    const { data: main } = await bot.git.getRef({ ...shop, ref: 'heads/main' });
    const base = main.object.sha;
    await bot.git.createRef({ ...shop, ref: 'refs/heads/release/1', sha: base });
    const tip = await github.control.pushBranch('acme/shop', 'main', {
      author: 'ann',
      files: { x: 'x' },
    });

    await bot.git.updateRef({ ...shop, ref: 'heads/release/1', sha: tip });
    const backwards = bot.git.updateRef({ ...shop, ref: 'heads/release/1', sha: base });

    await expect(backwards).rejects.toMatchObject({ status: 422 });
    expect(github.control.state('acme/shop').branches['release/1']).toBe(tip);
    await bot.git.deleteRef({ ...shop, ref: 'heads/release/1' });
    expect(github.control.state('acme/shop').branches['release/1']).toBeUndefined();
  });
});

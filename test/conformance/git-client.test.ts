import { randomBytes } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type GitScratch, openGitScratch } from '../emulator/git-scratch.ts';
import { type GitHub, startGitHub } from '../github/server.ts';
import { describeWith } from '../tools.ts';

describeWith(['git', 'git-http-backend'], 'git, as everybody has it', () => {
  let github: GitHub;
  let scratch: GitScratch;
  let shops = 0;
  let repository: string;

  beforeAll(async () => {
    github = await startGitHub();
    await github.control.seed({
      users: ['ann', 'eve'],
      tokens: { 'token-of-ann': 'ann', 'token-of-eve': 'eve' },
      orgs: { acme: { admins: ['ann'] } },
    });
  });
  afterAll(() => github.close());
  beforeEach(async () => {
    shops += 1;
    repository = `acme/shop-${shops}`;
    await github.control.seed({
      repos: [
        { name: repository, files: { 'README.md': 'A shop.\n', 'big.txt': 'x'.repeat(9000) } },
      ],
    });
    scratch = await openGitScratch();
    return () => scratch.remove();
  });

  function git(...args: readonly string[]): Promise<string> {
    return scratch.git(...args);
  }
  function address(login?: string): string {
    const account = login === undefined ? '' : `${login}:token-of-${login}@`;
    return `${github.url.replace('//', `//${account}`)}/${repository}.git`;
  }
  async function moveMain(content: string): Promise<string> {
    return github.control.pushBranch(repository, 'main', {
      author: 'ann',
      message: content,
      files: { 'README.md': content },
    });
  }
  async function refusalOf(asked: Promise<string>): Promise<string> {
    return asked.then(
      () => 'no refusal',
      (error: unknown) => String(error),
    );
  }

  test('lists branches, pull requests and the default branch without a clone', async () => {
    const { number, headSha } = await github.control.openPull(repository, {
      author: 'ann',
      title: 'A change',
      files: { 'new.txt': 'new\n' },
      branch: 'change',
    });

    const listed = await git('ls-remote', '--symref', address());

    expect(listed).toContain('ref: refs/heads/main\tHEAD');
    expect(listed).toContain(`${headSha}\trefs/heads/change`);
    expect(listed).toContain(`${headSha}\trefs/pull/${number}/head`);
  });

  test('clones, commits and pushes, and fetches what others pushed', async () => {
    await git('clone', '-q', address('ann'), '.');
    await writeFile(join(scratch.folder, 'new.txt'), 'new\n');
    await git('add', '-A');
    await git('commit', '-q', '-m', 'Add a file');
    await git('push', '-q', 'origin', 'HEAD:refs/heads/feature');
    const moved = await moveMain('Another hand.\n');
    await git('fetch', '-q', 'origin');

    const { branches } = github.control.state(repository);
    expect(branches['feature']).toBe(await git('rev-parse', 'HEAD'));
    expect(await git('rev-parse', 'origin/main')).toBe(moved);
  });

  test('pushes several branches and tags at once, deletes one, and replaces one by force', async () => {
    await git('clone', '-q', address('ann'), '.');
    await git('branch', 'one');
    await git('branch', 'two');
    await git('tag', 'v1');
    await git('push', '-q', 'origin', 'one', 'two', 'v1');
    await git('commit', '-q', '--amend', '-m', 'Said better');
    await git('push', '-q', '--force', 'origin', 'HEAD:one');
    await git('push', '-q', 'origin', '--delete', 'two');

    const { branches } = github.control.state(repository);
    expect(branches['one']).toBe(await git('rev-parse', 'HEAD'));
    expect(branches).not.toHaveProperty('two');
    expect(await git('ls-remote', '--tags', address())).toContain('refs/tags/v1');
  });

  test('a push of an old state is refused, and nothing moves', async () => {
    await git('clone', '-q', address('ann'), '.');
    const moved = await moveMain('Another hand.\n');
    await git('commit', '-q', '--allow-empty', '-m', 'Too late');

    expect(await refusalOf(git('push', '-q', 'origin', 'main'))).toMatch(/rejected/);
    expect(github.control.state(repository).branches['main']).toBe(moved);
  });

  test('clones shallow, and deepens', async () => {
    await moveMain('Second.\n');
    await moveMain('Third.\n');

    await git('clone', '-q', '--depth=1', address(), '.');
    const first = await git('rev-list', '--count', 'HEAD');
    await git('fetch', '-q', '--deepen=1');
    const second = await git('rev-list', '--count', 'HEAD');
    await git('fetch', '-q', '--unshallow');

    expect([first, second, await git('rev-list', '--count', 'HEAD')]).toEqual(['1', '2', '3']);
  });

  test('fetches one commit alone, by its SHA, and a pull request by its number', async () => {
    const { number, headSha } = await github.control.openPull(repository, {
      author: 'eve',
      title: 'A change',
      files: { 'new.txt': 'new\n' },
      fork: true,
    });
    await git('init', '-q', '.');

    await git('fetch', '-q', '--depth=1', address(), headSha);

    expect(await git('rev-parse', 'FETCH_HEAD')).toBe(headSha);
    expect(await git('show', 'FETCH_HEAD:new.txt')).toBe('new');
    await git('fetch', '-q', address(), `refs/pull/${number}/head`);
    expect(await git('rev-parse', 'FETCH_HEAD')).toBe(headSha);
  });

  test('clones without blobs, which come when they are looked at', async () => {
    await git('clone', '-q', '--no-checkout', '--filter=blob:none', address(), '.');
    const absent = await git('rev-list', '--objects', '--missing=print', 'HEAD');
    const content = await git('show', 'HEAD:README.md');

    expect(absent.split('\n').filter((line) => line.startsWith('?'))).toHaveLength(2);
    expect(content).toBe('A shop.');
    const later = await git('rev-list', '--objects', '--missing=print', 'HEAD');
    expect(later.split('\n').filter((line) => line.startsWith('?'))).toHaveLength(1);
  });

  test('checks out a part of a partial clone', async () => {
    await github.control.pushBranch(repository, 'main', {
      author: 'ann',
      files: { 'docs/a.md': 'a\n', 'code/b.ts': 'b\n' },
    });

    await git('clone', '-q', '--filter=blob:none', '--sparse', address(), '.');
    await git('sparse-checkout', 'set', 'docs');

    expect((await readdir(scratch.folder)).sort()).toEqual([
      '.git',
      'README.md',
      'big.txt',
      'docs',
    ]);
  });

  test('pushes what is too large for one buffer, and it arrives whole', async () => {
    const large = randomBytes(3_000_000).toString('base64');
    await git('clone', '-q', address('ann'), '.');
    await writeFile(join(scratch.folder, 'large.txt'), large);
    await git('add', '-A');
    await git('commit', '-q', '-m', 'Large');
    await git('push', '-q', 'origin', 'HEAD:large');

    const answer = await fetch(`${github.url}/repos/${repository}/contents/large.txt?ref=large`, {
      headers: { accept: 'application/vnd.github.raw+json' },
    });

    expect((await answer.text()) === large).toBe(true);
  });

  test('speaks the old protocol, too', async () => {
    await git('-c', 'protocol.version=0', 'clone', '-q', address(), '.');

    expect(await git('log', '-1', '--format=%s')).toBe('Initial commit');
  });

  test('nobody pushes to a hidden ref', async () => {
    await git('clone', '-q', address('ann'), '.');

    expect(await refusalOf(git('push', '-q', 'origin', 'HEAD:refs/pull/7/head'))).toMatch(
      /hidden ref/,
    );
  });

  test('who may only read does not push, nor who has no token, and nobody knows a private repository', async () => {
    await git('clone', '-q', address('eve'), '.');
    await git('commit', '-q', '--allow-empty', '-m', 'Mine');

    expect(await refusalOf(git('push', '-q', 'origin', 'main'))).toMatch(/403|denied/i);
    expect(await refusalOf(git('push', '-q', address('nobody'), 'main'))).toMatch(
      /Authentication failed/,
    );
    expect(await refusalOf(git('ls-remote', `${github.url}/acme/secret.git`))).toMatch(
      /not found|could not read Username|Authentication failed/i,
    );
  });
});

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type GitHub, startGitHub } from '../github/server.ts';
import { describeWith } from '../tools.ts';

const run = promisify(execFile);

describeWith(['git', 'git-http-backend'], 'git, as everybody has it', () => {
  let github: GitHub;
  let scratch: string;
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
    scratch = await mkdtemp(join(tmpdir(), 'bowsprit-git-'));
    return () => rm(scratch, { recursive: true, force: true });
  });

  async function git(...args: readonly string[]): Promise<string> {
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: scratch,
      GIT_TERMINAL_PROMPT: '0',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'Ann',
      GIT_AUTHOR_EMAIL: 'ann@example.com',
      GIT_COMMITTER_NAME: 'Ann',
      GIT_COMMITTER_EMAIL: 'ann@example.com',
    };
    const { stdout } = await run('git', args, { cwd: scratch, env, timeout: 20_000 });
    return stdout.trim();
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
    await writeFile(join(scratch, 'new.txt'), 'new\n');
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

  test('fetches one commit alone, by its SHA', async () => {
    const { headSha } = await github.control.openPull(repository, {
      author: 'eve',
      title: 'A change',
      files: { 'new.txt': 'new\n' },
      fork: true,
    });
    await git('init', '-q', '.');

    await git('fetch', '-q', '--depth=1', address(), headSha);

    expect(await git('rev-parse', 'FETCH_HEAD')).toBe(headSha);
    expect(await git('show', 'FETCH_HEAD:new.txt')).toBe('new');
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

    expect((await readdir(scratch)).sort()).toEqual(['.git', 'README.md', 'big.txt', 'docs']);
  });

  test('speaks the old protocol, too', async () => {
    await git('-c', 'protocol.version=0', 'clone', '-q', address(), '.');

    expect(await git('log', '-1', '--format=%s')).toBe('Initial commit');
  });

  test('who may only read does not push, and nobody knows a private repository', async () => {
    await git('clone', '-q', address('eve'), '.');
    await git('commit', '-q', '--allow-empty', '-m', 'Mine');

    expect(await refusalOf(git('push', '-q', 'origin', 'main'))).toMatch(/403|denied/i);
    expect(await refusalOf(git('ls-remote', `${github.url}/acme/secret.git`))).toMatch(
      /not found|could not read Username|Authentication failed/i,
    );
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GitHub } from '../github/server.ts';
import { as, seedPractice, shop, startPractice, tokenOf } from './practice.ts';

let github: GitHub;

beforeAll(async () => {
  github = await startPractice();
});
beforeEach(async () => {
  await github.control.reset();
  await seedPractice(github);
});
afterAll(() => github.close());

function openOne() {
  return github.control.openPull('acme/shop', {
    author: 'eve',
    title: 'Four',
    files: { 'src/a.js': 'one\ntwo\nthree\nfour\n', 'src/b.js': 'new\n' },
    fork: true,
  });
}

describe('pull requests', () => {
  test('a pull request from a fork shows its commits, files and counts', async () => {
    const { number, headSha } = await openOne();
    const bot = as(github, 'bot');

    const { data: pull } = await bot.pulls.get({ ...shop, pull_number: number });
    const { data: files } = await bot.pulls.listFiles({ ...shop, pull_number: number });
    const { data: commits } = await bot.pulls.listCommits({ ...shop, pull_number: number });

    expect(pull).toMatchObject({
      number,
      state: 'open',
      user: { login: 'eve' },
      head: { sha: headSha, repo: { full_name: 'eve/shop', fork: true } },
      base: { ref: 'main' },
      additions: 2,
      deletions: 0,
      changed_files: 2,
      commits: 1,
    });
    expect(files.map(({ filename, status, patch }) => ({ filename, status, patch }))).toEqual([
      {
        filename: 'src/a.js',
        status: 'modified',
        patch: '@@ -1,3 +1,4 @@\n one\n two\n three\n+four',
      },
      { filename: 'src/b.js', status: 'added', patch: '@@ -0,0 +1 @@\n+new' },
    ]);
    expect(commits.map(({ commit }) => commit.message)).toEqual(['Four']);
  });

  test('mergeable is null at first and known a little later', async () => {
    github.control.settings({ mergeableAfterMs: 500 });
    const { number } = await openOne();
    const bot = as(github, 'bot');
    const mergeable = async () =>
      (await bot.pulls.get({ ...shop, pull_number: number })).data.mergeable;

    expect(await mergeable()).toBeNull();
    await expect.poll(mergeable).toBe(true);
  });

  test('the diff and the patch come as text', async () => {
    const { number } = await openOne();

    const diff = await as(github, 'bot').pulls.get({
      ...shop,
      pull_number: number,
      mediaType: { format: 'diff' },
    });

    expect(String(diff.data)).toContain('+four');
  });

  test('labels, comments, reviewers and statuses can be written and read', async () => {
    const { number, headSha } = await openOne();
    const bot = as(github, 'bot');
    const issue = { ...shop, issue_number: number };

    const labels = await bot.issues.addLabels({ ...issue, labels: ['lgtm', 'area/core'] });
    const rest = await bot.issues.removeLabel({ ...issue, name: 'lgtm' });
    const comment = await bot.issues.createComment({ ...issue, body: 'Hello' });
    await bot.issues.updateComment({ ...shop, comment_id: comment.data.id, body: 'Bye' });
    await bot.repos.createCommitStatus({
      ...shop,
      sha: headSha,
      state: 'pending',
      context: 'unit',
    });
    await bot.repos.createCommitStatus({
      ...shop,
      sha: headSha,
      state: 'success',
      context: 'unit',
    });
    const status = await bot.repos.getCombinedStatusForRef({ ...shop, ref: headSha });

    expect(labels.data.map(({ name }) => name)).toEqual(['lgtm', 'area/core']);
    expect(rest.data.map(({ name }) => name)).toEqual(['area/core']);
    expect(status.data).toMatchObject({ state: 'success', total_count: 1 });
    expect(github.control.state('acme/shop')).toMatchObject({
      issues: { [number]: { labels: ['area/core'], comments: [{ author: 'bot', body: 'Bye' }] } },
      statuses: { [headSha]: { unit: ['pending', 'success'] } },
    });
  });
});

describe('people', () => {
  test.for([
    ['ann', 204, 'admin'],
    ['bob', 204, 'read'],
    ['eve', 404, 'read'],
    ['bot', 404, 'write'],
  ] as const)('%s: member %i, permission %s', async ([login, member, permission]) => {
    const answer = await fetch(`${github.url}/orgs/acme/members/${login}`, {
      headers: { authorization: `Bearer ${tokenOf('ann')}` },
    });
    const level = await as(github, 'bot').repos.getCollaboratorPermissionLevel({
      ...shop,
      username: login,
    });

    expect([answer.status, level.data.permission]).toEqual([member, permission]);
  });

  test('writing needs a token, and a permission', async () => {
    const { number } = await openOne();
    const url = `${github.url}/repos/acme/shop/issues/${number}/labels`;
    const post = (headers: Record<string, string>) =>
      fetch(url, { method: 'POST', headers, body: '["lgtm"]' }).then(({ status }) => status);

    expect(await post({})).toBe(401);
    expect(await post({ authorization: 'Bearer nonsense' })).toBe(401);
    expect(await post({ authorization: `Bearer ${tokenOf('eve')}` })).toBe(403);
    expect(await post({ authorization: `token ${tokenOf('bot')}` })).toBe(200);
  });
});

describe('the protocol', () => {
  test('a route that is missing is a 501 that is counted', async () => {
    const answer = await fetch(`${github.url}/api/v3/repos/acme/shop/deployments`);

    expect(answer.status).toBe(501);
    expect(await answer.json()).toMatchObject({
      message: expect.stringContaining('GET /repos/acme/shop/deployments'),
    });
    expect(github.control.missing()).toEqual({ 'GET /repos/acme/shop/deployments': 1 });
  });

  test('a conditional request is a 304 until something changes', async () => {
    const { number } = await openOne();
    const url = `${github.url}/repos/acme/shop/issues/${number}/labels`;
    const etag = (await fetch(url)).headers.get('etag') ?? '';
    const again = () => fetch(url, { headers: { 'if-none-match': etag } });

    expect((await again()).status).toBe(304);
    github.control.label({ repo: 'acme/shop', number }, 'ann', { add: ['lgtm'] });
    expect((await again()).status).toBe(200);
  });

  test('long lists come in pages that lead to each other', async () => {
    const { number } = await openOne();
    for (let index = 0; index < 35; index += 1) {
      github.control.comment({ repo: 'acme/shop', number }, 'ann', `Number ${index}`);
    }
    const bot = as(github, 'bot');

    const all = await bot.paginate(bot.issues.listComments, {
      ...shop,
      issue_number: number,
      per_page: 10,
    });

    expect(all.map(({ body }) => body)).toEqual(
      Array.from({ length: 35 }, (_, index) => `Number ${index}`),
    );
  });

  test('every request is in the ledger with its route and purpose', async () => {
    github.control.resetLedger();
    await fetch(`${github.url}/api/v3/repos/acme/shop/labels?per_page=5`, {
      headers: { 'user-agent': 'test', 'x-bowsprit-purpose': 'size' },
    });

    await expect
      .poll(() => github.control.ledger())
      .toMatchObject([
        {
          client: 'test',
          purpose: 'size',
          method: 'GET',
          route: '/repos/:owner/:repo/labels',
          status: 200,
        },
      ]);
  });
});

describe('files and history', () => {
  test('contents, refs, trees and comparisons come from git', async () => {
    const { headSha, baseSha } = await openOne();
    const bot = as(github, 'bot');

    const ref = await bot.git.getRef({ ...shop, ref: 'heads/main' });
    const commit = await bot.git.getCommit({ ...shop, commit_sha: headSha });
    const tree = await bot.git.getTree({ ...shop, tree_sha: commit.data.tree.sha, recursive: '1' });
    const compare = await bot.repos.compareCommitsWithBasehead({
      ...shop,
      basehead: `${baseSha}...${headSha}`,
    });
    const folder = await bot.repos.getContent({ ...shop, path: 'src', ref: headSha });
    const raw = await bot.repos.getContent({
      ...shop,
      path: 'src/a.js',
      mediaType: { format: 'raw' },
    });

    expect(ref.data.object.sha).toBe(baseSha);
    expect(tree.data.tree.map(({ path }) => path)).toEqual([
      'README.md',
      'src',
      'src/a.js',
      'src/b.js',
    ]);
    expect(compare.data).toMatchObject({
      status: 'ahead',
      ahead_by: 1,
      merge_base_commit: { sha: baseSha },
    });
    expect(folder.data).toMatchObject([{ path: 'src/a.js' }, { path: 'src/b.js' }]);
    expect(String(raw.data)).toBe('one\ntwo\nthree\n');
    await expect(bot.repos.getContent({ ...shop, path: 'OWNERS' })).rejects.toMatchObject({
      status: 404,
    });
  });

  test('renamed, deleted, binary and oddly named files are told apart', async () => {
    await github.control.pushBranch('acme/shop', 'main', {
      author: 'ann',
      files: { 'old name.txt': 'some\nlines\nto\nrename\n', 'gone.txt': 'x\n' },
    });
    const { number } = await github.control.openPull('acme/shop', {
      author: 'eve',
      title: 'Odd',
      files: {
        'old name.txt': null,
        'new "näme".txt': 'some\nlines\nto\nrename\n',
        'gone.txt': null,
        'zero.bin': 'a\0b',
        'run.sh': { content: '#!/bin/sh\n', executable: true },
      },
    });

    const { data } = await as(github, 'bot').pulls.listFiles({ ...shop, pull_number: number });

    expect(data.map((file) => [file.status, file.filename, file.patch])).toEqual([
      ['removed', 'gone.txt', '@@ -1 +0,0 @@\n-x'],
      ['renamed', 'new "näme".txt', undefined],
      ['added', 'run.sh', '@@ -0,0 +1 @@\n+#!/bin/sh'],
      ['added', 'zero.bin', undefined],
    ]);
  });

  test('branch names may contain slashes, plain or encoded', async () => {
    const { data: main } = await as(github, 'bot').git.getRef({ ...shop, ref: 'heads/main' });
    const sha = main.object.sha;
    await as(github, 'bot').git.createRef({ ...shop, ref: 'refs/heads/release/1', sha });

    for (const name of ['release/1', 'release%2F1']) {
      const url = `${github.url}/repos/acme/shop/branches/${name}`;
      expect(await (await fetch(url)).json()).toMatchObject({
        name: 'release/1',
        protected: false,
      });
      expect(
        await (
          await fetch(`${url}/protection`, {
            headers: { authorization: `token ${tokenOf('bot')}` },
          })
        ).json(),
      ).toMatchObject({
        message: 'Branch not protected',
        status: '404',
      });
    }
  });

  test('search finds by qualifiers', async () => {
    const { number } = await openOne();
    const bot = as(github, 'bot');
    const search = async (q: string) =>
      (await bot.request('GET /search/issues', { q })).data.items.map((item) => item.number);

    expect(await search('is:pr author:eve repo:acme/shop state:open')).toEqual([number]);
    expect(await search('is:pr -label:"lgtm" org:acme')).toEqual([number]);
    expect(await search('is:pr author:ann')).toEqual([]);
  });
});

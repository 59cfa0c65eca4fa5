import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMirror, type Mirror } from '../../../activities/git/mirror.ts';
import { type GitHub, startGitHub } from '../../github/server.ts';

const ACME = { org: 'acme', repo: 'secret' };

let github: GitHub;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bowsprit-mirror-'));
  github = await startGitHub();
  await github.control.seed({
    users: ['ann', 'bot'],
    tokens: { 'bot-token': 'bot' },
    orgs: { acme: { members: ['ann'], admins: ['bot'] } },
    repos: [{ name: 'acme/secret', private: true, files: { 'README.md': 'hello\n' } }],
  });
});
afterEach(async () => {
  await github.close();
  await rm(folder, { recursive: true, force: true });
});

function mirrorWith(token: string): Mirror {
  return createMirror({
    cacheDir: folder,
    cloneUrl: ({ org, repo }) => `${github.url}/${org}/${repo}`,
    credentials: async () => token,
  });
}
function openPull() {
  return github.control.openPull('acme/secret', {
    author: 'ann',
    title: 'A change',
    files: { 'new.txt': 'a\n' },
  });
}

test('a private repository is fetched with the token, which is kept nowhere', async () => {
  const { baseSha, headSha } = await openPull();
  const mirror = mirrorWith('bot-token');

  const files = await mirror.changedFiles(ACME, baseSha, headSha);

  expect(files.map(({ filename }) => filename)).toEqual(['new.txt']);
  const config = await readFile(join(mirror.directory(ACME), 'config'), 'utf8');
  expect(config).not.toMatch(/extraHeader|token/i);
});

test('commits pushed later are fetched when they are asked for', async () => {
  const { number, baseSha, headSha } = await openPull();
  const mirror = mirrorWith('bot-token');
  await mirror.ensure(ACME, [baseSha, headSha]);
  const place = { repo: 'acme/secret', number };
  const pushed = await github.control.push(place, { author: 'ann', files: { 'more.txt': 'b\n' } });

  expect(await mirror.isAncestor(ACME, headSha, pushed)).toBe(true);
});

test('a wrong token fails with a message that does not contain it', async () => {
  const { headSha } = await openPull();

  const failure: unknown = await mirrorWith('wrong-token')
    .treeOf(ACME, headSha)
    .catch((error: unknown) => error);

  expect(String(failure)).toMatch(/git fetch/);
  expect(String(failure)).not.toContain('wrong-token');
});

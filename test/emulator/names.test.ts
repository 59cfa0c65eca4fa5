import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { GitHub } from '../github/server.ts';
import { as, seedPractice, shop, startPractice, tokenOf } from './practice.ts';

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

async function openOne(fork = false) {
  const files = { 'b.txt': 'b\n' };
  return github.control.openPull('acme/shop', { author: 'eve', title: 'B', files, fork });
}

test('after a rename reads are led to the new place by the id, and writes with their method', async () => {
  const { number } = await openOne();
  const ann = as(github, 'ann');
  const { data: renamed } = await ann.repos.update({ ...shop, name: 'store' });
  const old = `${github.url}/repos/acme/shop`;

  const read = await fetch(`${old}/issues/${number}`, { redirect: 'manual' });
  const write = await fetch(`${old}/issues/${number}/labels`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokenOf('bot')}` },
    body: '["lgtm"]',
    redirect: 'manual',
  });

  const place = `${github.url}/api/v3/repositories/${renamed.id}`;
  expect([read.status, read.headers.get('location')]).toEqual([301, `${place}/issues/${number}`]);
  expect(await read.json()).toMatchObject({ message: 'Moved Permanently' });
  expect([write.status, write.headers.get('location')]).toEqual([
    307,
    `${place}/issues/${number}/labels`,
  ]);
  const { data: followed } = await ann.issues.get({ ...shop, issue_number: number });
  expect(followed.html_url).toBe(`${github.url}/acme/store/pull/${number}`);
});

test('a transferred repository keeps its pull requests, and is found below its former name', async () => {
  const { number } = await openOne(true);
  const ann = as(github, 'ann');
  await github.control.seed({ orgs: { zoo: { admins: ['ann'] } } });

  await ann.repos.transfer({ ...shop, new_owner: 'zoo' });

  const { data } = await ann.pulls.get({ ...shop, pull_number: number });
  expect(data).toMatchObject({
    base: { repo: { full_name: 'zoo/shop' } },
    head: { repo: { full_name: 'eve/shop' } },
  });
});

test('git clones below a former name', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'bowsprit-clone-'));
  await as(github, 'ann').repos.update({ ...shop, name: 'store' });

  await run('git', ['clone', '-q', `${github.url}/acme/shop.git`, scratch]);

  expect(await readFile(join(scratch, 'README.md'), 'utf8')).toBe('# Shop\n');
  await rm(scratch, { recursive: true, force: true });
});

test('a private repository that moved is no redirect to strangers', async () => {
  const ann = as(github, 'ann');
  await ann.repos.update({ ...shop, name: 'store', private: true });

  const answer = await fetch(`${github.url}/repos/acme/shop`, { redirect: 'manual' });

  expect(answer.status).toBe(404);
});

test('a pull request whose fork was deleted has no head repository, and still merges', async () => {
  const { number, headSha } = await openOne(true);
  await as(github, 'eve').repos.delete({ owner: 'eve', repo: 'shop' });
  const bot = as(github, 'bot');

  const { data: orphan } = await bot.pulls.get({ ...shop, pull_number: number });
  const { data: merged } = await bot.pulls.merge({ ...shop, pull_number: number, sha: headSha });

  expect([orphan.head.repo, orphan.head.sha]).toEqual([null, headSha]);
  expect(merged.merged).toBe(true);
});

test('one commit may be the head of two pull requests', async () => {
  const bot = as(github, 'bot');
  const { number, headSha } = await openOne();
  const { data: main } = await bot.git.getRef({ ...shop, ref: 'heads/main' });
  await bot.git.createRef({ ...shop, ref: 'refs/heads/release', sha: main.object.sha });
  const second = await bot.pulls.create({
    ...shop,
    title: 'Twice',
    head: `eve-${number}`,
    base: 'release',
  });

  const { data } = await bot.repos.listPullRequestsAssociatedWithCommit({
    ...shop,
    commit_sha: headSha,
  });

  expect(data.map((pull) => pull.number).sort()).toEqual([number, second.data.number].sort());
});

test('a fork catches up with its parent: forward, by a merge, or not at all', async () => {
  const eve = as(github, 'eve');
  await eve.repos.createFork(shop);
  const mine = { owner: 'eve', repo: 'shop' };
  const catchUp = async () => {
    const { data } = await eve.repos.mergeUpstream({ ...mine, branch: 'main' });
    return data.merge_type;
  };
  const parent = (path: string) =>
    github.control.pushBranch('acme/shop', 'main', { author: 'ann', files: { [path]: 'x' } });

  const first = await catchUp();
  await parent('one');
  const second = await catchUp();
  await parent('two');
  await github.control.pushBranch('eve/shop', 'main', { author: 'eve', files: { three: 'x' } });
  const third = await catchUp();
  await parent('three');

  expect([first, second, third]).toEqual(['none', 'fast-forward', 'merge']);
  await github.control.pushBranch('eve/shop', 'main', { author: 'eve', files: { three: 'y' } });
  await expect(catchUp()).rejects.toMatchObject({ status: 409 });
});

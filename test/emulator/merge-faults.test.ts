import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { faultSchema } from '../github/http/faults.ts';
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

async function open(path = 'b.txt') {
  return github.control.openPull('acme/shop', {
    author: 'eve',
    title: 'B',
    files: { [path]: 'b\n' },
  });
}

function merge(number: number, merge_method: 'merge' | 'squash' = 'merge') {
  return as(github, 'bot').pulls.merge({ ...shop, pull_number: number, merge_method });
}

test.for([
  ['head-modified', 409, 'Head branch was modified. Review and try the merge again.'],
  ['base-modified', 405, 'Base branch was modified. Review and try the merge again.'],
  ['not-authorized', 405, "You're not authorized to push to this branch."],
  ['merge-commits-not-allowed', 405, 'Merge commits are not allowed on this repository.'],
  ['required-check', 405, 'Required status check "unit" is expected.'],
  ['review-required', 405, 'At least 1 approving review is required'],
  ['not-mergeable', 405, 'Pull Request is not mergeable'],
] as const)('J§2.2.5: a merge is refused as %s: %i %s', async ([refusal, status, message]) => {
  const { number } = await open();
  github.control.faults.add([{ do: 'refuse-merge', refusal, count: 1 }]);

  await expect(merge(number)).rejects.toMatchObject({
    status,
    message: expect.stringContaining(message),
  });
  await expect(merge(number)).resolves.toMatchObject({ status: 200 });
});

test('only the merge that was meant is refused', async () => {
  const [first, second] = [await open('b.txt'), await open('c.txt')];
  const route = `/pulls/${second.number}/merge$`;
  github.control.faults.add([{ do: 'refuse-merge', match: { route } }]);

  await expect(merge(first.number)).resolves.toMatchObject({ status: 200 });
  await expect(merge(second.number)).rejects.toMatchObject({ status: 405 });
});

test('a squash on the wrong base undoes what landed meanwhile, on the right parent', async () => {
  const [first, second] = [await open('first.txt'), await open('second.txt')];
  const landed = (await merge(first.number, 'squash')).data.sha;
  github.control.faults.add([{ do: 'wrong-base', count: 1 }]);

  const { data } = await merge(second.number, 'squash');

  const bot = as(github, 'bot');
  const { data: commit } = await bot.repos.getCommit({ ...shop, ref: data.sha });
  const { data: tree } = await bot.git.getTree({ ...shop, tree_sha: data.sha });
  expect(commit.parents.map(({ sha }) => sha)).toEqual([landed]);
  expect(tree.tree.map(({ path }) => path)).toEqual(['README.md', 'second.txt', 'src']);
});

test('mergeability stays unknown for a while, by REST and by GraphQL', async () => {
  const { number } = await open();
  const bot = as(github, 'bot');
  const mergeable = async () =>
    (await bot.pulls.get({ ...shop, pull_number: number })).data.mergeable_state;
  await expect.poll(mergeable).toBe('clean');

  github.control.faults.add([{ do: 'mergeability-unknown' }]);

  expect(await mergeable()).toBe('unknown');
  const query = `{ repository(owner: "acme", name: "shop") { pullRequest(number: ${number}) { mergeable mergeStateStatus } } }`;
  const answer = await fetch(`${github.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `bearer ${tokenOf('bot')}` },
    body: JSON.stringify({ query }),
  });
  expect(await answer.json()).toMatchObject({
    data: {
      repository: { pullRequest: { mergeable: 'UNKNOWN', mergeStateStatus: 'UNKNOWN' } },
    },
  });
  github.control.faults.clear();
  expect(await mergeable()).toBe('clean');
});

test('a request that times out is not carried out, and has status 0 in the ledger', async () => {
  const { number } = await open();
  github.control.faults.add([
    { match: { method: 'POST', route: '/comments$' }, do: 'time-out', ms: 50, count: 1 },
  ]);
  const comment = { ...shop, issue_number: number, body: 'Hello' };

  await expect(as(github, 'bot').issues.createComment(comment)).rejects.toThrow();

  expect(github.control.state('acme/shop').issues[number]?.comments).toEqual([]);
  const posts = github.control.ledger().filter(({ method }) => method === 'POST');
  expect(posts).toMatchObject([{ status: 0, path: `/repos/acme/shop/issues/${number}/comments` }]);
});

test('a slow route answers late, and at a rate', async () => {
  github.control.faults.add([{ match: { route: '/labels$' }, do: 'slow', ms: 300 }], 3);
  const began = performance.now();

  await as(github, 'bot').issues.listLabelsForRepo(shop);

  expect(performance.now() - began).toBeGreaterThan(290);
});

test('no read may lag more than 5 s', () => {
  expect(faultSchema.safeParse({ do: 'stale-read', ms: 5000 }).success).toBe(true);
  expect(faultSchema.safeParse({ do: 'stale-read', ms: 5001 }).error?.issues).toMatchObject([
    { path: ['ms'], message: expect.stringContaining('5 s at most') },
  ]);
});

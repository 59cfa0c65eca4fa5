import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { GitHub } from '../github/server.ts';
import { as, seedPractice, shop, startPractice } from './practice.ts';

const LONG = 'x'.repeat(65_537);

let github: GitHub;
let number: number;
let headSha: string;

beforeAll(async () => {
  github = await startPractice();
});
beforeEach(async () => {
  await github.control.reset();
  await seedPractice(github);
  const files = { b: 'b\n' };
  const pull = { author: 'eve', title: 'B', files };
  ({ number, headSha } = await github.control.openPull('acme/shop', pull));
});
afterAll(() => github.close());

test.for<[string, (issue_number: number) => Promise<unknown>, string]>([
  [
    'a comment',
    (issue_number) => as(github, 'bot').issues.createComment({ ...shop, issue_number, body: LONG }),
    'Body is too long (maximum is 65536 characters)',
  ],
  [
    'a pull request',
    (pull_number) => as(github, 'bot').pulls.update({ ...shop, pull_number, body: LONG }),
    'body is too long (maximum is 65536 characters)',
  ],
  [
    'an issue',
    () => as(github, 'bot').issues.create({ ...shop, title: 'Long', body: LONG }),
    'body is too long (maximum is 65536 characters)',
  ],
])('%s has 65,536 characters at most', async ([, write, words]) => {
  await expect(write(number)).rejects.toMatchObject({
    status: 422,
    response: { data: { errors: [{ message: words }] } },
  });
});

test('a context has so many statuses at one commit, 1,000 unless told otherwise, and no more', async () => {
  const before = github.control.settings({}).statusesPerContext;
  github.control.settings({ statusesPerContext: 2 });
  const write = (context: string) =>
    as(github, 'bot').repos.createCommitStatus({
      ...shop,
      sha: headSha,
      state: 'pending',
      context,
    });
  await write('unit');
  await write('unit');

  expect(before).toBe(1000);
  await expect(write('unit')).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining('has reached the maximum number of statuses'),
  });
  await expect(write('lint')).resolves.toMatchObject({ status: 201 });
});

test('ten people are assigned; the eleventh is left out in silence', async () => {
  const logins = Array.from({ length: 11 }, (_, index) => `person-${index}`);
  await github.control.seed({ orgs: { acme: { members: logins } } });

  const { data } = await as(github, 'bot').issues.addAssignees({
    ...shop,
    issue_number: number,
    assignees: logins,
  });

  expect(data.assignees?.map(({ login }) => login)).toEqual(logins.slice(0, 10));
});

test.for<[string, object, string]>([
  ['the author', { reviewers: ['eve'] }, 'Review cannot be requested from pull request author.'],
  [
    'a stranger',
    { reviewers: ['bob', 'carol'] },
    'Reviews may only be requested from collaborators',
  ],
  ['no team', { team_reviewers: ['crew'] }, 'Reviews may only be requested from collaborators'],
])('a review is not asked of %s, nor of anybody named beside', async ([, wish, words]) => {
  await github.control.seed({ users: ['carol'] });
  const pull = { ...shop, pull_number: number };

  await expect(
    as(github, 'bot').pulls.requestReviewers({ ...pull, ...wish }),
  ).rejects.toMatchObject({ status: 422, message: expect.stringContaining(words) });
  expect(github.control.state('acme/shop').issues[number]?.requestedReviewers).toEqual([]);
});

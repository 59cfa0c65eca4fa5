import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readComments, readReviewComments } from '../../../activities/github/read/comments.ts';
import {
  readBranchHead,
  readCommit,
  readPullsOfCommit,
} from '../../../activities/github/read/commits.ts';
import { readLabelActor } from '../../../activities/github/read/issue-events.ts';
import { readLabels, readRepositoryLabels } from '../../../activities/github/read/labels.ts';
import {
  countMergedPulls,
  forgetCollaborators,
  forgetMember,
  isCollaborator,
  isMember,
  readCollaborators,
  readLogin,
} from '../../../activities/github/read/people.ts';
import { readPull, readPullBody, readPullFiles } from '../../../activities/github/read/pulls.ts';
import { readFileAt, readRepository } from '../../../activities/github/read/repository.ts';
import { readReviews } from '../../../activities/github/read/reviews.ts';
import { readStatuses } from '../../../activities/github/read/statuses.ts';
import type { OpenedPull } from '../../github/server.ts';
import { ACME, BOT, keyed, NAME, populate, type Scene, startScene, targetOf } from './scene.ts';

let scene: Scene;
let opened: OpenedPull;

beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.close());
beforeEach(async () => {
  opened = await populate(scene);
});

function pull() {
  return { repository: ACME, number: opened.number };
}
function place() {
  return { repo: NAME, number: opened.number };
}
function calls(): string[] {
  return scene.control.ledger().map(({ path, status }) => `${status} ${path}`);
}

test('a pull request', async () => {
  expect(await readPull(scene.github, pull())).toMatchObject({
    number: opened.number,
    author: 'ann',
    authorType: 'User',
    state: 'open',
    merged: false,
    headSha: opened.headSha,
    headRef: opened.branch,
    baseRef: 'main',
    baseSha: opened.baseSha,
    body: 'What it does',
    labels: [],
    milestone: '',
  });
  expect(await readPullBody(scene.github, pull())).toBe('What it does');
  expect(await readPull(scene.github, { repository: ACME, number: 999 })).toBeUndefined();
});

test('an answer that did not change costs nothing the second time', async () => {
  await readPull(scene.github, pull());
  const again = await readPull(scene.github, pull());

  expect(scene.control.ledger().map(({ status }) => status)).toEqual([200, 304]);
  expect(again?.title).toBe('A change');
});

test('identical reads at one time are one request, except fresh ones', async () => {
  await Promise.all([1, 2, 3].map(() => readPull(scene.github, pull())));
  expect(scene.control.ledger()).toHaveLength(1);

  await Promise.all([1, 2, 3].map(() => readPull(scene.github, pull(), { fresh: true })));
  expect(scene.control.ledger()).toHaveLength(4);
});

test('changed files', async () => {
  expect(await readPullFiles(scene.github, pull())).toEqual([
    { filename: 'new.txt', status: 'added', additions: 2, deletions: 0 },
  ]);
});

test('labels of a pull request and of the repository', async () => {
  scene.control.label(place(), 'bob', { add: ['kind/bug'] });

  expect(await readLabels(scene.github, pull())).toEqual(['kind/bug']);
  expect(await readRepositoryLabels(scene.github, ACME)).toContain('do-not-merge/hold');
});

test('who put a label on last', async () => {
  scene.control.label(place(), 'bob', { add: ['lgtm'] });
  scene.control.label(place(), 'bob', { remove: ['lgtm'] });
  scene.control.label(place(), 'carol', { add: ['lgtm'] });

  expect(await readLabelActor(scene.github, { ...pull(), label: 'lgtm' })).toBe('carol');
  expect(await readLabelActor(scene.github, { ...pull(), label: 'kind/bug' })).toBeUndefined();
});

test('comments of all pages, in order', async () => {
  for (let n = 1; n <= 101; n += 1) scene.control.comment(place(), 'ann', `${n}`);

  const comments = await readComments(scene.github, pull());

  expect(comments.map(({ body }) => body)).toEqual(
    Array.from({ length: 101 }, (_, index) => `${index + 1}`),
  );
  expect(scene.control.ledger()).toHaveLength(2);
  const future = new Date(Date.now() + 60_000).toISOString();
  expect(await readComments(scene.github, { ...pull(), since: future })).toEqual([]);
});

test('pages come from memory as well when nothing changed', async () => {
  for (let n = 1; n <= 101; n += 1) scene.control.comment(place(), 'ann', `${n}`);
  await readComments(scene.github, pull());
  scene.control.resetLedger();

  expect(await readComments(scene.github, pull())).toHaveLength(101);
  expect(scene.control.ledger().map(({ status }) => status)).toEqual([304, 304]);
});

test('reviews and their comments', async () => {
  scene.control.review(place(), 'bob', {
    event: 'APPROVE',
    body: 'good',
    comments: [{ path: 'new.txt', body: 'nit', line: 1 }],
  });

  expect(await readReviews(scene.github, pull())).toMatchObject([
    { author: 'bob', state: 'approved', body: 'good', commitSha: opened.headSha },
  ]);
  expect(await readReviewComments(scene.github, pull())).toMatchObject([{ body: 'nit' }]);
});

test('members are asked for once; forgetting one asks again', async () => {
  const bob = { org: 'acme', login: 'bob' };

  expect(await isMember(scene.github, bob)).toBe(true);
  expect(await isMember(scene.github, { org: 'ACME', login: 'Bob' })).toBe(true);
  expect(await isMember(scene.github, { org: 'acme', login: 'carol' })).toBe(false);
  expect(await isMember(scene.github, { org: 'carol', login: 'carol' })).toBe(true);
  expect(calls()).toEqual(['204 /orgs/acme/members/bob', '404 /orgs/acme/members/carol']);

  forgetMember(scene.github, bob);
  await isMember(scene.github, bob);
  expect(calls()).toHaveLength(3);
});

test('collaborators come from one list', async () => {
  expect(await isCollaborator(scene.github, { repository: ACME, login: 'BOB' })).toBe(true);
  expect(await isCollaborator(scene.github, { repository: ACME, login: 'carol' })).toBe(false);
  expect(await readCollaborators(scene.github, ACME)).toContain('bob');
  expect(scene.control.ledger()).toHaveLength(1);

  forgetCollaborators(scene.github, ACME);
  await readCollaborators(scene.github, ACME);
  expect(scene.control.ledger()).toHaveLength(2);
});

test('collaborators are asked for one by one where the list is not ours to see', async () => {
  scene.control.faults.add([
    { match: { route: '/collaborators$' }, do: 'status', status: 403, message: 'Must have push' },
  ]);

  expect(await isCollaborator(scene.github, { repository: ACME, login: 'bob' })).toBe(true);
  expect(await isCollaborator(scene.github, { repository: ACME, login: 'carol' })).toBe(false);
});

test('our own account', async () => {
  expect(await readLogin(scene.github)).toBe(BOT);
  await readLogin(scene.github);
  expect(scene.control.ledger()).toHaveLength(1);
});

test('merged pull requests of an author', async () => {
  await scene.control.merge(place(), 'bob', { method: 'merge' });

  expect(await countMergedPulls(scene.github, { org: 'acme', author: 'ann' })).toBe(1);
});

test('heads of branches, commits, and pull requests of a commit', async () => {
  const branch = (name: string) => ({ repository: ACME, branch: name });
  const commit = await readCommit(scene.github, { repository: ACME, sha: opened.headSha });

  expect(await readBranchHead(scene.github, branch('main'))).toBe(opened.baseSha);
  expect(await readBranchHead(scene.github, branch(opened.branch))).toBe(opened.headSha);
  expect(await readBranchHead(scene.github, branch('nowhere'))).toBeUndefined();
  expect(commit).toMatchObject({ sha: opened.headSha, parents: [opened.baseSha] });
  expect(commit?.tree).toMatch(/^[0-9a-f]{40}$/);
  expect(await readPullsOfCommit(scene.github, { repository: ACME, sha: opened.headSha })).toEqual([
    opened.number,
  ]);
});

test('statuses of a commit', async () => {
  await scene.effects.writeStatus(
    targetOf(opened),
    keyed({
      kind: 'set-status',
      sha: opened.headSha,
      context: 'unit',
      state: 'success',
      description: 'Job succeeded.',
      targetUrl: '',
    }),
  );

  expect(await readStatuses(scene.github, { repository: ACME, sha: opened.headSha })).toMatchObject(
    {
      unit: { state: 'success', description: 'Job succeeded.' },
    },
  );
});

test('a repository and its files', async () => {
  const file = (path: string) =>
    readFileAt(scene.github, { repository: ACME, path, ref: opened.headSha });

  expect(await readRepository(scene.github, ACME)).toMatchObject({
    fullName: NAME,
    defaultBranch: 'main',
    mergeMethods: ['merge', 'squash', 'rebase'],
  });
  expect(await readRepository(scene.github, { org: 'acme', repo: 'no' })).toBeUndefined();
  expect(await file('dir/file.txt')).toBe('text\n');
  expect(await file('nowhere')).toBeUndefined();
  expect(await file('dir')).toBeUndefined();
});

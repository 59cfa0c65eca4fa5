import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createMergeActivity } from '../../../activities/github/merge.ts';
import { readPull } from '../../../activities/github/read/pulls.ts';
import type { PoolQuery } from '../../../workflows/domain/merge-policy.ts';
import type { MergeOutcome } from '../../../workflows/ports.ts';
import type { OpenedPull } from '../../github/server.ts';
import {
  ACME,
  asAttempt,
  clientOf,
  NAME,
  populate,
  type Scene,
  startScene,
  writes,
} from './scene.ts';

const QUERY: PoolQuery = {
  author: '',
  milestone: '',
  labels: [],
  missingLabels: ['do-not-merge/hold'],
  includedBranches: [],
  excludedBranches: [],
  reviewApprovedRequired: false,
};

let scene: Scene;
let pull: OpenedPull;
let queries: readonly PoolQuery[];

beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.close());
beforeEach(async () => {
  pull = await populate(scene);
  queries = [QUERY];
});

/** Tells the bot to merge what was tested, unless the order says otherwise. */
function merge(
  order: { baseSha?: string; mergeMethod?: string } = {},
  github = scene.github,
): Promise<MergeOutcome> {
  const { mergePullRequest } = createMergeActivity({
    github,
    queries: () => queries,
    readLagMs: 20,
  });
  return mergePullRequest({
    repository: ACME,
    branch: 'main',
    number: pull.number,
    headSha: pull.headSha,
    baseSha: pull.baseSha,
    mergeMethod: 'merge',
    configHash: 'c',
    ...order,
  });
}
function place() {
  return { repo: NAME, number: pull.number };
}
function merged(): boolean {
  return scene.control.state(NAME).issues[pull.number]?.merged ?? false;
}

test.for([['merge'], ['squash'], ['rebase']] as const)('merges by %s', async ([mergeMethod]) => {
  const outcome = await merge({ mergeMethod });

  expect(outcome).toEqual({ kind: 'merged', sha: expect.any(String), already: false });
  expect(scene.control.state(NAME).merges).toMatchObject([{ method: mergeMethod }]);
});

test('a lost answer does not merge twice, and the second try finds it merged', async () => {
  scene.control.faults.add([{ match: { method: 'PUT' }, do: 'reply-lost', count: 1 }]);

  await expect(asAttempt(1, () => merge())).rejects.toMatchObject({ type: 'GitHubUnavailable' });
  const outcome = await asAttempt(2, () => merge());

  expect(outcome).toMatchObject({ kind: 'merged', already: true });
  expect(scene.control.state(NAME).merges).toHaveLength(1);
});

test('a forbidden label that came in the last moment holds it', async () => {
  scene.control.label(place(), 'bob', { add: ['do-not-merge/hold'] });

  const outcome = await merge();

  expect(outcome).toMatchObject({
    kind: 'outdated',
    message: expect.stringMatching(/do-not-merge\/hold/),
  });
  expect(merged()).toBe(false);
});

test('a required label that went in the last moment holds it', async () => {
  queries = [{ ...QUERY, labels: ['lgtm'] }];

  expect(await merge()).toMatchObject({ kind: 'outdated', message: 'the label lgtm is gone' });
  expect(merged()).toBe(false);
});

test('a label that only another query forbids does not hold it', async () => {
  queries = [
    QUERY,
    { ...QUERY, labels: ['kind/bug'], missingLabels: [] },
    { ...QUERY, includedBranches: ['release'], missingLabels: [] },
  ];
  scene.control.label(place(), 'bob', { add: ['do-not-merge/hold', 'kind/bug'] });

  expect(await merge()).toMatchObject({ kind: 'merged' });
});

test('a head that moved is not merged', async () => {
  await scene.control.push(place(), { author: 'ann', files: { 'evil.txt': 'x\n' } });

  expect(await merge()).toMatchObject({
    kind: 'outdated',
    message: expect.stringMatching(/the head moved/),
  });
  expect(writes(scene)).toEqual([]);
});

test('a base that moved makes the pool look again', async () => {
  await scene.control.pushBranch(NAME, 'main', { author: 'bob', files: { 'other.txt': 'x\n' } });

  expect(await merge()).toMatchObject({ kind: 'base-modified' });
  expect(writes(scene)).toEqual([]);
});

test('T44 a conflict with the base is named as one, without an attempt', async () => {
  await scene.control.pushBranch(NAME, 'main', {
    author: 'bob',
    files: { 'new.txt': 'theirs\n' },
  });
  const base = scene.control.state(NAME).branches['main'] ?? '';
  const outcome = () => merge({ baseSha: base });

  await expect.poll(outcome).toMatchObject({ kind: 'conflict' });
  expect(merged()).toBe(false);
});

test('a pull request that was closed is not merged', async () => {
  scene.control.setState(place(), 'ann', 'closed');

  expect(await merge()).toMatchObject({
    kind: 'outdated',
    message: expect.stringMatching(/closed/),
  });
});

test('a pull request that a person merged is merged already', async () => {
  const sha = await scene.control.merge(place(), 'bob', { method: 'merge' });

  expect(await merge()).toEqual({ kind: 'merged', sha, already: true });
});

test.for([
  [409, 'Head branch was modified. Review and try the merge again.', 'refused'],
  [405, 'Base branch was modified. Review and try the merge again.', 'base-modified'],
  [405, 'You are not authorized to push to this branch.', 'stop'],
  [405, 'Merge commits are not allowed on this repository.', 'stop'],
  [405, 'Squash merges are not allowed on this repository.', 'stop'],
  [403, 'Resource not accessible by integration', 'refused'],
  [422, 'Validation Failed', 'refused'],
] as const)('%j %j is %j', async ([status, message, kind]) => {
  scene.control.faults.add([{ match: { method: 'PUT' }, do: 'status', status, message, count: 1 }]);

  expect(await merge()).toMatchObject({ kind, message: expect.stringContaining(message) });
});

test('T44 "not mergeable" of what GitHub has not looked at yet is asked again soon, and else is a refusal', async () => {
  const message = 'Pull Request is not mergeable';
  const refusal = { match: { method: 'PUT' }, do: 'status', status: 405, message } as const;
  const unknown = { match: {}, do: 'mergeability-unknown' } as const;
  const read = () =>
    readPull(scene.github, { repository: ACME, number: pull.number }, { fresh: true });
  await expect.poll(async () => (await read())?.mergeable).toBe(true);

  scene.control.faults.add([refusal]);
  const known = await merge();
  scene.control.faults.add([unknown]);

  expect([known.kind, (await merge()).kind]).toEqual(['refused', 'outdated']);
});

test('what GitHub cannot answer now is tried again later', async () => {
  scene.control.faults.add([{ match: { method: 'PUT' }, do: 'status', status: 502, count: 1 }]);

  await expect(merge()).rejects.toMatchObject({ type: 'GitHubUnavailable', nonRetryable: false });
});

test('a dry run merges nothing', async () => {
  const [github] = clientOf(scene.url, { dryRun: true });

  expect(await merge({}, github)).toMatchObject({
    kind: 'stop',
    message: expect.stringMatching(/dry run/),
  });
  expect(scene.control.ledger()).toEqual([]);
});

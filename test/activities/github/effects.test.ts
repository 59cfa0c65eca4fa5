import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createEffectActivities } from '../../../activities/github/apply-effect.ts';
import { readComments } from '../../../activities/github/read/comments.ts';
import { LGTM_REMOVED } from '../../../workflows/domain/comment-family.ts';
import type { Effect, KeyedEffect } from '../../../workflows/domain/effect.ts';
import type { OpenedPull } from '../../github/server.ts';
import {
  ACME,
  asAttempt,
  BOT,
  clientOf,
  keyed,
  NAME,
  populate,
  type Scene,
  startScene,
  targetOf,
  writes,
} from './scene.ts';

let scene: Scene;
let pull: OpenedPull;

beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.close());
beforeEach(async () => {
  pull = await populate(scene);
});

/** The pull request as it is now. */
function now() {
  const issue = scene.control.state(NAME).issues[pull.number];
  if (issue === undefined) throw new Error('no such pull request');
  return issue;
}
function bodies(): string[] {
  return now().comments.map(({ body }) => body);
}
function status(more: Partial<Extract<Effect, { kind: 'set-status' }>> = {}): Effect {
  return {
    kind: 'set-status',
    sha: pull.headSha,
    context: 'unit',
    state: 'pending',
    description: 'Job triggered.',
    targetUrl: 'http://127.0.0.1/run/1',
    ...more,
  };
}
/** Answers to writes are lost, once. */
function loseAnAnswer(): void {
  scene.control.faults.add([{ match: { method: 'POST' }, do: 'reply-lost', count: 1 }]);
}

describe('labels', () => {
  test('adding answers with all labels, in one call', async () => {
    scene.control.label({ repo: NAME, number: pull.number }, 'bob', { add: ['kind/bug'] });

    const applied = await scene.effects.changeLabel(
      targetOf(pull),
      keyed({ kind: 'add-label', label: 'do-not-merge/hold' }),
    );

    expect(applied).toMatchObject({ kind: 'done', labels: ['kind/bug', 'do-not-merge/hold'] });
    expect(scene.control.ledger()).toHaveLength(1);
    expect(scene.control.ledger()[0]).toMatchObject({
      client: 'bowsprit/9.9',
      purpose: 'hold/add-label',
    });
  });

  test('removing answers with the labels that are left', async () => {
    scene.control.label({ repo: NAME, number: pull.number }, 'bob', {
      add: ['lgtm', 'do-not-merge/hold'],
    });

    const applied = await scene.effects.changeLabel(
      targetOf(pull),
      keyed({ kind: 'remove-label', label: 'do-not-merge/hold' }),
    );

    expect(applied).toMatchObject({ kind: 'done', labels: ['lgtm'] });
  });

  test('removing one that is not there is done', async () => {
    const applied = await scene.effects.changeLabel(
      targetOf(pull),
      keyed({ kind: 'remove-label', label: 'lgtm' }),
    );

    expect(applied.kind).toBe('done');
  });

  test('a refusal is a value with the sentence of GitHub', async () => {
    const applied = await scene.effects.changeLabel(
      targetOf({ number: 999 }),
      keyed({ kind: 'add-label', label: 'lgtm' }),
    );

    expect(applied).toEqual({ kind: 'refused', status: 404, message: 'Not Found' });
  });

  test('what was decided on another head is skipped', async () => {
    const head = pull.headSha;
    await scene.control.push(
      { repo: NAME, number: pull.number },
      { author: 'ann', files: { 'evil.txt': 'x\n' } },
    );

    const applied = await scene.effects.changeLabel(
      targetOf(pull),
      keyed({ kind: 'add-label', label: 'lgtm' }, { forHead: head }),
    );

    expect(applied.kind).toBe('skipped');
    expect(now().labels).toEqual([]);
  });

  test('what was decided on this head is done', async () => {
    const applied = await scene.effects.changeLabel(
      targetOf(pull),
      keyed({ kind: 'add-label', label: 'lgtm' }, { forHead: pull.headSha }),
    );

    expect(applied).toMatchObject({ kind: 'done', labels: ['lgtm'] });
  });
});

describe('comments', () => {
  const say = keyed({ kind: 'comment', body: 'Hello\n' }, { id: 'pr/1 --> c:1/hold/0' });

  test('end in a hidden line with their key', async () => {
    const applied = await scene.effects.changeComment(targetOf(pull), say);

    expect(bodies()).toEqual(['Hello\n<!-- bowsprit:pr/1%20;-%2d;%3e;%20;c:1/hold/0 -->']);
    expect(applied).toMatchObject({ kind: 'done', commentUrl: expect.stringContaining('#issue') });
  });

  test('are written once although the first answer was lost', async () => {
    loseAnAnswer();
    const write = () => scene.effects.changeComment(targetOf(pull), say);

    await expect(asAttempt(1, write)).rejects.toMatchObject({ type: 'GitHubUnavailable' });
    const applied = await asAttempt(2, write);

    expect(bodies()).toHaveLength(1);
    const [written] = await readComments(scene.github, { repository: ACME, number: pull.number });
    expect(applied).toMatchObject({ kind: 'done', commentId: written?.id });
  });

  test('of somebody else are never taken for ours, whatever key they bear', async () => {
    const place = { repo: NAME, number: pull.number };
    scene.control.comment(place, 'carol', 'x\n<!-- bowsprit:hold/comment -->');

    await asAttempt(2, () =>
      scene.effects.changeComment(targetOf(pull), keyed({ kind: 'comment', body: 'Hello' })),
    );

    expect(now().comments.map(({ author }) => author)).toEqual(['carol', BOT]);
  });

  test('that a parked effect wrote are found by the activity that takes it up again', async () => {
    const write = (effect: KeyedEffect) => scene.effects.changeComment(targetOf(pull), effect);

    await write(say);
    const applied = await write({ ...say, again: true });

    expect(bodies()).toHaveLength(1);
    expect(applied).toMatchObject({ kind: 'done', commentId: expect.any(Number) });
  });

  test('a retry waits until reads have caught up', async () => {
    const patient = createEffectActivities({ github: scene.github, readLagMs: 300 });
    scene.control.faults.add([
      { match: { method: 'POST' }, do: 'reply-lost', count: 1 },
      { match: { method: 'GET' }, do: 'stale-read', ms: 150, forMs: 60_000 },
    ]);
    const write = () => patient.changeComment(targetOf(pull), say);

    await expect(asAttempt(1, write)).rejects.toThrow();
    await asAttempt(2, write);

    expect(bodies()).toHaveLength(1);
  });

  test('are pruned by family, only our own', async () => {
    const place = { repo: NAME, number: pull.number };
    scene.control.comment(place, BOT, LGTM_REMOVED);
    scene.control.comment(place, 'carol', LGTM_REMOVED);
    scene.control.comment(place, BOT, 'something else');

    const applied = await scene.effects.changeComment(
      targetOf(pull),
      keyed({ kind: 'prune-comments', marker: 'lgtm-removed' }),
    );

    expect(now().comments.map(({ author, body }) => [author, body])).toEqual([
      ['carol', LGTM_REMOVED],
      [BOT, 'something else'],
    ]);
    expect(applied).toMatchObject({ deletedIds: [expect.any(Number)] });
  });

  test('are pruned by id without reading, those already gone included', async () => {
    const place = { repo: NAME, number: pull.number };
    const { id } = scene.control.comment(place, BOT, LGTM_REMOVED);

    const applied = await scene.effects.changeComment(
      targetOf(pull),
      keyed({ kind: 'prune-comments', marker: 'lgtm-removed', ids: [id, 424242] }),
    );

    expect(applied).toMatchObject({ kind: 'done', deletedIds: [id, 424242] });
    expect(scene.control.ledger().map(({ method }) => method)).toEqual(['DELETE', 'DELETE']);
  });

  const notice = (body: string, ids?: readonly number[]): KeyedEffect =>
    keyed({
      kind: 'replace-comment',
      marker: 'approval-notification',
      body,
      ...(ids === undefined ? {} : { ids }),
    });

  test('are replaced by one with the new text', async () => {
    const place = { repo: NAME, number: pull.number };
    scene.control.comment(place, BOT, '[ApprovalNotifier] old');
    scene.control.comment(place, BOT, '[APPROVALNOTIFIER] older still');

    const applied = await scene.effects.changeComment(
      targetOf(pull),
      notice('[APPROVALNOTIFIER] new'),
    );

    expect(bodies()).toEqual([expect.stringMatching(/^\[APPROVALNOTIFIER\] new\n<!--/)]);
    expect(applied).toMatchObject({
      kind: 'done',
      deletedIds: [expect.any(Number), expect.any(Number)],
    });
  });

  test('are left alone when the newest says it already', async () => {
    const place = { repo: NAME, number: pull.number };
    scene.control.comment(place, BOT, '[APPROVALNOTIFIER] new\n\n(from before)');

    await scene.effects.changeComment(targetOf(pull), notice('[APPROVALNOTIFIER] new'));

    expect(writes(scene)).toEqual([]);
  });

  test('are replaced once although the first answer was lost', async () => {
    const place = { repo: NAME, number: pull.number };
    const { id } = scene.control.comment(place, BOT, '[APPROVALNOTIFIER] old');
    loseAnAnswer();
    const write = () =>
      scene.effects.changeComment(targetOf(pull), notice('[APPROVALNOTIFIER] new', [id]));

    await expect(asAttempt(1, write)).rejects.toThrow();
    await asAttempt(2, write);

    expect(bodies()).toHaveLength(1);
  });

  test('are edited, or written anew if somebody deleted them', async () => {
    const place = { repo: NAME, number: pull.number };
    const { id } = scene.control.comment(place, BOT, 'old <!-- test report -->');
    const edit = (which: number, body: string) =>
      scene.effects.changeComment(
        targetOf(pull),
        keyed({ kind: 'edit-comment', marker: 'test-report', id: which, body }),
      );

    const edited = await edit(id, 'new <!-- test report -->');
    const anew = await edit(424242, 'newer <!-- test report -->');

    expect(bodies().map((body) => body.split(' ')[0])).toEqual(['new', 'newer']);
    expect(edited).toMatchObject({ commentId: id });
    expect(anew).not.toMatchObject({ commentId: 424242 });
  });
});

describe('people', () => {
  test('are assigned; the answer tells who was', async () => {
    const applied = await scene.effects.changePeople(
      targetOf(pull),
      keyed({ kind: 'assign', logins: ['bob'] }),
    );

    expect(applied).toMatchObject({ kind: 'done', assignees: ['bob'] });
  });

  test('are asked for a review one by one when GitHub does not take all', async () => {
    const applied = await scene.effects.changePeople(
      targetOf(pull),
      keyed({ kind: 'request-review', logins: ['ann', 'bob'] }),
    );

    expect(now().requestedReviewers).toEqual(['bob']);
    expect(applied).toMatchObject({ kind: 'refused', status: 422 });
    expect(applied).toHaveProperty('message', expect.stringContaining('from ann'));
  });
});

describe('statuses', () => {
  test('are written with a description of 140 code points', async () => {
    await scene.effects.writeStatus(
      targetOf(pull),
      keyed(status({ description: '🚀'.repeat(200) })),
    );

    expect(scene.control.state(NAME).statuses[pull.headSha]).toEqual({ unit: ['pending'] });
  });

  test('are written once although the first answer was lost', async () => {
    loseAnAnswer();
    const write = () => scene.effects.writeStatus(targetOf(pull), keyed(status()));

    await expect(asAttempt(1, write)).rejects.toThrow();
    await asAttempt(2, write);

    expect(scene.control.state(NAME).statuses[pull.headSha]).toEqual({ unit: ['pending'] });
  });

  test('for a commit that is nowhere are done (R07)', async () => {
    const applied = await scene.effects.writeStatus(
      targetOf(pull),
      keyed(status({ sha: 'ab'.repeat(20) })),
    );

    expect(applied.kind).toBe('done');
  });

  test.for([
    [404, 'Not Found', 'done'],
    [422, 'This SHA and context has reached the maximum number of statuses.', 'done'],
    [422, 'Validation Failed', 'refused'],
  ] as const)('answered %j %j are %j', async ([code, message, kind]) => {
    scene.control.faults.add([
      { match: { method: 'POST' }, do: 'status', status: code, message, count: 1 },
    ]);

    const applied = await scene.effects.writeStatus(targetOf(pull), keyed(status()));

    expect(applied.kind).toBe(kind);
  });
});

describe('workflow runs of GitHub Actions', () => {
  const run = (id: number, more: Record<string, unknown>) => ({
    id,
    head_sha: pull.headSha,
    head_branch: pull.branch,
    event: 'pull_request',
    status: 'completed',
    conclusion: 'failure',
    ...more,
  });

  test('that wait are approved', async () => {
    scene.control.workflowRuns(NAME, [
      run(1, { conclusion: 'action_required' }),
      run(2, { conclusion: 'action_required', event: 'push' }),
      run(3, {}),
    ]);

    const effect = { kind: 'approve-workflow-runs', headSha: pull.headSha } as const;
    const applied = await scene.effects.steerActions(targetOf(pull), keyed(effect));

    expect(applied.kind).toBe('done');
    expect(writes(scene)).toEqual([`POST /repos/${NAME}/actions/runs/1/approve`]);
  });

  test('that failed are run again', async () => {
    scene.control.workflowRuns(NAME, [
      run(1, {}),
      run(2, { conclusion: 'success' }),
      run(3, { status: 'in_progress', conclusion: null }),
      run(4, { event: 'workflow_call', conclusion: 'cancelled' }),
    ]);

    const { headSha, branch: headRef } = pull;
    const effect = { kind: 'rerun-workflow-runs', headSha, headRef } as const;
    await scene.effects.steerActions(targetOf(pull), keyed(effect));

    expect(writes(scene)).toEqual([
      `POST /repos/${NAME}/actions/runs/1/rerun-failed-jobs`,
      `POST /repos/${NAME}/actions/runs/4/rerun-failed-jobs`,
    ]);
  });
});

describe('failures to be retried', () => {
  test.for([
    [{ status: 502 }, { type: 'GitHubUnavailable', nonRetryable: false }],
    [
      { status: 403, retryAfter: 7 },
      { type: 'GitHubLimited', nextRetryDelay: 7000 },
    ],
    [
      { status: 429, retryAfter: 3 },
      { type: 'GitHubLimited', nextRetryDelay: 3000 },
    ],
    [{ status: 401 }, { type: 'GitHubUnavailable', nextRetryDelay: 30_000 }],
  ] as const)('%j is %j', async ([fault, failure]) => {
    const [github] = clientOf(scene.url);
    const effects = createEffectActivities({ github });
    scene.control.faults.add([{ match: { method: 'POST' }, do: 'status', count: 1, ...fault }]);

    const applied = effects.changeLabel(
      targetOf(pull),
      keyed({ kind: 'add-label', label: 'lgtm' }),
    );

    await expect(applied).rejects.toMatchObject(failure);
  });
});

describe('in a dry run', () => {
  const kinds: readonly (readonly [string, () => Effect])[] = [
    ['changeLabel', () => ({ kind: 'add-label', label: 'lgtm' })],
    ['changeLabel', () => ({ kind: 'remove-label', label: 'lgtm' })],
    ['changeComment', () => ({ kind: 'comment', body: 'x' })],
    ['changeComment', () => ({ kind: 'prune-comments', marker: 'lgtm-removed' })],
    ['changeComment', () => ({ kind: 'replace-comment', marker: 'lgtm-removed', body: 'x' })],
    ['changeComment', () => ({ kind: 'edit-comment', marker: 'lgtm-removed', id: 1, body: 'x' })],
    ['changePeople', () => ({ kind: 'assign', logins: ['bob'] })],
    ['changePeople', () => ({ kind: 'request-review', logins: ['bob'] })],
    ['writeStatus', () => status()],
    ['steerActions', () => ({ kind: 'approve-workflow-runs', headSha: pull.headSha })],
    ['steerActions', () => ({ kind: 'rerun-workflow-runs', headSha: pull.headSha, headRef: 'x' })],
  ];

  test.for(kinds)('%s writes nothing', async ([name, effect]) => {
    const [github] = clientOf(scene.url, { dryRun: true });
    const effects = new Map(Object.entries(createEffectActivities({ github })));

    const applied = await effects.get(name)?.(targetOf(pull), keyed(effect()));

    expect(applied).toEqual({ kind: 'skipped', reason: 'dry run' });
    expect(scene.control.ledger()).toEqual([]);
  });
});

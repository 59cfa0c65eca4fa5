import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GitHub } from '../github/server.ts';
import { as, seedPractice, shop, startPractice } from './practice.ts';
import { listenTo, type Receiver } from './receiver.ts';

let github: GitHub;
let receiver: Receiver;
let number: number;

beforeAll(async () => {
  github = await startPractice();
});
beforeEach(async () => {
  await github.control.reset();
  await seedPractice(github);
  ({ number } = await github.control.openPull('acme/shop', {
    author: 'eve',
    title: 'B',
    files: { 'b.txt': 'b\n' },
  }));
  receiver = await listenTo(github);
  return () => receiver.close();
});
afterAll(() => github.close());

async function heard(): Promise<readonly string[]> {
  await github.control.idle();
  return receiver.names();
}

describe('reviews', () => {
  test('a review without an event waits, unseen by others, until it is submitted', async () => {
    const [bob, ann] = [as(github, 'bob'), as(github, 'ann')];
    const pull = { ...shop, pull_number: number };
    const { data: draft } = await bob.pulls.createReview({ ...pull, body: 'Hm' });
    const review = { ...pull, review_id: draft.id };

    const seen = (await ann.pulls.listReviews(pull)).data.length;
    const quiet = await heard();
    await bob.pulls.submitReview({ ...review, event: 'APPROVE', body: 'Good' });
    await bob.pulls.updateReview({ ...review, body: 'Very good' });
    const { data: read } = await ann.pulls.getReview(review);

    expect([draft.state, seen, quiet]).toEqual(['PENDING', 0, []]);
    expect(read).toMatchObject({ state: 'APPROVED', body: 'Very good' });
    expect(await heard()).toEqual(['pull_request_review.submitted', 'pull_request_review.edited']);
  });

  test('a waiting review can be thrown away, a submitted one only dismissed', async () => {
    const bob = as(github, 'bob');
    const pull = { ...shop, pull_number: number };
    const { data: draft } = await bob.pulls.createReview(pull);
    await bob.pulls.deletePendingReview({ ...pull, review_id: draft.id });
    const { data: said } = await bob.pulls.createReview({
      ...pull,
      event: 'REQUEST_CHANGES',
      body: 'No',
    });
    const review = { ...pull, review_id: said.id };

    await expect(bob.pulls.deletePendingReview(review)).rejects.toMatchObject({ status: 422 });
    await as(github, 'bot').pulls.dismissReview({ ...review, message: 'Done' });

    expect((await bob.pulls.getReview(review)).data.state).toBe('DISMISSED');
  });

  test('comments on the diff are answered, changed, listed and deleted', async () => {
    const [bob, eve] = [as(github, 'bob'), as(github, 'eve')];
    const pull = { ...shop, pull_number: number };
    const { data: review } = await bob.pulls.createReview({
      ...pull,
      event: 'COMMENT',
      body: 'See',
      comments: [{ path: 'b.txt', body: 'Why?', line: 1 }],
    });
    const { data: of } = await bob.pulls.listCommentsForReview({ ...pull, review_id: review.id });
    const comment_id = of[0]?.id ?? 0;
    const { data: reply } = await eve.pulls.createReplyForReviewComment({
      ...pull,
      comment_id,
      body: 'Because',
    });
    await eve.pulls.updateReviewComment({ ...shop, comment_id: reply.id, body: 'Because so' });
    const { data: all } = await bob.pulls.listReviewCommentsForRepo({ ...shop, sort: 'created' });
    await eve.pulls.deleteReviewComment({ ...shop, comment_id: reply.id });

    expect(all.map(({ body, in_reply_to_id: to }) => [body, to])).toEqual([
      ['Why?', undefined],
      ['Because so', comment_id],
    ]);
    expect(await heard()).toEqual([
      'pull_request_review.submitted',
      'pull_request_review_comment.created',
      'pull_request_review_comment.created',
      'pull_request_review_comment.edited',
      'pull_request_review_comment.deleted',
    ]);
  });

  test('people and teams are asked for a review', async () => {
    const ann = as(github, 'ann');
    await ann.teams.create({ org: 'acme', name: 'Cooks', privacy: 'closed' });
    const pull = { ...shop, pull_number: number };
    const wish = { reviewers: ['bob'], team_reviewers: ['cooks'] };

    await ann.pulls.requestReviewers({ ...pull, ...wish });
    const { data: asked } = await ann.pulls.listRequestedReviewers(pull);
    await ann.pulls.removeRequestedReviewers({ ...pull, ...wish });
    const { data: left } = await ann.pulls.listRequestedReviewers(pull);

    expect([asked.users.map(({ login }) => login), asked.teams.map(({ slug }) => slug)]).toEqual([
      ['bob'],
      ['cooks'],
    ]);
    expect(left).toEqual({ users: [], teams: [] });
  });
});

describe('issues', () => {
  test('are locked for strangers, put into milestones, and closed with a reason', async () => {
    const [ann, eve] = [as(github, 'ann'), as(github, 'eve')];
    const { data: issue } = await eve.issues.create({ ...shop, title: 'Slow' });
    const place = { ...shop, issue_number: issue.number };
    const { data: milestone } = await ann.issues.createMilestone({ ...shop, title: 'v1' });
    await ann.issues.lock({ ...place, lock_reason: 'resolved' });
    await ann.issues.update({ ...place, milestone: milestone.number, title: 'Very slow' });
    await ann.issues.update({ ...place, milestone: null });
    const { data: closed } = await ann.issues.update({
      ...place,
      state: 'closed',
      state_reason: 'not_planned',
    });

    await expect(eve.issues.createComment({ ...place, body: 'But' })).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('issue is locked'),
    });
    await ann.issues.unlock(place);
    await eve.issues.createComment({ ...place, body: 'But' });
    expect(closed).toMatchObject({
      state_reason: 'not_planned',
      locked: true,
      active_lock_reason: 'resolved',
      closed_by: { login: 'ann' },
    });
    expect(await heard()).toEqual([
      'issues.opened',
      'milestone.created',
      'issues.locked',
      'issues.edited',
      'issues.milestoned',
      'issues.demilestoned',
      'issues.closed',
      'issues.unlocked',
      'issue_comment.created',
    ]);
    const { data: timeline } = await ann.issues.listEventsForTimeline(place);
    expect(timeline.map((entry) => ('event' in entry ? entry.event : ''))).toEqual([
      'locked',
      'renamed',
      'milestoned',
      'demilestoned',
      'closed',
      'unlocked',
      'commented',
    ]);
  });

  test('show who may be assigned', async () => {
    const { data } = await as(github, 'ann').issues.listAssignees(shop);

    expect(data.map(({ login }) => login).sort()).toEqual(['ann', 'bob', 'bot']);
  });

  test('say of each who may be assigned to it: also who opened it', async () => {
    const { number } = github.control.openIssue('acme/shop', 'eve', { title: 'Broken' });
    const bot = as(github, 'bot');
    const may = async (assignee: string) =>
      (await bot.issues.checkUserCanBeAssignedToIssue({ ...shop, issue_number: number, assignee }))
        .status;

    expect([await may('bob'), await may('eve')]).toEqual([204, 204]);
    await github.control.seed({ users: ['carol'] });
    await expect(may('carol')).rejects.toMatchObject({ status: 404 });
  });

  test('show each line of their history by itself', async () => {
    const { number } = github.control.openIssue('acme/shop', 'eve', { title: 'Broken' });
    const bot = as(github, 'bot');
    await bot.issues.addLabels({ ...shop, issue_number: number, labels: ['lgtm'] });
    const { data: all } = await bot.issues.listEvents({ ...shop, issue_number: number });

    const { data } = await bot.issues.getEvent({ ...shop, event_id: all[0]?.id ?? 0 });

    expect(data).toMatchObject({ event: 'labeled', label: { name: 'lgtm' }, issue: { number } });
  });
});

describe('Actions', () => {
  const run = (id: number, more: Record<string, unknown>) => ({
    id,
    head_branch: 'eve-1',
    event: 'pull_request',
    status: 'completed',
    ...more,
  });

  test('runs are found by branch and state, approved and run again', async () => {
    github.control.workflowRuns('acme/shop', [
      run(1, { conclusion: 'action_required' }),
      run(2, { conclusion: 'failure' }),
      run(3, { conclusion: 'failure', head_branch: 'other' }),
    ]);
    const bot = as(github, 'bot');
    const found = async (status: 'failure' | 'action_required') =>
      (await bot.actions.listWorkflowRunsForRepo({ ...shop, branch: 'eve-1', status })).data
        .workflow_runs;

    const [waiting, failed] = [await found('action_required'), await found('failure')];
    await bot.actions.approveWorkflowRun({ ...shop, run_id: 1 });
    await bot.actions.reRunWorkflowFailedJobs({ ...shop, run_id: 2 });
    const { data: again } = await bot.actions.getWorkflowRun({ ...shop, run_id: 2 });

    expect([waiting.map(({ id }) => id), failed.map(({ id }) => id)]).toEqual([[1], [2]]);
    expect(again).toMatchObject({ status: 'queued', conclusion: null, run_attempt: 2 });
    expect(await heard()).toEqual(['workflow_run.requested', 'workflow_run.requested']);
    await expect(bot.actions.reRunWorkflow({ ...shop, run_id: 2 })).rejects.toMatchObject({
      status: 403,
    });
  });
});

test('the ledger has every write, by whichever way it came', async () => {
  github.control.resetLedger();
  github.control.label({ repo: 'acme/shop', number }, 'ann', { add: ['lgtm'] });
  await as(github, 'bot').issues.createComment({ ...shop, issue_number: number, body: 'Hi' });
  await github.control.pushBranch('acme/shop', 'main', { author: 'ann', files: { o: 'o' } });

  expect(github.control.writes()).toMatchObject([
    { actor: 'ann', event: 'pull_request.labeled', place: 'acme/shop', about: `#${number} lgtm` },
    { actor: 'bot', event: 'issue_comment.created', about: expect.stringMatching(/^#1 comment/) },
    {
      actor: 'ann',
      event: 'push',
      about: expect.stringMatching(/^refs\/heads\/main [0-9a-f]{40}$/),
    },
  ]);
});

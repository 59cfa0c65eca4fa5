import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verify } from '@octokit/webhooks-methods';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type GitHub, startGitHub } from '../github/server.ts';
import { as, seedPractice, shop, startPractice } from './practice.ts';
import { type Receiver, startReceiver } from './receiver.ts';

const SECRET = 'a secret';

let github: GitHub;
let receiver: Receiver;

beforeAll(async () => {
  github = await startPractice();
});
beforeEach(async () => {
  await github.control.reset();
  await seedPractice(github);
  receiver = await startReceiver();
  await github.control.seed({
    orgs: { acme: { hooks: [{ url: receiver.url, secret: SECRET }] } },
  });
  return () => receiver.close();
});
afterAll(() => github.close());

async function openOne(): Promise<number> {
  const files = { 'b.txt': 'b\n' };
  return (await github.control.openPull('acme/shop', { author: 'eve', title: 'B', files })).number;
}

describe('webhooks', () => {
  test('are signed so that Octokit accepts them', async () => {
    await openOne();
    await github.control.idle();

    const [first] = receiver.received;

    expect(first?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-github-event': 'pull_request',
      'user-agent': expect.stringContaining('GitHub-Hookshot/'),
      'x-hub-signature': expect.stringMatching(/^sha1=/),
    });
    const signature = String(first?.headers['x-hub-signature-256']);
    expect(await verify(SECRET, first?.body ?? '', signature)).toBe(true);
    expect(JSON.parse(first?.body ?? '')).toMatchObject({
      action: 'opened',
      number: 1,
      pull_request: { additions: 1, head: { ref: 'eve-1' } },
      repository: { full_name: 'acme/shop' },
      organization: { login: 'acme' },
      sender: { login: 'eve' },
    });
  });

  test('tell the life of a pull request in order', async () => {
    const number = await openOne();
    const place = { repo: 'acme/shop', number };
    const bot = as(github, 'bot');
    const issue = { ...shop, issue_number: number };
    github.control.comment(place, 'bob', '/lgtm');
    await bot.issues.addLabels({ ...issue, labels: ['lgtm'] });
    await bot.issues.removeLabel({ ...issue, name: 'lgtm' });
    await github.control.push(place, { author: 'eve', files: { 'b.txt': 'B\n' } });
    await bot.pulls.update({ ...shop, pull_number: number, title: 'Better' });
    await bot.issues.addAssignees({ ...issue, assignees: ['bob'] });
    github.control.review(place, 'bob', { event: 'APPROVE', body: 'fine' });
    await bot.pulls.merge({ ...shop, pull_number: number });
    await github.control.idle();

    expect(receiver.names()).toEqual([
      'pull_request.opened',
      'issue_comment.created',
      'pull_request.labeled',
      'pull_request.unlabeled',
      'push',
      'pull_request.synchronize',
      'pull_request.edited',
      'pull_request.assigned',
      'pull_request_review.submitted',
      'pull_request.closed',
      'push',
    ]);
    const push = JSON.parse(receiver.received[4]?.body ?? '');
    expect(push.commits).toMatchObject([{ modified: ['b.txt'], added: [], removed: [] }]);
    expect(push.repository).toMatchObject({
      owner: { login: 'acme', name: 'acme' },
      pushed_at: expect.any(Number),
    });
  });

  test('are kept and can be delivered again with the same GUID', async () => {
    await openOne();
    await github.control.idle();
    const ann = as(github, 'ann');
    const { data: hooks } = await ann.orgs.listWebhooks({ org: 'acme' });
    const hook = { org: 'acme', hook_id: hooks[0]?.id ?? 0 };
    const { data: kept } = await ann.orgs.listWebhookDeliveries(hook);

    await ann.orgs.redeliverWebhookDelivery({ ...hook, delivery_id: kept[0]?.id ?? 0 });
    await github.control.idle();

    const guids = receiver.received.map(({ headers }) => headers['x-github-delivery']);
    expect(guids).toHaveLength(2);
    expect(guids[0]).toBe(guids[1]);
    expect(kept).toMatchObject([{ event: 'pull_request', status: 'OK', status_code: 200 }]);
  });

  test('are not tried again by themselves: what was not taken says why', async () => {
    receiver.answer = 503;
    await openOne();
    await github.control.idle();
    receiver.answer = 200;
    github.control.openIssue('acme/shop', 'eve', { title: 'Broken' });
    await github.control.idle();
    await receiver.close();
    github.control.openIssue('acme/shop', 'eve', { title: 'Broken too' });
    await github.control.idle();

    expect(receiver.names()).toEqual(['pull_request.opened', 'issues.opened']);
    expect(
      github.control.deliveries().map(({ status, statusCode }) => [status, statusCode]),
    ).toEqual([
      ['Service Unavailable', 503],
      ['OK', 200],
      ['failed to connect to host', 0],
    ]);
  });

  test('that are not taken in time are cut off, and keep nobody else waiting', async () => {
    github.control.settings({ deliveryTimeoutMs: 100 });
    receiver.answer = 'never';
    await openOne();
    await github.control.idle();

    expect(github.control.deliveries()).toMatchObject([{ status: 'timed out', statusCode: 0 }]);
  });

  test('are kept for three days', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'bowsprit-deliveries-'));
    const now = Date.now();
    const ofAge = (hours: number, id: number) => ({
      ...{ id, hookId: 1, guid: `guid-${id}`, event: 'push', action: null, repository: null },
      redelivery: false,
      deliveredAt: new Date(now - hours * 3_600_000).toISOString(),
      request: { headers: {}, body: '{}' },
      ...{ status: 'OK', statusCode: 200, durationMs: 1, responseBody: '' },
    });
    const kept = [ofAge(100, 1), ofAge(72.1, 2), ofAge(71.9, 3), ofAge(1, 4)];
    await writeFile(join(stateDir, 'deliveries.json'), JSON.stringify(kept));

    const later = await startGitHub({ stateDir });
    const found = later.control.deliveries().map(({ id }) => id);
    await later.close();
    await rm(stateDir, { recursive: true, force: true });

    expect(found).toEqual([3, 4]);
  });

  test('go to the hook of the organisation and to that of the repository', async () => {
    const url = `${receiver.url}?repo`;
    await github.control.seed({
      repos: [{ name: 'acme/shop', hooks: [{ url, events: ['issues'] }] }],
    });

    github.control.openIssue('acme/shop', 'eve', { title: 'Broken' });
    await openOne();
    await github.control.idle();

    expect([...receiver.names()].sort()).toEqual([
      'issues.opened',
      'issues.opened',
      'pull_request.opened',
    ]);
  });
});

describe('hooks of organisations and repositories', () => {
  test('are configured, greeted and tested', async () => {
    const ann = as(github, 'ann');
    const { data: hook } = await ann.repos.createWebhook({
      ...shop,
      config: { url: `${receiver.url}?own`, content_type: 'json', secret: 'one' },
      events: ['push'],
    });
    const place = { ...shop, hook_id: hook.id };
    await ann.repos.updateWebhookConfigForRepo({ ...place, content_type: 'form' });
    await ann.repos.pingWebhook(place);
    await ann.repos.testPushWebhook(place);
    await github.control.idle();

    const own = receiver.received.filter(
      ({ headers }) => headers['x-github-hook-id'] === `${hook.id}`,
    );
    expect(own.map(({ event }) => event)).toEqual(['ping', 'ping', 'push']);
    expect(own.map(({ headers }) => headers['content-type'])).toEqual([
      'application/json',
      'application/x-www-form-urlencoded',
      'application/x-www-form-urlencoded',
    ]);
    const { data: config } = await ann.repos.getWebhookConfigForRepo(place);
    expect(config).toMatchObject({ content_type: 'form', secret: '********' });
  });

  test('the same address twice is refused', async () => {
    const ann = as(github, 'ann');
    const config = { url: `${receiver.url}?own`, content_type: 'json' };
    await ann.orgs.createWebhook({ org: 'acme', name: 'web', config });

    await expect(
      ann.orgs.createWebhook({ org: 'acme', name: 'web', config }),
    ).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('Hook already exists'),
    });
  });
});

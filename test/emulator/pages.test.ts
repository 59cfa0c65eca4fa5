import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GitHub } from '../github/server.ts';
import { as, shop, startPractice } from './practice.ts';
import { startReceiver } from './receiver.ts';
import { installed, seedShip } from './ship.ts';

const HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>';

let github: GitHub;
let number: number;

beforeAll(async () => {
  github = await startPractice();
  ({ number } = await github.control.openPull('acme/shop', {
    author: 'eve',
    title: HOSTILE,
    body: HOSTILE,
    files: { 'b.txt': `${HOSTILE}\n` },
  }));
  github.control.comment({ repo: 'acme/shop', number }, 'eve', HOSTILE);
  github.control.label({ repo: 'acme/shop', number }, 'ann', { add: ['lgtm'] });
});
afterAll(() => github.close());

async function page(path: string): Promise<string> {
  const answer = await fetch(github.url + path);
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.text();
}

test.for(['/', '/acme/shop', '/acme/shop/pull/1', '/deliveries'])(
  '%s escapes what people wrote',
  async (path) => {
    const html = await page(path);

    expect(html).not.toContain('<script');
    expect(html).not.toContain('<img');
  },
);

test('a pull request shows its diff, thread and labels', async () => {
  const html = await page(`/acme/shop/pull/${number}`);

  for (const text of ['lgtm', 'eve commented', 'b.txt', '&lt;script>', 'No checks yet']) {
    expect(html).toContain(text);
  }
});

test('a comment typed on the page is a comment by that person', async () => {
  const answer = await fetch(`${github.url}/acme/shop/pull/${number}/comment`, {
    method: 'POST',
    body: new URLSearchParams({ author: 'bob', body: '/lgtm' }),
    redirect: 'manual',
  });

  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/acme/shop/pull/1']);
  expect(github.control.state('acme/shop').issues[number]?.comments.at(-1)).toEqual({
    author: 'bob',
    body: '/lgtm',
  });
});

/** Presses a button on a page. */
async function press(path: string, fields: Record<string, string>) {
  const answer = await fetch(`${github.url}/acme/shop${path}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });
  const html = await answer.text();
  return { status: answer.status, location: answer.headers.get('location'), html };
}

function now() {
  return github.control.state('acme/shop').issues[number];
}

test.for<[string, Record<string, string>, string]>([
  ['review', { author: 'bob', event: 'APPROVE', body: 'good' }, 'pull_request_review.submitted'],
  ['label', { author: 'bot', label: 'area/core', change: 'add' }, 'pull_request.labeled'],
  ['label', { author: 'bot', label: 'area/core', change: 'remove' }, 'pull_request.unlabeled'],
  ['edit', { author: 'eve', title: 'Better', body: 'Why' }, 'pull_request.edited'],
  ['draft', { author: 'eve' }, 'pull_request.converted_to_draft'],
  ['ready', { author: 'eve' }, 'pull_request.ready_for_review'],
  ['close', { author: 'eve' }, 'pull_request.closed'],
  ['reopen', { author: 'ann' }, 'pull_request.reopened'],
])('the form %s with %j does it', async ([act, fields, event]) => {
  const { status, location } = await press(`/pull/${number}/${act}`, fields);

  expect([status, location]).toEqual([303, `/acme/shop/pull/${number}`]);
  expect(github.control.writes().at(-1)).toMatchObject({ actor: fields['author'], event });
});

test.for<[string, Record<string, string>, number, string]>([
  ['merge', { author: 'eve', method: 'merge' }, 403, 'it takes write'],
  ['review', { author: 'eve', event: 'APPROVE' }, 422, 'Can not approve your own pull request'],
  ['label', { author: 'eve', label: 'lgtm', change: 'add' }, 403, 'it takes triage'],
  ['comment', { author: 'nobody', body: 'x' }, 422, 'Nobody here is called nobody'],
  ['comment', { author: 'bob', body: ' ' }, 422, 'body'],
])('the form %s with %j is refused in words', async ([act, fields, status, words]) => {
  const before = now();

  const answer = await press(`/pull/${number}/${act}`, fields);

  expect([answer.status, answer.html.includes(words)]).toEqual([status, true]);
  expect(now()).toEqual(before);
});

test('a merge shows what blocks it, and lands when nothing does', async () => {
  const contexts = { required_status_checks: { strict: false, contexts: ['unit'] } };
  await github.control.seed({ repos: [{ name: 'acme/shop', protection: { main: contexts } }] });
  const merge = { author: 'bot', method: 'squash' };
  const path = `/pull/${number}`;
  await expect.poll(() => page(`/acme/shop${path}`)).toContain('Blocked.');
  const blocked = await press(`${path}/merge`, merge);
  await as(github, 'bot').repos.createCommitStatus({
    ...shop,
    sha: now()?.head ?? '',
    state: 'success',
    context: 'unit',
  });
  const landed = await press(`${path}/merge`, merge);

  expect(blocked.status).toBe(405);
  expect(blocked.html).toContain('Required status check &quot;unit&quot; is expected.');
  expect(landed.status).toBe(303);
  expect(await page(`/acme/shop${path}`)).toContain('by bot.');
});

test('issues are opened on the page, and pull requests from branches that were pushed', async () => {
  await as(github, 'bot').git.createRef({
    ...shop,
    ref: 'refs/heads/fix',
    sha: (await as(github, 'bot').git.getRef({ ...shop, ref: 'heads/main' })).data.object.sha,
  });
  await github.control.pushBranch('acme/shop', 'fix', { author: 'bot', files: { c: 'c\n' } });

  const issue = await press('/issues', { author: 'eve', title: 'Broken', body: 'It is' });
  const shown = await page('/acme/shop');
  const pull = await press('/pulls', { author: 'bot', title: 'Fix', head: 'fix', base: 'main' });
  const twice = await press('/pulls', { author: 'bot', title: 'Fix', head: 'fix', base: 'main' });

  expect([issue.location, pull.location]).toEqual(['/acme/shop/issues/2', '/acme/shop/pull/3']);
  expect(shown).toContain('<option value="fix">');
  expect(twice.status).toBe(422);
});

test('a check run has its page, where it is asked for again', async () => {
  await seedShip(github);
  const ship = await installed(github);
  const { headSha } = await github.control.openPull('acme/shop', {
    author: 'eve',
    title: 'D',
    files: { d: 'd\n' },
  });
  const { data: run } = await ship.checks.create({
    ...shop,
    name: 'lint',
    head_sha: headSha,
    conclusion: 'failure',
    output: { title: 'Two faults', summary: HOSTILE, text: 'line 1' },
  });
  const path = new URL(run.html_url ?? '').pathname.replace('/acme/shop', '');

  const html = await page(`/acme/shop${path}`);
  const { status } = await press(`${path}/rerequest`, { author: 'bot' });

  for (const text of ['failure', 'Two faults', '&lt;script>', 'line 1', 'by ship']) {
    expect(html).toContain(text);
  }
  expect(html).not.toContain('<script');
  expect(status).toBe(303);
  expect(github.control.writes().at(-1)?.event).toBe('check_run.rerequested');
});

test('a delivery shows what was sent and what came back, and is sent again', async () => {
  const receiver = await startReceiver();
  await github.control.seed({ orgs: { acme: { hooks: [{ url: receiver.url, secret: 's' }] } } });
  github.control.openIssue('acme/shop', 'eve', { title: HOSTILE });
  await github.control.idle();
  const [delivery] = github.control.deliveries();

  const listed = await page('/deliveries');
  const html = await page(`/deliveries/${delivery?.id}`);
  await fetch(`${github.url}/deliveries/${delivery?.id}/redeliver`, { method: 'POST' });
  await github.control.idle();

  expect(listed).toContain(`href="/deliveries/${delivery?.id}"`);
  for (const text of ['issues.opened', 'X-Hub-Signature-256', '&lt;script>', receiver.url, 'ok']) {
    expect(html).toContain(text);
  }
  expect(html).not.toContain('<script');
  expect(receiver.names()).toEqual(['issues.opened', 'issues.opened']);
  await receiver.close();
});

test('a form of another site cannot comment', async () => {
  const answer = await fetch(`${github.url}/acme/shop/pull/${number}/comment`, {
    method: 'POST',
    headers: { origin: 'http://evil.example' },
    body: new URLSearchParams({ author: 'ann', body: '/approve' }),
  });

  expect(answer.status).toBe(403);
});

test('a script of another site cannot use the control API', async () => {
  const answer = await fetch(`${github.url}/control/reset`, {
    method: 'POST',
    headers: { origin: 'http://evil.example' },
  });

  expect(answer.status).toBe(403);
});

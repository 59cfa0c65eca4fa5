import { expect, test } from 'vitest';
import type { GitHub } from '../github/server.ts';
import { anewForEachTest } from './anew.ts';
import { as, shop } from './practice.ts';
import type { Receiver } from './receiver.ts';

let github: GitHub;
let receiver: Receiver;

anewForEachTest((...anew) => {
  [github, receiver] = anew;
});

async function openOne(): Promise<number> {
  const files = { 'b.txt': 'b\n' };
  return (await github.control.openPull('acme/shop', { author: 'eve', title: 'B', files })).number;
}

test.for([
  ['drop', []],
  ['double', ['issue_comment.created', 'issue_comment.created', 'pull_request.labeled']],
  ['reorder', ['pull_request.labeled', 'issue_comment.created']],
  ['delay', ['pull_request.labeled', 'issue_comment.created']],
] as const)('%s a delivery', async ([fault, expected]) => {
  const number = await openOne();
  await github.control.idle();
  receiver.received.length = 0;
  github.control.faults.add([{ match: { event: 'issue_comment' }, do: fault, ms: 100 }]);

  github.control.comment({ repo: 'acme/shop', number }, 'ann', 'Hello');
  if (expected.length > 0) {
    github.control.label({ repo: 'acme/shop', number }, 'ann', { add: ['lgtm'] });
  }
  await github.control.idle();

  expect(receiver.names()).toEqual(expected);
});

test('an error answer, a few times', async () => {
  github.control.faults.add([
    { match: { route: '/labels' }, do: 'status', count: 2 },
    { match: { route: '/collaborators' }, do: 'status', status: 403, retryAfter: 7 },
  ]);
  const get = (path: string) => fetch(`${github.url}/repos/acme/shop${path}`);

  const statuses = [];
  for (let index = 0; index < 3; index += 1) statuses.push((await get('/labels')).status);
  const limited = await get('/collaborators');

  expect(statuses).toEqual([502, 502, 200]);
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([403, '7']);
});

test('equal seeds strike the same requests, and a clock ends a fault', async () => {
  const strikes = async (): Promise<string> => {
    github.control.faults.clear();
    github.control.faults.add([{ do: 'status', probability: 0.5 }], 7);
    const answers = [];
    for (let index = 0; index < 12; index += 1) {
      answers.push((await fetch(`${github.url}/rate_limit`)).status);
    }
    return answers.join(' ');
  };
  const first = await strikes();
  const second = await strikes();

  github.control.faults.clear();
  github.control.faults.add([{ do: 'status', forMs: 100 }]);
  const status = async () => (await fetch(`${github.url}/rate_limit`)).status;

  expect(first).toBe(second);
  expect(first).toContain('200');
  expect(first).toContain('502');
  expect(await status()).toBe(502);
  await expect.poll(status).toBe(200);
});

test('a reply that is lost after the write was carried out', async () => {
  const number = await openOne();
  github.control.faults.add([{ match: { method: 'POST' }, do: 'reply-lost', count: 1 }]);
  const bot = as(github, 'bot');

  const comment = bot.issues.createComment({ ...shop, issue_number: number, body: 'Once' });

  await expect(comment).rejects.toThrow();
  expect(github.control.state('acme/shop').issues[number]?.comments).toEqual([
    { author: 'bot', body: 'Once' },
  ]);
  await expect
    .poll(() => github.control.ledger().filter(({ method }) => method === 'POST'))
    .toMatchObject([{ route: '/repos/:owner/:repo/issues/:number/comments', status: 0 }]);
});

test('reads that lag behind writes', async () => {
  const number = await openOne();
  github.control.faults.add([{ match: { method: 'GET' }, do: 'stale-read', ms: 300 }]);
  const bot = as(github, 'bot');
  const read = async () =>
    (await bot.issues.listLabelsOnIssue({ ...shop, issue_number: number })).data.length;

  await bot.issues.addLabels({ ...shop, issue_number: number, labels: ['lgtm'] });

  expect(await read()).toBe(0);
  await expect.poll(read).toBe(1);
});

test('GraphQL and searches lag behind writes, too', async () => {
  const number = await openOne();
  github.control.faults.add([{ do: 'stale-read', ms: 2000 }]);
  const bot = as(github, 'bot');
  const query = `{repository(owner:"acme",name:"shop"){pullRequest(number:${number}){title}}}`;

  await bot.pulls.update({ ...shop, pull_number: number, title: 'Better' });
  const asked = await bot.request('POST /graphql', { baseUrl: github.url, query });
  const { data: found } = await bot.request('GET /search/issues', { q: 'repo:acme/shop Better' });
  github.control.faults.clear();
  const { data: now } = await bot.request('GET /search/issues', { q: 'repo:acme/shop Better' });

  expect(asked.data).toEqual({ data: { repository: { pullRequest: { title: 'B' } } } });
  expect([found.total_count, now.total_count]).toEqual([0, 1]);
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GitHub } from '../github/server.ts';
import { as, seedPractice, shop, startPractice, tokenOf } from './practice.ts';
import { installed, seedShip } from './ship.ts';

const NOON = '2026-05-01T12:00:00Z';
const NOON_S = Date.parse(NOON) / 1000;

let github: GitHub;

beforeAll(async () => {
  github = await startPractice();
});
beforeEach(async () => {
  await github.control.reset();
  await seedPractice(github);
});
afterAll(() => github.close());

function get(path: string, login?: string, more: Record<string, string> = {}): Promise<Response> {
  const authorization = login === undefined ? {} : { authorization: `token ${tokenOf(login)}` };
  return fetch(`${github.url}${path}`, { headers: { ...authorization, ...more } });
}

function limitOf({ headers }: Response): Record<string, string | null> {
  const names = ['limit', 'remaining', 'used', 'reset', 'resource'];
  return Object.fromEntries(names.map((name) => [name, headers.get(`x-ratelimit-${name}`)]));
}

describe('the primary limit', () => {
  test('counts requests per user, shows them in every answer, and a 304 is free', async () => {
    github.control.settings({ clockFrozenAt: NOON, rateLimit: 10 });
    const first = await get('/repos/acme/shop/labels', 'bot');
    const etag = first.headers.get('etag') ?? '';
    const again = await get('/repos/acme/shop/labels', 'bot', { 'if-none-match': etag });
    const other = await get('/repos/acme/shop/labels', 'ann');

    const shown = { limit: '10', remaining: '9', used: '1', resource: 'core' };
    expect(limitOf(first)).toEqual({ ...shown, reset: String(NOON_S + 3600) });
    expect([again.status, limitOf(again)]).toEqual([304, limitOf(first)]);
    expect(limitOf(other)).toMatchObject({ used: '1' });
  });

  test('two tokens of one user share it', async () => {
    await github.control.seed({ tokens: { second: 'bot' } });
    await get('/repos/acme/shop/labels', 'bot');

    const answer = await fetch(`${github.url}/rate_limit`, {
      headers: { authorization: 'token second' },
    });

    expect(await answer.json()).toMatchObject({ rate: { used: 1, remaining: 4999 } });
  });

  test('is one of its own for an installation of an app', async () => {
    await seedShip(github);
    const ship = await installed(github);

    await get('/repos/acme/shop', 'bot');
    const { headers } = await ship.repos.get(shop);
    const { data } = await ship.rateLimit.get();

    expect([headers['x-ratelimit-used'], headers['x-ratelimit-limit']]).toEqual(['1', '5000']);
    expect(data.resources.core).toMatchObject({ used: 1, remaining: 4999 });
  });

  test('is enforced when told so, until the clock passes the reset', async () => {
    github.control.settings({ clockFrozenAt: NOON, rateLimit: 2, rateLimitEnforced: true });
    const statuses: number[] = [];
    for (let index = 0; index < 3; index += 1) {
      statuses.push((await get('/repos/acme/shop', 'bot')).status);
    }
    const refused = await get('/repos/acme/shop', 'bot');
    const free = await get('/rate_limit', 'bot');
    github.control.settings({ clockFrozenAt: '2026-05-01T13:00:01Z' });
    const later = await get('/repos/acme/shop', 'bot');

    expect(statuses).toEqual([200, 200, 403]);
    expect(limitOf(refused)).toMatchObject({ remaining: '0' });
    expect(await refused.json()).toMatchObject({
      message: expect.stringMatching(/^API rate limit exceeded for user ID \d+\./),
    });
    expect([free.status, later.status]).toEqual([200, 200]);
  });

  test('is 60 an hour for those without a token, and 30 a minute for searches', async () => {
    github.control.settings({ rateLimitEnforced: true, anonymousLimit: 1, searchLimit: 1 });
    await get('/repos/acme/shop');
    const anonymous = await get('/repos/acme/shop');
    await get('/search/issues?q=is:pr', 'bot');
    const search = await get('/search/issues?q=is:pr', 'bot');
    const read = await get('/repos/acme/shop', 'bot');

    expect([anonymous.status, search.status, read.status]).toEqual([403, 403, 200]);
    expect(await anonymous.json()).toMatchObject({
      message: expect.stringContaining('API rate limit exceeded for 127.0.0.1.'),
    });
    expect(limitOf(search)).toMatchObject({ limit: '1', resource: 'search' });
  });

  test('counts the points of GraphQL apart', async () => {
    const ask = () =>
      fetch(`${github.url}/graphql`, {
        method: 'POST',
        headers: { authorization: `bearer ${tokenOf('bot')}` },
        body: JSON.stringify({ query: '{ viewer { login } rateLimit { cost used } }' }),
      });
    const first = await ask();
    const { resources } = await (await get('/rate_limit', 'bot')).json();

    expect(limitOf(first)).toMatchObject({ used: '1', resource: 'graphql' });
    expect(resources).toMatchObject({ core: { used: 0 }, graphql: { used: 1 } });
    await expect
      .poll(() => github.control.ledger().map(({ route, cost }) => [route, cost]))
      .toEqual(expect.arrayContaining([['/graphql', 1]]));
  });
});

describe('the secondary limits', () => {
  const enforced = { secondaryLimitsEnforced: true, clockFrozenAt: NOON };

  test('a minute of content', async () => {
    const { number } = github.control.openIssue('acme/shop', 'eve', { title: 'A' });
    github.control.settings({ ...enforced, contentPerMinute: 2 });
    const comment = () =>
      fetch(`${github.url}/repos/acme/shop/issues/${number}/comments`, {
        method: 'POST',
        headers: { authorization: `token ${tokenOf('bot')}` },
        body: '{"body":"Hello"}',
      });

    const statuses = [(await comment()).status, (await comment()).status];
    const refused = await comment();
    const label = await as(github, 'bot').issues.addLabels({
      ...shop,
      issue_number: number,
      labels: ['lgtm'],
    });
    github.control.settings({ clockFrozenAt: '2026-05-01T12:01:01Z' });
    const later = await comment();

    expect([...statuses, refused.status, label.status, later.status]).toEqual([
      201, 201, 403, 200, 201,
    ]);
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(await refused.json()).toMatchObject({
      message: expect.stringContaining('You have exceeded a secondary rate limit'),
    });
    expect(github.control.state('acme/shop').issues[number]?.comments).toHaveLength(3);
  });

  test('an hour of content', async () => {
    github.control.settings({ ...enforced, contentPerHour: 1 });
    const bot = as(github, 'bot');
    await bot.issues.create({ ...shop, title: 'A' });

    await expect(bot.issues.create({ ...shop, title: 'B' })).rejects.toMatchObject({
      status: 403,
      response: { headers: { 'retry-after': '3600' } },
    });
  });

  test('points per minute: a write counts five reads', async () => {
    const { number } = github.control.openIssue('acme/shop', 'eve', { title: 'A' });
    github.control.settings({ ...enforced, pointsPerMinute: 6 });
    const place = { ...shop, issue_number: number };

    await as(github, 'bot').issues.addLabels({ ...place, labels: ['lgtm'] });
    const read = await get('/repos/acme/shop', 'bot');
    const second = await get('/repos/acme/shop', 'bot');

    expect([read.status, second.status]).toEqual([200, 403]);
  });

  test('GraphQL has points per minute of its own', async () => {
    github.control.settings({ ...enforced, pointsPerMinute: 1, graphqlPointsPerMinute: 2 });
    const ask = () =>
      fetch(`${github.url}/graphql`, {
        method: 'POST',
        headers: { authorization: `bearer ${tokenOf('bot')}` },
        body: '{"query":"{viewer{login}}"}',
      });

    const statuses = [(await ask()).status, (await ask()).status];
    const rest = await get('/repos/acme/shop', 'bot');
    const refused = await ask();

    expect([...statuses, rest.status, refused.status]).toEqual([200, 200, 200, 403]);
    expect(refused.headers.get('retry-after')).toBe('60');
  });

  test('so many requests at once', async () => {
    github.control.settings({ ...enforced, concurrentRequests: 3, latencyMs: 200 });

    const answers = await Promise.all(
      Array.from({ length: 5 }, () => get('/repos/acme/shop', 'bot')),
    );
    const afterwards = await get('/repos/acme/shop', 'bot');

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 403, 403]);
    expect(afterwards.status).toBe(200);
  });

  test('are off unless asked for', async () => {
    github.control.settings({ contentPerMinute: 0, pointsPerMinute: 0, concurrentRequests: 0 });

    await expect(as(github, 'bot').issues.create({ ...shop, title: 'A' })).resolves.toMatchObject({
      status: 201,
    });
  });
});

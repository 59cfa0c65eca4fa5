import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGitHub, type GitHub } from '../../../activities/github/client.ts';
import { layeredEtags, memoryEtags } from '../../../activities/github/http/etag-store.ts';
import { forgetTeams, isMember, readTeam } from '../../../activities/github/read/people.ts';
import { readPull } from '../../../activities/github/read/pulls.ts';
import { readCheckRuns, readContexts } from '../../../activities/github/read/statuses.ts';
import { asAttempt } from './scene.ts';

/** Answers that the emulator never gives. */
type Answering = (request: IncomingMessage, response: ServerResponse) => void;

interface Asked {
  readonly line: string;
  readonly authorization: string | undefined;
}

let answering: Answering;
let asked: Asked[];
let url: string;
let registry: Registry;
const server = createServer((request, response) => {
  const line = `${request.method} ${request.url}`;
  asked.push({ line, authorization: request.headers.authorization });
  answering(request, response);
});

beforeEach(async () => {
  asked = [];
  registry = new Registry();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  url = `http://127.0.0.1:${address.port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function client(more: Partial<Parameters<typeof createGitHub>[0]> = {}): GitHub {
  const fixed = { endpoint: url, token: 'secret', version: '1', dryRun: false, registry };
  return createGitHub({ ...fixed, ...more });
}
/** Answers with JSON. */
function json(
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Answering {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}
const PULL = { repository: { org: 'acme', repo: 'rocket' }, number: 1 };
const LABEL = { owner: 'acme', repo: 'rocket', issue_number: 1, labels: ['lgtm'] };

function addLabel(github: GitHub) {
  return github.ask({ purpose: 'test' })(
    'POST /repos/{owner}/{repo}/issues/{issue_number}/labels',
    LABEL,
  );
}

describe('a dry run', () => {
  test.for([
    ['POST /repos/{owner}/{repo}/issues/{issue_number}/labels'],
    ['PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge'],
    ['PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}'],
    ['DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}'],
  ] as const)('lets no %s out', async ([route]) => {
    const ids = { owner: 'a', repo: 'b', issue_number: 1, pull_number: 1, comment_id: 1 };

    const request = client({ dryRun: true }).ask({ purpose: 'test' })(`${route}`, ids);

    await expect(request).rejects.toMatchObject({ type: 'DryRunViolation', nonRetryable: true });
    expect(asked).toEqual([]);
  });

  test('lets GraphQL queries out, but no mutation', async () => {
    answering = json({ data: {} });
    const ask = client({ dryRun: true }).ask({ purpose: 'test' });

    await ask('POST /graphql', { query: 'query { viewer { login } }' });
    const mutation = ask('POST /graphql', { query: 'mutation { addStar }' });

    await expect(mutation).rejects.toMatchObject({ type: 'DryRunViolation' });
    expect(asked).toHaveLength(1);
  });
});

describe('limits', () => {
  test('after a 403 with Retry-After nothing is sent until then', async () => {
    answering = json({ message: 'You have exceeded a secondary rate limit' }, 403, {
      'retry-after': '60',
    });
    const github = client();

    await expect(addLabel(github)).rejects.toMatchObject({ nextRetryDelay: 60_000 });
    await expect(readPull(github, PULL)).rejects.toMatchObject({ type: 'GitHubLimited' });

    expect(asked).toHaveLength(1);
  });

  test('a used up budget is waited for until it is reset', async () => {
    const reset = Math.floor(Date.now() / 1000) + 100;
    answering = json({ message: 'API rate limit exceeded' }, 403, {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(reset),
    });

    const failure = await readPull(client(), PULL).catch((error: unknown) => error);

    expect(failure).toMatchObject({ type: 'GitHubLimited' });
    expect(failure).toHaveProperty('nextRetryDelay', expect.closeTo(101_000, -4));
  });

  test('a secondary limit without a time is waited for a minute', async () => {
    answering = json({ message: 'You have exceeded a secondary rate limit.' }, 403);

    await expect(addLabel(client())).rejects.toMatchObject({ nextRetryDelay: 60_000 });
  });

  test('a plain 403 is a refusal', async () => {
    answering = json({ message: 'Resource not accessible by integration' }, 403);

    await expect(addLabel(client())).rejects.toMatchObject({
      type: 'GitHubRefused',
      nonRetryable: true,
      details: [{ status: 403, message: 'Resource not accessible by integration' }],
    });
  });
});

describe('time', () => {
  test('a request ends at 80 % of its activity', async () => {
    answering = () => undefined;
    const github = client();
    const start = Date.now();

    const read = asAttempt(1, () => readPull(github, PULL), 500);

    await expect(read).rejects.toMatchObject({ type: 'GitHubUnavailable' });
    expect(Date.now() - start).toBeGreaterThan(350);
    expect(Date.now() - start).toBeLessThan(500);
  });

  test('the last try ends when nobody waits for it any more', async () => {
    answering = () => undefined;
    const start = Date.now();
    const environment = new MockActivityEnvironment({
      startToCloseTimeoutMs: 10_000,
      scheduledTimestampMs: start - 19_700,
      scheduleToCloseTimeoutMs: 20_000,
    });

    const read = environment.run(() => readPull(client(), PULL));

    await expect(read).rejects.toMatchObject({ type: 'GitHubUnavailable' });
    expect(Date.now() - start).toBeLessThan(3_000);
  });

  test('a request ends with its activity', async () => {
    answering = () => environment.cancel();
    const environment = new MockActivityEnvironment({
      startToCloseTimeoutMs: 10_000,
      scheduledTimestampMs: Date.now(),
      scheduleToCloseTimeoutMs: 60_000,
    });

    const read = environment.run(() => readPull(client(), PULL));

    await expect(read).rejects.toMatchObject({ name: 'CancelledFailure' });
  });

  test('outside of an activity it ends at the default', async () => {
    answering = () => undefined;

    await expect(readPull(client({ timeoutMs: 50 }), PULL)).rejects.toMatchObject({
      type: 'GitHubUnavailable',
    });
  });
});

describe('the token', () => {
  test('is read again when its file changed, at once after a 401', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bowsprit-token-'));
    const file = join(folder, 'token');
    await writeFile(file, 'old\n');
    answering = json({ message: 'Bad credentials' }, 401);
    const github = client({ token: { file } });

    await expect(addLabel(github)).rejects.toMatchObject({ type: 'GitHubUnavailable' });
    await writeFile(file, 'newer\n');
    answering = json([]);
    await addLabel(github);

    expect(asked.map(({ authorization }) => authorization)).toEqual(['Bearer old', 'Bearer newer']);
    await rm(folder, { recursive: true });
  });

  test('is in no error and no metric', async () => {
    answering = json({ message: 'no' }, 422);

    const failure: unknown = await addLabel(client()).catch((error: unknown) => error);

    expect(JSON.stringify(failure)).not.toContain('secret');
    expect(await registry.metrics()).not.toContain('secret');
  });
});

test('every call is counted by purpose, with the route as its path', async () => {
  answering = json([], 200, { 'x-ratelimit-remaining': '4999', 'x-ratelimit-reset': '99' });

  await addLabel(client());

  const metrics = await registry.metrics();
  expect(metrics).toContain('bowsprit_github_calls_total{purpose="test",status="200"} 1');
  expect(metrics).toMatch(
    /github_request_duration_count\{[^}]*path="\/repos\/\{owner\}\/\{repo\}\/issues/,
  );
  expect(metrics).toMatch(/github_token_usage\{[^}]*ratelimit_resource="core"\} 4999/);
});

test('an answer kept from before is used again after a 304', async () => {
  const etags = memoryEtags();
  answering = (request, response) => {
    const known = request.headers['if-none-match'] === '"e"';
    json([{ name: 'a' }], known ? 304 : 200, { etag: '"e"' })(request, response);
  };
  const labels = (github: GitHub) =>
    github.ask({ purpose: 'test' })('GET /repos/{owner}/{repo}/labels', {
      owner: 'acme',
      repo: 'rocket',
    });

  await labels(client({ etags }));
  const { data } = await labels(client({ etags, registry: new Registry() }));

  expect(data).toEqual([{ name: 'a' }]);
  expect(asked).toHaveLength(2);
});

test('a far store fills the near one, and may fail', async () => {
  const near = memoryEtags();
  const far = memoryEtags();
  await far.set('k', 'e', 'body');
  const broken = {
    get: async () => Promise.reject(new Error('database')),
    set: async () => Promise.reject(new Error('database')),
  };

  expect(await layeredEtags(near, far).get('k')).toEqual({ etag: 'e', body: 'body' });
  expect(await near.get('k')).toEqual({ etag: 'e', body: 'body' });
  expect(await layeredEtags(near, broken).get('other')).toBeUndefined();
  await layeredEtags(near, broken).set('other', 'e', 'body');
  expect(await layeredEtags(near, broken).get('other')).toEqual({ etag: 'e', body: 'body' });
});

test('of a member that we may not see, the public membership counts', async () => {
  answering = (request, response) => {
    const open = request.url?.includes('public_members') === true;
    response.writeHead(open ? 204 : 302, open ? {} : { location: `${url}/elsewhere` });
    response.end();
  };

  expect(await isMember(client(), { org: 'acme', login: 'bob' })).toBe(true);
  expect(asked.map(({ line }) => line)).toEqual([
    'GET /orgs/acme/members/bob',
    'GET /orgs/acme/public_members/bob',
  ]);
});

test('a team is found by its name', async () => {
  answering = (request, response) => {
    const members = request.url?.includes('/teams/the-team/members') === true;
    json(members ? [{ login: 'Bob' }] : [{ name: 'The Team', slug: 'the-team' }])(
      request,
      response,
    );
  };
  const github = client();
  const team = (name: string) => readTeam(github, { org: 'acme', name });

  expect(await team('the-team')).toBeUndefined();
  expect(await team('The Team')).toEqual(new Set(['Bob']));
  await team('The Team');
  expect(asked).toHaveLength(3);
  forgetTeams(github, 'ACME');
  await team('The Team');
  expect(asked).toHaveLength(5);
});

test('of several check runs with one name the best counts', async () => {
  const run = (name: string, status: string, conclusion: string | null) => ({
    name,
    status,
    conclusion,
    details_url: null,
    completed_at: null,
    started_at: null,
  });
  answering = json({
    check_runs: [
      run('lint', 'completed', 'failure'),
      run('lint', 'completed', 'skipped'),
      run('unit', 'in_progress', null),
      run('e2e', 'completed', 'timed_out'),
    ],
  });

  const checks = await readCheckRuns(client(), { repository: PULL.repository, sha: 'a' });

  expect(Object.entries(checks).map(([name, { state }]) => [name, state])).toEqual([
    ['lint', 'success'],
    ['unit', 'pending'],
    ['e2e', 'failure'],
  ]);
});

test('a status hides a check run of its name', async () => {
  const check = { name: 'unit', status: 'completed', conclusion: 'failure' };
  const dates = { details_url: null, completed_at: null, started_at: null };
  const status = { context: 'unit', state: 'success', description: null, target_url: null };
  answering = (request, response) => {
    const checks = request.url?.includes('/check-runs') === true;
    json(checks ? { check_runs: [{ ...check, ...dates }] } : { statuses: [status] })(
      request,
      response,
    );
  };

  const contexts = await readContexts(client(), { repository: PULL.repository, sha: 'a' });

  expect(contexts).toMatchObject({ unit: { state: 'success' } });
});

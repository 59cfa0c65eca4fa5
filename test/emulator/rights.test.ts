import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GitHub } from '../github/server.ts';
import { seedPractice, startPractice, tokenOf } from './practice.ts';
import { client, installationId, jwt, seedShip } from './ship.ts';

const run = promisify(execFile);

let github: GitHub;
let head: string;
/** By what a row of a table calls it. */
let tokens: Readonly<Record<string, string | undefined>>;

beforeAll(async () => {
  github = await startPractice();
});
beforeEach(async () => {
  await github.control.reset();
  await seedPractice(github);
  await github.control.seed({
    repos: [{ name: 'acme/secret', private: true, files: { a: 'a\n' }, labels: ['lgtm'] }],
    tokens: {
      'classic-none': { login: 'ann', scopes: [] },
      'classic-public': { login: 'ann', scopes: ['public_repo'] },
      'classic-status': { login: 'ann', scopes: ['repo:status'] },
      'classic-repo': { login: 'ann', scopes: ['repo'] },
      'classic-hooks': { login: 'ann', scopes: ['admin:org_hook'] },
      fork: { login: 'ann', readOnly: true },
      old: { login: 'ann', expiresAt: '2020-01-01T00:00:00Z' },
    },
  });
  await seedShip(github);
  const app = client(github, jwt());
  const { data } = await app.apps.createInstallationAccessToken({
    installation_id: await installationId(github),
  });
  tokens = { nobody: undefined, app: data.token, ann: tokenOf('ann'), eve: tokenOf('eve') };
  github.control.openIssue('acme/secret', 'ann', { title: 'Hidden' });
  const files = { b: 'b\n' };
  const pull = await github.control.openPull('acme/shop', { author: 'eve', title: 'B', files });
  head = pull.headSha;
});
afterAll(() => github.close());

function tokenFor(who: string): string | undefined {
  return who in tokens ? tokens[who] : who;
}

async function ask(who: string, request: string, body?: unknown) {
  const [method = '', path = ''] = request.split(' ');
  const token = tokenFor(who);
  const answer = await fetch(github.url + path.replace('HEAD', head), {
    method,
    headers: token ? { authorization: `token ${token}` } : {},
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text };
}

const INTEGRATION = 'Resource not accessible by integration';
const TOKEN = 'Resource not accessible by personal access token';
const LABEL = 'POST /repos/acme/shop/issues/1/labels';
const STATUS = 'POST /repos/acme/shop/statuses/HEAD';
const HOOKS = 'GET /orgs/acme/hooks';
const SECRET = 'GET /repos/acme/secret';

describe('what a token may do', () => {
  test.for<[string, string, number, string]>([
    // A private repository is none for those who may not see it.
    ['nobody', SECRET, 404, 'Not Found'],
    ['eve', SECRET, 404, 'Not Found'],
    ['classic-none', SECRET, 404, 'Not Found'],
    ['classic-public', SECRET, 404, 'Not Found'],
    ['app', SECRET, 404, 'Not Found'],
    ['classic-repo', SECRET, 200, 'acme/secret'],
    ['fork', SECRET, 200, 'acme/secret'],
    ['old', SECRET, 401, 'Bad credentials'],
    // Writing takes a scope.
    ['nobody', LABEL, 401, 'Requires authentication'],
    ['eve', LABEL, 403, ''],
    ['classic-none', LABEL, 403, TOKEN],
    ['classic-status', LABEL, 403, TOKEN],
    ['classic-public', LABEL, 200, 'lgtm'],
    ['fork', LABEL, 403, INTEGRATION],
    ['app', LABEL, 200, 'lgtm'],
    ['classic-status', STATUS, 201, 'success'],
    ['classic-none', STATUS, 403, TOKEN],
    ['app', STATUS, 403, INTEGRATION],
    // The hooks of an organisation have a scope of their own.
    ['classic-repo', HOOKS, 403, TOKEN],
    ['classic-hooks', HOOKS, 200, '[]'],
  ])('%s: %s is %i %s', async ([who, request, status, words]) => {
    const body = request === LABEL ? ['lgtm'] : { state: 'success' };

    const answer = await ask(who, request, request.startsWith('GET') ? undefined : body);

    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(words)]);
  });

  test('a classic token is told which scopes it has, and which would do', async () => {
    const { headers } = await ask('classic-status', LABEL, ['lgtm']);

    expect(headers.get('x-oauth-scopes')).toBe('repo:status');
    expect(headers.get('x-accepted-oauth-scopes')).toBe('repo, public_repo');
  });

  test.for<[string, number]>([
    ['nobody', 0],
    ['eve', 0],
    ['classic-public', 0],
    ['app', 0],
    ['classic-repo', 1],
    ['ann', 1],
  ])('%s finds %i issues in a private repository', async ([who, count]) => {
    const found = await ask(who, 'GET /search/issues?q=repo:acme/secret');
    const query = '{search(type:ISSUE,query:"repo:acme/secret",first:1){issueCount}}';
    const asked = await ask(who, 'POST /graphql', { query });

    expect(JSON.parse(found.text).total_count).toBe(count);
    if (who === 'nobody') expect(asked.status).toBe(401);
    else expect(JSON.parse(asked.text).data.search.issueCount).toBe(count);
  });
});

describe('git with a token', () => {
  async function listed(who: string, repo: string): Promise<boolean> {
    const token = tokenFor(who);
    const remote = github.url.replace('//', `//${token ? `x:${token}@` : ''}`);
    const args = ['ls-remote', `${remote}/acme/${repo}.git`];
    return run('git', args, { env: { ...process.env, GIT_TERMINAL_PROMPT: '0' } }).then(
      () => true,
      () => false,
    );
  }

  test.for<[string, string, boolean]>([
    ['nobody', 'shop', true],
    ['nobody', 'secret', false],
    ['eve', 'secret', false],
    ['classic-public', 'secret', false],
    ['classic-repo', 'secret', true],
    ['old', 'secret', false],
    ['app', 'secret', false],
    ['app', 'shop', true],
  ])('%s reads %s: %s', async ([who, repo, may]) => {
    expect(await listed(who, repo)).toBe(may);
  });

  test.for<[string, number]>([
    ['nobody', 401],
    ['eve', 403],
    ['fork', 403],
    ['classic-status', 403],
    ['app', 403],
    ['classic-public', 200],
    ['ann', 200],
  ])('%s may push: %i', async ([who, status]) => {
    const answer = await ask(who, 'GET /acme/shop.git/info/refs?service=git-receive-pack');

    expect(answer.status).toBe(status);
  });
});

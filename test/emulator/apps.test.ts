import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GitHub } from '../github/server.ts';
import { as, seedPractice, shop, startPractice } from './practice.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { client, installationId, installed, jwt, SHIP, seedShip } from './ship.ts';

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
    repos: [{ name: 'acme/secret', private: true, files: { a: 'a\n' } }],
  });
  await seedShip(github, { url: receiver.url, secret: 'quiet' });
  return () => receiver.close();
});
afterAll(() => github.close());

describe('an app in its own name', () => {
  test('sees itself and where it is installed', async () => {
    const app = client(github, jwt());

    const { data: self } = await app.apps.getAuthenticated();
    const { data: installations } = await app.apps.listInstallations();
    const { data: org } = await app.apps.getOrgInstallation({ org: 'acme' });

    expect(self).toMatchObject({ id: SHIP, slug: 'ship', installations_count: 1 });
    expect(installations).toMatchObject([{ app_id: SHIP, repository_selection: 'selected' }]);
    expect(org.id).toBe(installations[0]?.id);
  });

  test.for([
    ['an old one', () => jwt({ exp: Math.floor(Date.now() / 1000) - 100 })],
    ['one that lasts too long', () => jwt({ exp: Math.floor(Date.now() / 1000) + 3600 })],
    ['one of another app', () => jwt({}, 78)],
    ['one with a changed text', () => `${jwt().slice(0, -8)}AAAAAAAA`],
  ] as const)('a JSON web token is refused: %s', async ([, make]) => {
    await expect(client(github, make()).apps.getAuthenticated()).rejects.toMatchObject({
      status: 401,
    });
  });

  test('it is not for repositories', async () => {
    await expect(client(github, jwt()).issues.listForRepo(shop)).rejects.toMatchObject({
      status: 403,
    });
  });

  test('where it is not installed there is no installation', async () => {
    const secret = { owner: 'acme', repo: 'secret' };

    await expect(client(github, jwt()).apps.getRepoInstallation(secret)).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe('a token of an installation', () => {
  test('speaks as the bot of the app, within its permissions and repositories', async () => {
    const ship = await installed(github);
    const { data: issue } = await ship.issues.create({ ...shop, title: 'From the app' });
    const { data: repos } = await ship.apps.listReposAccessibleToInstallation();

    expect(issue.user).toMatchObject({ login: 'ship[bot]', type: 'Bot' });
    expect(repos).toMatchObject({ total_count: 1, repositories: [{ full_name: 'acme/shop' }] });
    await expect(ship.issues.listForRepo({ owner: 'acme', repo: 'secret' })).rejects.toMatchObject({
      status: 404,
    });
    await expect(
      ship.repos.createWebhook({ ...shop, config: { url: 'http://127.0.0.1:9' } }),
    ).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('Resource not accessible by integration'),
    });
  });

  test('may be narrowed, not widened', async () => {
    const ship = await installed(github, { permissions: { issues: 'read' } });

    await expect(ship.issues.create({ ...shop, title: 'No' })).rejects.toMatchObject({
      status: 403,
    });
    await expect(installed(github, { permissions: { contents: 'write' } })).rejects.toMatchObject({
      status: 422,
    });
    await expect(installed(github, { repositories: ['secret'] })).rejects.toMatchObject({
      status: 422,
    });
  });

  test('its check runs are the app’s', async () => {
    const { headSha } = await github.control.openPull('acme/shop', {
      author: 'eve',
      title: 'B',
      files: { b: 'b\n' },
    });
    const ship = await installed(github);

    const { data } = await ship.checks.create({ ...shop, name: 'unit', head_sha: headSha });
    const done = { ...shop, check_run_id: data.id, conclusion: 'success' as const };
    const refused = {
      status: 403,
      message: expect.stringContaining('authenticate via a GitHub App'),
    };

    expect(data.app?.slug).toBe('ship');
    await expect(as(github, 'ann').checks.update(done)).rejects.toMatchObject(refused);
    await expect(
      as(github, 'ann').checks.create({ ...shop, name: 'mine', head_sha: headSha }),
    ).rejects.toMatchObject(refused);
    expect((await ship.checks.update(done)).data).toMatchObject({ status: 'completed' });
  });

  test('sees a repository that an owner chooses later, until he takes it away', async () => {
    const { data: secret } = await as(github, 'ann').repos.get({ owner: 'acme', repo: 'secret' });
    const place = { installation_id: await installationId(github), repository_id: secret.id };
    const count = async () =>
      (await (await installed(github)).apps.listReposAccessibleToInstallation()).data.total_count;

    await as(github, 'ann').apps.addRepoToInstallationForAuthenticatedUser(place);
    expect(await count()).toBe(2);
    await as(github, 'ann').apps.removeRepoFromInstallationForAuthenticatedUser(place);
    expect(await count()).toBe(1);
    await github.control.idle();
    expect(receiver.names()).toEqual([
      'installation.created',
      'installation_repositories.added',
      'installation_repositories.removed',
    ]);
  });

  test('ends when it is given back, and with a suspension', async () => {
    const ship = await installed(github);
    await ship.apps.revokeInstallationAccessToken();
    const again = await installed(github);
    const installation_id = await installationId(github);
    await client(github, jwt()).apps.suspendInstallation({ installation_id });

    await expect(ship.issues.listForRepo(shop)).rejects.toMatchObject({ status: 401 });
    await expect(again.issues.listForRepo(shop)).rejects.toMatchObject({ status: 401 });
    await expect(installed(github)).rejects.toMatchObject({ status: 403 });
    await client(github, jwt()).apps.unsuspendInstallation({ installation_id });
    await expect((await installed(github)).issues.listForRepo(shop)).resolves.toMatchObject({
      status: 200,
    });
  });
});

describe('the webhook of an app', () => {
  test('hears what the app asked for, in its repositories, with the installation', async () => {
    await github.control.idle();
    const before = receiver.received.length;
    github.control.openIssue('acme/shop', 'eve', { title: 'Seen' });
    github.control.openIssue('acme/secret', 'ann', { title: 'Unseen' });
    await github.control.idle();

    const heard = receiver.received.slice(before);
    expect(heard.map(({ event }) => event)).toEqual(['issues.opened']);
    expect(JSON.parse(heard[0]?.body ?? '')).toMatchObject({
      issue: { title: 'Seen' },
      installation: { id: await installationId(github) },
    });
    expect(heard[0]?.headers['x-github-hook-installation-target-type']).toBe('integration');
  });

  test('hears of its own installation without asking', async () => {
    const installation_id = await installationId(github);
    await client(github, jwt()).apps.suspendInstallation({ installation_id });
    await client(github, jwt()).apps.unsuspendInstallation({ installation_id });
    await client(github, jwt()).apps.deleteInstallation({ installation_id });
    await github.control.idle();

    expect(receiver.names()).toEqual([
      'installation.created',
      'installation.suspend',
      'installation.unsuspend',
      'installation.deleted',
    ]);
  });

  test('shows its deliveries by cursor, and sends them again', async () => {
    for (const title of ['One', 'Two', 'Three']) {
      github.control.openIssue('acme/shop', 'eve', { title });
    }
    await github.control.idle();
    const app = client(github, jwt());

    const all = await app.paginate('GET /app/hook/deliveries', { per_page: 2 });
    const [newest] = all;
    await app.apps.redeliverWebhookDelivery({ delivery_id: newest?.id ?? 0 });
    await github.control.idle();

    expect(all.map(({ event }) => event)).toEqual(['issues', 'issues', 'issues', 'installation']);
    const guids = receiver.received.map(({ headers }) => headers['x-github-delivery']);
    expect(guids.at(-1)).toBe(guids.at(-2));
    expect((await app.apps.getWebhookConfigForApp()).data.url).toBe(receiver.url);
    await app.apps.updateWebhookConfigForApp({ content_type: 'form' });
    expect((await app.apps.getWebhookConfigForApp()).data.content_type).toBe('form');
  });
});

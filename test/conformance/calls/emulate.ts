import { generateKeyPairSync } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEmulator } from 'emulate';
import { freePort } from '../../../workers/provision/ports.ts';
import { shapeOf } from '../../github/contract/description.ts';
import { APP, CHANGE, clientAt, LOGINS, ORG, type Place, tokenOf } from './place.ts';

const ROUTE = /app\.(get|post|put|patch|delete)\("([^"]+)"/g;

/** The routes that it registers: its answer to others is a 404 like any other. */
async function routesOf(): Promise<ReadonlySet<string>> {
  const folder = dirname(fileURLToPath(import.meta.resolve('emulate')));
  const files = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  const code = texts.find((text) =>
    text.includes('"/repos/:owner/:repo/pulls/:pull_number/merge"'),
  );
  const found = (code ?? '').matchAll(ROUTE);
  return new Set(
    [...found].map(([, method = '', path = '']) => shapeOf(method, path.replaceAll('{.+}', ''))),
  );
}

/** The npm package `emulate`, of which we looked at this version only. */
export async function startEmulate(): Promise<Place> {
  const port = await freePort();
  const routes = await routesOf();
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const scopes = ['repo', 'admin:org', 'admin:org_hook', 'user'];
  const emulator = await createEmulator({
    service: 'github',
    port,
    seed: {
      tokens: Object.fromEntries(LOGINS.map((login) => [tokenOf(login), { login, scopes }])),
      github: {
        users: LOGINS.map((login) => ({ login, name: login, email: `${login}@example.com` })),
        orgs: [
          {
            login: ORG,
            name: ORG,
            members: [
              { login: 'bot', role: 'admin' },
              { login: 'ann', role: 'member' },
              { login: 'bob', role: 'member' },
            ],
          },
        ],
        apps: [
          {
            app_id: APP.id,
            slug: APP.slug,
            name: APP.slug,
            private_key: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
            installations: [{ installation_id: 1, account: ORG, repository_selection: 'all' }],
          },
        ],
      },
    },
  });
  const url = `http://127.0.0.1:${port}`;
  let shops = 0;
  return {
    name: 'emulate@0.12.2',
    url,
    appKey: privateKey,
    serves: (call) => {
      const [method = '', path = ''] = call.split(' ');
      return routes.has(shapeOf(method, path));
    },
    async openShop() {
      shops += 1;
      const repo = `shop-${shops}`;
      const at = { owner: ORG, repo };
      const bot = clientAt(url, tokenOf('bot'));
      await bot.rest.repos.createInOrg({ org: ORG, name: repo, auto_init: true });
      for (const username of ['ann', 'bob']) {
        await bot.rest.repos.addCollaborator({ ...at, username, permission: 'push' });
      }
      const { data: main } = await bot.rest.git.getRef({ ...at, ref: 'heads/main' });
      const base = main.object.sha;
      const ann = clientAt(url, tokenOf('ann'));
      await ann.rest.git.createRef({ ...at, ref: 'refs/heads/change', sha: base });
      const { data: written } = await ann.rest.repos.createOrUpdateFileContents({
        ...at,
        branch: 'change',
        path: CHANGE.path,
        message: CHANGE.message,
        content: Buffer.from(CHANGE.content).toString('base64'),
      });
      const { title } = CHANGE;
      const pull = { ...at, title, head: 'change', base: 'main' };
      const { data: opened } = await ann.rest.pulls.create(pull);
      return { ...at, number: opened.number, head: written.commit.sha ?? '', base };
    },
    close: () => emulator.close(),
  };
}

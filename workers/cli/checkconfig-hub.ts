import { createSign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { createGitHub } from '../../activities/github/client.ts';
import { refusalOf } from '../../activities/github/http/failure.ts';
import type { Hub } from '../../config/checks/github-checks.ts';
import { VERSION } from '../version.ts';
import type { GitHubAccess } from './checkconfig-options.ts';

const PAGE = 100;
const repositories = z.array(z.object({ full_name: z.string(), archived: z.boolean() }));
const installations = z.array(z.object({ account: z.object({ login: z.string() }) }));

/** GitHub, as far as the checks ask it; it writes nothing. */
export function createHub({ endpoint, tokenPath, app }: GitHubAccess): Hub {
  const ask = (token: string | { readonly file: string }) =>
    createGitHub({ endpoint, token, version: VERSION, dryRun: true }).ask({
      purpose: 'checkconfig',
      lane: 'repair',
    });
  const asBot = ask(tokenPath === undefined ? '' : { file: tokenPath });
  return {
    async repositories(org) {
      const all = await pages(async (page) => {
        const { data } = await asBot('GET /orgs/{org}/repos', { org, page, per_page: PAGE });
        return repositories.parse(data);
      });
      return all.filter(({ archived }) => !archived).map(({ full_name }) => full_name);
    },
    async hasFile(repository, path) {
      const [owner = '', repo = ''] = repository.split('/');
      try {
        await asBot('GET /repos/{owner}/{repo}/contents/{path}', { owner, repo, path });
        return true;
      } catch (error) {
        if (refusalOf(error)?.status === 404) return false;
        throw error;
      }
    },
    async installations() {
      if (app === undefined) throw new Error('no GitHub app is configured');
      const asApp = ask(appToken(app.id, await readFile(app.keyPath, 'utf8')));
      const all = await pages(async (page) => {
        const { data } = await asApp('GET /app/installations', { page, per_page: PAGE });
        return installations.parse(data);
      });
      return all.map(({ account }) => account.login);
    },
  };
}

async function pages<Item>(ask: (page: number) => Promise<readonly Item[]>) {
  const all: Item[] = [];
  for (let page = 1; ; page++) {
    const items = await ask(page);
    all.push(...items);
    if (items.length < PAGE) return all;
  }
}

/** The token by which a GitHub app shows who it is; good for nine minutes. */
function appToken(id: string, key: string): string {
  const now = Math.floor(Date.now() / 1000);
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claims = { iat: now - 60, exp: now + 540, iss: id };
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
}

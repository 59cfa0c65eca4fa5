import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { openDatabase } from '../../activities/database/database.ts';
import { freshDatabase, type TestDatabase } from '../environment.ts';
import {
  type PracticeSite,
  practiceSite,
  publishPool,
  publishPull,
  publishRun,
  uuidOf,
  writeLog,
} from './practice-site.ts';

let database: TestDatabase;
let site: PracticeSite;

beforeAll(async () => {
  database = await freshDatabase();
  site = await practiceSite(database.db);
  await Promise.all(
    Array.from({ length: 120 }, (_, n) =>
      publishRun(database.db, site, n, {
        job: n % 2 === 0 ? 'unit' : 'lint_all',
        state: n % 3 === 0 ? 'failure' : 'success',
        completedAt: '2026-11-23T11:00:00.000Z',
      }),
    ),
  );
  await publishRun(database.db, site, 500, { description: '<script>alert(1)</script>' });
  await writeLog(site, 500, '\u001b[31mred\u001b[0m <img src=x onerror=alert(1)>\nhalf a li');
  await publishPool(database.db);
  await publishPull(database.db);
});
afterAll(async () => {
  await site.app.close();
  await database.drop();
});

async function page(url: string): Promise<string> {
  const response = await site.app.inject({ url, headers: { accept: 'text/html' } });
  expect(response.statusCode).toBe(200);
  expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
  return response.body;
}

function rows(html: string): number {
  return html.split('<tr>').length - 2;
}

describe('the list of runs', () => {
  test.for([
    ['/', 50],
    ['/?state=failure', 40],
    ['/?state=nonsense', 50],
    ['/?job=unit&state=failure', 20],
    ['/?job=*int_all', 50],
    ['/?job=lint%25', 0],
    ['/?job=unit_all', 0],
    ['/?repo=acme%2FWidgets', 50],
    ['/?repo=acme%2Fother', 0],
    ['/?pull=7&author=ANN&type=presubmit&cluster=default', 50],
    ['/?pull=8', 0],
    ['/?after=nonsense', 50],
  ] as const)('%s shows %d', async ([url, count]) => {
    expect(Math.max(rows(await page(url)), 0)).toBe(count);
  });

  it('goes on to the last run, each once', async () => {
    const seen: string[] = [];
    let next: string | undefined = '/';
    while (next) {
      const html: string = await page(next);
      seen.push(...[...html.matchAll(/href="\/runs\/([\w-]+)"/g)].map((match) => match[1] ?? ''));
      next = /href="([^"]+)">Older runs/.exec(html)?.[1]?.replaceAll('&amp;', '&');
    }

    expect(seen).toHaveLength(121);
    expect(new Set(seen).size).toBe(121);
  });
});

describe('pages', () => {
  it('show a run with its log as text, and where its workflow is', async () => {
    const html = await page(`/runs/${uuidOf(500)}`);

    expect(html).toContain('&lt;script>alert(1)&lt;/script>');
    expect(html).toContain('<span class="ansi-fg-red">red</span>');
    expect(html).toContain('&lt;img src=x onerror=alert(1)>');
    expect(html).not.toContain('half a li');
    expect(html).toContain(
      `http://127.0.0.1:8233/namespaces/default/workflows/job%2F${uuidOf(500)}`,
    );
  });

  it('show a pool in order with reasons', async () => {
    const html = await page('/tide');

    expect(html.indexOf('#5')).toBeLessThan(html.indexOf('#6'));
    expect(html).toContain('An approver says /approve: ann, bob.');
    expect(html).toContain('Change 5 &lt;b>boldly&lt;/b>');
    expect(html).toContain('workflows/pool%2Facme%2Fwidgets%2Fmain');
  });

  it('show what a pull request needs, what was decided, and no link that is a script', async () => {
    const html = await page('/pull/acme/widgets/7');

    expect(html).toContain('What it still needs');
    expect(html).toContain('Needed: label approved');
    expect(html).toContain('bob may say /lgtm.');
    expect(html).toContain('workflows/pr%2Facme%2Fwidgets%2F7');
    expect(html).not.toContain('javascript:');
    expect(html).not.toContain('gone');
  });

  test.for([
    ['/command-help', true],
    ['/command-help?q=adds+LABEL', true],
    ['/command-help?q=%2Fhold', true],
    ['/command-help?q=lgtm', false],
    ['/command-help?repo=a/b', true],
  ] as const)('%s finds /hold: %s', async ([url, found]) => {
    expect((await page(url)).includes('/hold [cancel]')).toBe(found);
  });

  test.for(['/', '/pulls', '/plugins', '/tide', '/command-help', `/runs/${uuidOf(1)}`])(
    '%s has one heading, navigation, and nothing from elsewhere',
    async (url) => {
      const response = await site.app.inject(url);

      expect(response.body.match(/<h1/g)).toHaveLength(1);
      expect(response.body).toContain('aria-label="Main"');
      expect(response.body).not.toMatch(/(src|action)="https?:/);
      expect(response.body).not.toMatch(/<script>|style="|onclick=/);
      expect(response.headers['content-security-policy']).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'$/,
      );
      expect(response.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
      });
    },
  );

  it('load a small style sheet and a small script that never change under their name', async () => {
    const html = await page('/');
    const files = [...html.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map(([, file]) => file);

    expect(files).toHaveLength(2);
    for (const file of files) {
      const response = await site.app.inject(String(file));
      expect(response.statusCode).toBe(200);
      expect(response.rawPayload.length).toBeLessThan(12_000);
      expect(response.headers['cache-control']).toContain('immutable');
    }
  });

  it('say in words that the database is away, while health goes on', async () => {
    const gone = openDatabase('postgres://nobody@127.0.0.1:1/none');
    const cut = await practiceSite(gone);

    const response = await cut.app.inject({ url: '/', headers: { accept: 'text/html' } });

    expect(response.statusCode).toBe(503);
    expect(response.body).toContain('The database is away');
    expect((await cut.app.inject('/healthz')).statusCode).toBe(200);
    expect((await cut.app.inject('/readyz')).body).toContain('not available');
    await cut.app.close();
    await gone.close();
  });
});

import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { freshDatabase, type TestDatabase } from '../environment.ts';
import {
  type PracticeSite,
  practiceSite,
  publishPool,
  publishPull,
  publishRun,
  uuidOf,
  writeArtifact,
  writeLog,
} from './practice-site.ts';

let database: TestDatabase;
let site: PracticeSite;

beforeAll(async () => {
  database = await freshDatabase();
  site = await practiceSite(database.db);
  await publishRun(database.db, site, 1);
  await publishRun(database.db, site, 2, {
    job: 'lint',
    state: 'failure',
    completedAt: '2026-11-23T10:05:00.000Z',
  });
  await publishRun(database.db, site, 3, {
    state: 'success',
    completedAt: '2026-11-23T10:05:00.000Z',
    author: 'bob',
  });
  await publishPool(database.db);
  await publishPull(database.db);
  await writeLog(site, 1, '0123456789');
  await writeArtifact(site, 1, ['report.html', '<script>alert(1)</script>']);
  await writeArtifact(site, 1, ['core', '\u0000']);
});
afterAll(async () => {
  await site.app.close();
  await database.drop();
});

async function json(url: string) {
  const response = await site.app.inject(url);
  expect(response.statusCode).toBe(200);
  return response.json();
}

describe('/prowjobs.js', () => {
  it('has the objects, newest first, without what only their owners should see', async () => {
    const { items } = await json('/prowjobs.js');

    expect(items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual([
      uuidOf(3),
      uuidOf(2),
      uuidOf(1),
    ]);
    expect(items[0].spec.pod_spec.containers[0].env).toEqual([
      { name: 'API_TOKEN', value: 'not shown' },
      { name: 'MODE', value: 'fast' },
    ]);
  });

  it('leaves out what is asked to be, but one empty object per container', async () => {
    const { items } = await json(
      '/prowjobs.js?omit=annotations,labels,decoration_config,pod_spec&owner=bob',
    );

    expect(items).toHaveLength(1);
    expect(items[0].metadata).toEqual({ name: uuidOf(1).replace(/1$/, '3') });
    expect(items[0].spec.decoration_config).toBeUndefined();
    expect(items[0].spec.pod_spec).toEqual({ containers: [{}] });
  });

  test.for([
    ['?var=allBuilds', 200, 'text/javascript; charset=utf-8', /^var allBuilds = \{"items":/],
    ['?var=a;alert(1)', 400, 'text/plain; charset=utf-8', /identifier/],
    ['?var=', 400, 'text/plain; charset=utf-8', /identifier/],
    ['?var=a&var=b', 400, 'text/plain; charset=utf-8', /identifier/],
  ] as const)('%s', async ([query, status, type, body]) => {
    const response = await site.app.inject(`/prowjobs.js${query}`);

    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toBe(type);
    expect(response.body).toMatch(body);
  });

  it('is not sent twice to who has it', async () => {
    const first = await site.app.inject('/prowjobs.js');

    const again = await site.app.inject({
      url: '/prowjobs.js',
      headers: { 'if-none-match': String(first.headers.etag) },
    });

    expect(again.statusCode).toBe(304);
    expect(again.body).toBe('');
  });
});

describe('the other addresses of Prow', () => {
  it('/tide.js has the pool with those that may merge', async () => {
    expect(await json('/tide.js')).toMatchObject({
      Queries: null,
      Pools: [
        {
          Org: 'Acme',
          Repo: 'widgets',
          Branch: 'main',
          SuccessPRs: [{ Number: 5 }, { Number: 6, HeadRefOID: 'b'.repeat(40) }],
          PendingPRs: null,
          MissingPRs: null,
          BatchPending: null,
          Action: 'MERGE_BATCH',
          Target: [{ Number: 5 }, { Number: 6 }],
          Blockers: null,
          Error: '',
        },
      ],
    });
  });

  it('/tide-history.js has what the pools did', async () => {
    expect(await json('/tide-history.js')).toEqual({
      History: {
        'Acme/widgets:main': [
          {
            time: '2026-11-23T10:00:00.000Z',
            action: 'MERGE',
            baseSHA: 'a'.repeat(40),
            target: [{ number: 5, author: 'ann', title: 'Change 5', sha: 'b'.repeat(40) }],
            tenantids: ['GlobalDefaultID'],
          },
        ],
      },
    });
  });

  it('/plugin-help.js comes from the declarations, as HTML-safe text', async () => {
    expect(await json('/plugin-help.js')).toMatchObject({
      AllRepos: [],
      RepoPlugins: { '': ['hold'] },
      PluginHelp: {
        hold: {
          Events: ['GenericCommentEvent (any event for user text)'],
          Commands: [
            { Usage: '/hold [cancel]', Description: 'Adds or removes the label &lt;hold&gt;.' },
          ],
        },
      },
    });
  });

  test.for([
    ['GET', 200],
    ['POST', 405],
    ['DELETE', 405],
  ] as const)('%s /plugin-help', async ([method, status]) => {
    const response = await site.app.inject({ method, url: '/plugin-help' });

    expect(response.statusCode).toBe(status);
  });

  it('/prowjob is YAML as plain text', async () => {
    const response = await site.app.inject(`/prowjob?prowjob=${uuidOf(1)}`);

    expect(response.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(parse(response.body)).toMatchObject({ kind: 'ProwJob', metadata: { name: uuidOf(1) } });
    expect(response.body).not.toContain('hush');
  });

  test.for([
    ['unit', /passing/],
    ['*', /failing lint/],
    ['none-*', /no results/],
  ] as const)('/badge.svg of %s', async ([jobs, text]) => {
    const response = await site.app.inject(`/badge.svg?jobs=${jobs}`);

    expect(response.headers['content-type']).toBe('image/svg+xml');
    expect(response.body).toMatch(text);
  });

  test.for([
    [`/view/prowjob/${uuidOf(1)}`, `/runs/${uuidOf(1)}`],
    ['/view/gs/bucket/pr-logs/pull/Acme_widgets/7/unit/190000000000000001', `/runs/${uuidOf(1)}`],
    ['/view/file/b/pr-logs/pull/Acme_widgets/7/lint/190000000000000002/', `/runs/${uuidOf(2)}`],
    ['/pr-history?org=Acme&repo=widgets&pr=7', '/pull/Acme/widgets/7'],
    ['/pr-history/?org=Acme&repo=../x&pr=7', '/pull/Acme/..%2Fx/7'],
    ['/tide-history', '/tide#history'],
  ] as const)('%s leads to %s', async ([from, to]) => {
    const response = await site.app.inject(from);

    expect(response.statusCode).toBe(302);
    expect(response.headers.location).toBe(to);
  });

  test.for([
    [`/view/prowjob/${uuidOf(99)}`, 404],
    ['/view/gs/b/logs/unit/1', 404],
    ['/prowjob', 404],
    ['/log?job=unit', 404],
    ['/badge.svg', 400],
    ['/runs/not-a-uuid', 404],
    ['/pull/a/b/c', 404],
    ['/pull/a/b/1', 404],
    ['/events', 400],
    ['/nowhere', 404],
  ] as const)('%s is answered %d', async ([url, status]) => {
    const response = await site.app.inject(url);

    expect(response.statusCode).toBe(status);
    expect(response.body).not.toContain('    at ');
    expect(response.headers['content-security-policy']).toContain("default-src 'none'");
  });
});

describe('logs and artifacts', () => {
  test.for([
    // range, status, body, content-range
    [undefined, 200, '0123456789', undefined],
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=-99', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=5-999', 206, '56789', 'bytes 5-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=4-2', 416, '', 'bytes */10'],
    ['bytes=1-2,4-5', 200, '0123456789', undefined],
    ['lines=1-2', 200, '0123456789', undefined],
  ] as const)('%s of a log', async ([range, status, body, contentRange]) => {
    for (const url of [`/runs/${uuidOf(1)}/log`, '/log?job=unit&id=190000000000000001']) {
      const response = await site.app.inject({ url, headers: range ? { range } : {} });

      expect(response.statusCode).toBe(status);
      expect(response.body).toBe(body);
      expect(response.headers['content-range']).toBe(contentRange);
      expect(response.headers['content-type']).toBe('text/plain; charset=utf-8');
      expect(response.headers['x-content-type-options']).toBe('nosniff');
      expect(response.headers['content-security-policy']).toContain('sandbox');
    }
  });

  it('tells of a log that is not there', async () => {
    const response = await site.app.inject(`/runs/${uuidOf(3)}/log`);

    expect(response.statusCode).toBe(404);
    expect(response.body).toBe('The run left no log.\n');
  });

  test.for([
    ['artifacts/report.html', 200, 'text/plain; charset=utf-8'],
    ['artifacts/core', 200, 'application/octet-stream'],
    ['artifacts/none', 404, 'text/plain; charset=utf-8'],
    ['..%2f..%2f..%2fetc/passwd', 404, 'text/plain; charset=utf-8'],
    ['artifacts', 404, 'text/plain; charset=utf-8'],
  ] as const)('%s of the stored files', async ([path, status, type]) => {
    const response = await site.app.inject(`/runs/${uuidOf(1)}/artifacts/${path}`);

    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toBe(type);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStorageOpener } from '../../activities/storage/open-storage.ts';
import { parseConfig } from '../../config/parse.ts';
import { buildGateway } from '../../gateway/app.ts';
import { createLogger } from '../../gateway/logger.ts';
import { fixedHmacSecrets } from '../../gateway/webhook/hmac-secrets.ts';
import { freshDatabase, type TestDatabase } from '../environment.ts';
import {
  type ObjectServer,
  s3CredentialsJson,
  startS3Server,
  writeCredentials,
} from '../object-stores/servers.ts';
import { describeWith } from '../tools.ts';

const FOLDER = 'pr-logs/pull/acme_shop/7/unit/1900000000000000001';
const LARGE = 33 * 1024 * 1024;

const snapshot = parseConfig({
  config: {
    name: 'config.yaml',
    text: 'deck: { skip_storage_path_validation: false, additional_allowed_buckets: ["s3://logs", "s3://gone"] }',
  },
  jobs: [],
});

describeWith(['postgres', 's3-server'], 'pages of what lies in a bucket on S3', () => {
  let scratch: string;
  let server: ObjectServer;
  let database: TestDatabase;
  let app: FastifyInstance;
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'bucket-pages-'));
    server = await startS3Server(['logs', 'other']);
    const s3CredentialsFile = await writeCredentials(scratch, s3CredentialsJson(server.url));
    const openStorage = createStorageOpener({ s3CredentialsFile });
    database = await freshDatabase();
    app = buildGateway({
      database: database.db,
      openStorage,
      plugins: [],
      snapshot: () => snapshot,
      links: { temporalUi: '', githubUrl: 'https://github.com' },
      hmac: fixedHmacSecrets('x'),
      temporal: { signalWithStart: async () => {} },
      log: createLogger('gateway', { level: 'fatal' }),
    });
    const prowjob = {
      spec: {
        type: 'presubmit',
        job: 'unit',
        refs: {
          ...{ org: 'acme', repo: 'shop', base_ref: 'main' },
          pulls: [{ number: 7, author: 'ann', sha: 'b'.repeat(40), title: '<b>Shop</b>' }],
        },
      },
      status: { state: 'failure', description: 'Job failed.' },
    };
    const write = (bucket: string, name: string, content: string | Uint8Array) =>
      openStorage(`s3://${bucket}/${FOLDER}`).write(name, content);
    for (const bucket of ['logs', 'other']) {
      await write(bucket, 'prowjob.json', JSON.stringify(prowjob));
      await write(bucket, 'started.json', '{"timestamp":1700000000}');
      await write(bucket, 'finished.json', '{"timestamp":1700000060,"result":"FAILURE"}');
    }
    await write('logs', 'build-log.txt', 'not ok 1\n<script>\n');
    await write('logs', 'artifacts/core.bin', new Uint8Array(LARGE).fill(7));
  }, 120_000);
  afterAll(async () => {
    await app?.close();
    await database?.drop();
    await server?.stop();
    await rm(scratch, { recursive: true, force: true });
  });

  const get = (url: string, headers: Readonly<Record<string, string>> = {}) =>
    app.inject({ url, headers: { accept: 'text/html', ...headers } });
  const addressOf = async (): Promise<string> => {
    const { statusCode, headers } = await get(`/view/s3/logs/${FOLDER}`);
    expect(statusCode).toBe(302);
    return String(headers.location);
  };

  test('a run that only its bucket knows has a page, by the address that Prow gave it', async () => {
    const { statusCode, body } = await get(await addressOf());

    expect(statusCode).toBe(200);
    for (const part of ['unit', 'Job failed.', '#7', 'not ok 1', 'artifacts/core.bin']) {
      expect(body).toContain(part);
    }
    expect(body).toContain('&lt;b>Shop');
    expect(body).not.toContain('<script>\n');
  });

  test('its log and its ProwJob object are served, too', async () => {
    const address = await addressOf();

    expect((await get(`${address}/log`)).body).toBe('not ok 1\n<script>\n');
    const uuid = address.split('/').at(-1);
    expect((await get(`/prowjob?prowjob=${uuid}`)).body).toContain('job: unit');
  });

  test.for([
    [`/view/s3/other/${FOLDER}`, 'additional_allowed_buckets'],
    [`/view/s3/logs/${FOLDER}2`, 'There is no run'],
    [`/view/s3/gone/${FOLDER}`, 'there is no such bucket'],
    ['/view/s3/logs/../../etc/passwd', 'There is no run'],
    ['/view/file/etc/unit/1', 'There is no run'],
    [`/runs/bucket-${Buffer.from('file:///etc').toString('base64url')}`, 'not shown'],
  ] as const)('%s is not found', async ([url, words]) => {
    const first = await get(url);
    const { statusCode, body } =
      first.statusCode === 302 ? await get(String(first.headers.location)) : first;

    expect(statusCode).toBe(404);
    expect(body).toContain(words);
  });

  test('an artifact over 32 MiB is handed out by the storage itself, a part of it by us', async () => {
    const address = `${await addressOf()}/artifacts/artifacts/core.bin`;

    const whole = await get(address);
    const part = await get(address, { range: 'bytes=10-19' });

    expect(whole.statusCode).toBe(302);
    expect(whole.headers['cache-control']).toBe('no-store');
    const answer = await fetch(String(whole.headers.location), {
      signal: AbortSignal.timeout(30_000),
    });
    expect(answer.headers.get('content-disposition')).toContain('core.bin');
    expect((await answer.arrayBuffer()).byteLength).toBe(LARGE);
    expect(part.statusCode).toBe(206);
    expect(part.rawPayload).toEqual(Buffer.alloc(10, 7));
  });
});

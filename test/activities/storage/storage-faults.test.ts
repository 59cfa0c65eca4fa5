import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from 'vitest';
import { createStorageOpener } from '../../../activities/storage/open-storage.ts';
import type { Storage } from '../../../activities/storage/storage.ts';
import { freePort } from '../../../workers/provision/ports.ts';
import { S3_ACCOUNT, s3CredentialsJson, serviceAccountJson } from '../../object-stores/servers.ts';

let scratch = '';
const servers: Server[] = [];

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'faults-'));
});
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(scratch, { recursive: true });
});

const PROVIDERS = ['s3', 'gs'] as const;
type Provider = (typeof PROVIDERS)[number];

function storageAt(provider: Provider, url: string, quick = 20_000): Storage {
  const s3CredentialsFile = join(scratch, `${randomUUID()}.json`);
  const gcsCredentialsFile = join(scratch, `${randomUUID()}.json`);
  writeFileSync(s3CredentialsFile, s3CredentialsJson(url));
  writeFileSync(gcsCredentialsFile, serviceAccountJson());
  const patience = { quick, upload: quick };
  const setting = { s3CredentialsFile, gcsCredentialsFile, gcsEndpoint: url, patience };
  return createStorageOpener(setting)(`${provider}://logs`);
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return `http://127.0.0.1:${port}`;
}

/** The words of a refusal as each provider writes them, with something in them that nobody shall repeat. */
const HUSH = 'hush-hush';
function refusal(provider: Provider, status: number, code: string): string {
  return provider === 's3'
    ? `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${HUSH}</Message><StringToSign>${HUSH}</StringToSign></Error>`
    : JSON.stringify({ error: { code: status, message: HUSH, errors: [{ reason: code }] } });
}

const ASKED: readonly (readonly [string, (storage: Storage) => Promise<unknown>])[] = [
  ['write', (storage) => storage.write('a/b', 'x')],
  ['read', (storage) => storage.read('a/b', { start: 0, length: 5 })],
  ['look at', (storage) => storage.size('a/b')],
  ['list', (storage) => storage.list('a')],
];

const failureOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => 'it worked',
    (error: unknown) => error,
  );

for (const provider of PROVIDERS) {
  test.concurrent.for([
    [403, 'AccessDenied', 'forbidden', 'the account may not'],
    [401, 'InvalidAccessKeyId', 'credentials', 'the account is not accepted'],
  ] as const)(
    `${provider}: an answer %s %s is %s, in words that repeat nothing`,
    async ([status, code, trouble, words], { expect }) => {
      const url = await serve((_request, response) => {
        response.writeHead(status, { 'content-type': 'application/xml' });
        response.end(refusal(provider, status, code));
      });
      const storage = storageAt(provider, url);

      for (const [verb, ask] of ASKED) {
        const error = await failureOf(ask(storage));
        expect(error).toMatchObject({ name: 'StorageError', trouble, permanent: true });
        const text = JSON.stringify([String(error), error]);
        expect(text).toContain(`cannot ${verb} ${provider}://logs/a`);
        expect(text).toContain(words);
        expect(text).not.toMatch(new RegExp(`${HUSH}|${S3_ACCOUNT.secret_key}|PRIVATE KEY`));
      }
    },
  );

  test.concurrent(`${provider}: a server that is not there is unreachable, and may be asked again`, async ({
    expect,
  }) => {
    const storage = storageAt(provider, `http://127.0.0.1:${await freePort()}`, 4_000);

    expect(await failureOf(storage.write('a', 'x'))).toMatchObject({
      trouble: 'unreachable',
      permanent: false,
    });
  });

  test.concurrent(`${provider}: a server that does not answer is given up in time`, async ({
    expect,
  }) => {
    const storage = storageAt(provider, await serve(() => undefined), 500);

    for (const [, ask] of ASKED) {
      expect(await failureOf(ask(storage))).toMatchObject({ trouble: 'timeout', permanent: false });
    }
  });

  test.concurrent(`${provider}: what fails for a moment is tried again`, async ({ expect }) => {
    let asked = 0;
    const url = await serve((request, response) => {
      asked += 1;
      request.resume();
      if (asked < 3) {
        response.writeHead(503).end(refusal(provider, 503, 'SlowDown'));
        return;
      }
      response.writeHead(200).end(provider === 's3' ? '<ListBucketResult/>' : '{}');
    });

    expect(await storageAt(provider, url).list('a')).toEqual({ objects: [], folders: [] });
    expect(asked).toBe(3);
  });
}

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStorageOpener } from '../../../activities/storage/open-storage.ts';
import type { OpenStorage, Storage } from '../../../activities/storage/storage.ts';
import {
  type ObjectServer,
  S3_ACCOUNT,
  s3CredentialsJson,
  serviceAccountJson,
  startGcsServer,
  startS3Server,
  writeCredentials,
} from '../../object-stores/servers.ts';
import { describeWith, type Tool } from '../../tools.ts';

interface Subject {
  readonly name: string;
  readonly tools: readonly Tool[];
  readonly signs: boolean;
  /** Starts what is needed; the URL of a bucket, and who opens it. */
  start(scratch: string): Promise<{ url: string; open: OpenStorage; server?: ObjectServer }>;
}

const SUBJECTS: readonly Subject[] = [
  {
    name: 'a folder',
    tools: [],
    signs: false,
    start: async (scratch) => ({
      url: pathToFileURL(join(scratch, 'logs')).href,
      open: createStorageOpener(),
    }),
  },
  {
    name: 'S3',
    tools: ['s3-server'],
    signs: true,
    start: async (scratch) => {
      const server = await startS3Server(['logs', 'other']);
      const file = await writeCredentials(scratch, s3CredentialsJson(server.url));
      return { url: 's3://logs', open: createStorageOpener({ s3CredentialsFile: file }), server };
    },
  },
  {
    name: 'Google Cloud Storage',
    tools: ['gcs-server'],
    signs: true,
    start: async (scratch) => {
      const server = await startGcsServer(['logs', 'other']);
      const gcsCredentialsFile = await writeCredentials(scratch, serviceAccountJson());
      const open = createStorageOpener({ gcsEndpoint: server.url, gcsCredentialsFile });
      return { url: 'gs://logs', open, server };
    },
  },
];

const textOf = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && Buffer.from(bytes).toString();

for (const subject of SUBJECTS) {
  describeWith(subject.tools, `${subject.name} as storage`, () => {
    let scratch = '';
    let open: OpenStorage;
    let server: ObjectServer | undefined;
    let url = '';
    let storage: Storage;

    beforeAll(async () => {
      scratch = await mkdtemp(join(tmpdir(), 'storage-'));
      ({ url, open, server } = await subject.start(scratch));
      storage = open(url);
    });
    afterAll(async () => {
      await server?.stop();
      await rm(scratch, { recursive: true, force: true });
    });

    test('an object is read back, whole or in part', async () => {
      const path = 'logs/a/1/build-log.txt';
      expect(await storage.write(path, '0123456789')).toBe(true);

      const part = async (start: number, length?: number) =>
        textOf(await storage.read(path, { start, ...(length === undefined ? {} : { length }) }));
      expect(textOf(await storage.read(path))).toBe('0123456789');
      expect(await part(2, 3)).toBe('234');
      expect(await part(-4)).toBe('6789');
      expect(await part(-99)).toBe('0123456789');
      expect(await part(8, 99)).toBe('89');
      expect(await part(10)).toBe('');
      expect(await part(99)).toBe('');
      expect(await part(0, 0)).toBe('');
      expect(await storage.size(path)).toBe(10);
    });

    test('an object that is not there is nothing, and no error', async () => {
      expect(await storage.read('logs/none')).toBeUndefined();
      expect(await storage.read('logs/none', { start: 5, length: 5 })).toBeUndefined();
      expect(await storage.size('logs/none')).toBeUndefined();
      expect(await storage.list('none')).toEqual({ objects: [], folders: [] });
    });

    test('an empty object, one with every byte and one of megabytes come back as they were', async () => {
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
      const large = Buffer.alloc(6 * 1024 * 1024, 'line of a log\n');
      await storage.write('empty', '');
      await storage.write('bytes', bytes);
      await storage.write('large', large);

      expect(textOf(await storage.read('empty'))).toBe('');
      expect(await storage.size('empty')).toBe(0);
      expect(textOf(await storage.read('empty', { start: 0, length: 10 }))).toBe('');
      expect(Buffer.from((await storage.read('bytes')) ?? []).equals(bytes)).toBe(true);
      expect(Buffer.from((await storage.read('large')) ?? []).equals(large)).toBe(true);
      expect(await storage.read('large', { start: 1_000_000, length: 14 })).toHaveLength(14);
    });

    test('a write replaces, unless it is only for an absent object', async () => {
      expect(await storage.write('x/finished.json', 'one', { ifAbsent: true })).toBe(true);
      expect(await storage.write('x/finished.json', 'two', { ifAbsent: true })).toBe(false);
      expect(textOf(await storage.read('x/finished.json'))).toBe('one');

      await storage.write('x/finished.json', 'three');

      expect(textOf(await storage.read('x/finished.json'))).toBe('three');
    });

    test('only one of many writers of an absent object wins', async () => {
      const answers = await Promise.all(
        [1, 2, 3, 4, 5].map((n) => storage.write('race', `${n}`, { ifAbsent: true })),
      );

      expect(answers.filter(Boolean)).toHaveLength(1);
    });

    test('what is stored compressed is read as it was written, whole and in part', async () => {
      const log = 'a line that repeats itself\n'.repeat(1_000);
      const options = { compress: true, contentType: 'text/plain; charset=utf-8' };
      await storage.write('gz/build-log.txt', log, options);

      expect(await storage.size('gz/build-log.txt')).toBe(log.length);
      expect(textOf(await storage.read('gz/build-log.txt'))).toBe(log);
      const middle = await storage.read('gz/build-log.txt', { start: 20_000, length: 100 });
      expect(textOf(middle)).toBe(log.slice(20_000, 20_100));
      expect(textOf(await storage.read('gz/build-log.txt', { start: -30 }))).toBe(log.slice(-30));
      expect(textOf(await storage.read('gz/build-log.txt', { start: log.length }))).toBe('');
    });

    test.for(['../x', 'a/../../x', '/etc/passwd', 'a//b', '', 'a/.', 'a\\b', 'a\u0000b', 'a\nb'])(
      'the path %j is refused',
      async (path) => {
        await expect(storage.write(path, 'x')).rejects.toThrow('cannot be');
        await expect(storage.read(path)).rejects.toThrow('cannot be');
        await expect(storage.size(path)).rejects.toThrow('cannot be');
        await expect(storage.upload(path, '/dev/null')).rejects.toThrow('cannot be');
        await expect(storage.list(path === '' ? '..' : path)).rejects.toThrow('cannot be');
      },
    );

    test('odd but possible names come back as they were', async () => {
      const names = ['ä ö', 'a+b&c=d', '100%25', 'a#b?c', "it's", '日本', 'a.b-c_d~e', '(1)'];
      for (const name of names) await storage.write(`odd/${name}`, name);

      const listed = (await storage.list('odd')).objects.map(({ path }) => path);
      expect(listed.toSorted()).toEqual(names.map((name) => `odd/${name}`).toSorted());
      for (const name of names) expect(textOf(await storage.read(`odd/${name}`))).toBe(name);
    });

    test('a folder is listed page by page', async () => {
      for (const name of ['a', 'b', 'c', 'd/e', 'd/f', 'g/h']) {
        await storage.write(`list/${name}`, name);
      }

      const seen: string[] = [];
      const sizes: number[] = [];
      let pages = 0;
      for (let after: string | undefined; ; ) {
        const page = { limit: 2, ...(after === undefined ? {} : { after }) };
        const listing = await storage.list('list/', page);
        seen.push(...listing.objects.map(({ path }) => path), ...listing.folders);
        sizes.push(listing.objects.length);
        pages += 1;
        after = listing.next;
        if (after === undefined) break;
      }

      // The emulator of Google's names the folders again on every page.
      const all = [...new Set(seen)].toSorted();
      expect(all).toEqual(['d/', 'g/', 'list/a', 'list/b', 'list/c']);
      expect(seen.filter((name) => name.startsWith('list/'))).toHaveLength(3);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(2);
      expect(pages).toBeGreaterThanOrEqual(2);
      const [first] = (await storage.list('list')).objects;
      expect(first).toMatchObject({ path: 'list/a', size: 1 });
      expect(Date.parse(first?.modifiedAt ?? '')).toBeGreaterThan(Date.parse('2020-01-01'));
    });

    test('a file of this machine is uploaded, a link or a device is not', async () => {
      await writeFile(join(scratch, 'artifact'), 'an artifact');
      await writeFile(join(scratch, 'nothing'), '');
      await symlink(join(scratch, 'artifact'), join(scratch, 'link'));

      expect(await storage.upload('up/artifact', join(scratch, 'artifact'))).toBe(true);
      expect(await storage.upload('up/nothing', join(scratch, 'nothing'))).toBe(true);

      expect(textOf(await storage.read('up/artifact'))).toBe('an artifact');
      expect(await storage.size('up/nothing')).toBe(0);
      for (const file of [join(scratch, 'link'), '/dev/zero', scratch]) {
        await expect(storage.upload('up/no', file)).rejects.toThrow('regular');
      }
      const again = { ifAbsent: true };
      expect(await storage.upload('up/artifact', join(scratch, 'nothing'), again)).toBe(false);
    });

    test('a folder of a bucket is a storage of its own, which nothing leaves', async () => {
      const inner = open(`${url}/runs/7`);
      await inner.write('artifacts/junit.xml', '<xml/>');
      await storage.write('runs/8/secret', 'of another run');

      expect(textOf(await storage.read('runs/7/artifacts/junit.xml'))).toBe('<xml/>');
      expect(await inner.list('')).toMatchObject({ objects: [], folders: ['artifacts/'] });
      const listed = (await inner.list('artifacts')).objects.map(({ path }) => path);
      expect(listed).toEqual(['artifacts/junit.xml']);
      expect(inner.url('artifacts/junit.xml')).toBe(storage.url('runs/7/artifacts/junit.xml'));
      await expect(inner.read('../8/secret')).rejects.toThrow('cannot be');
    });

    test('a bucket beside it is another one', async () => {
      const other = open(`${url.replace(/logs$/, '')}other`);
      await storage.write('beside', 'one');
      await other.write('beside', 'two');

      expect(textOf(await storage.read('beside'))).toBe('one');
      expect(textOf(await other.read('beside'))).toBe('two');
    });

    test('an address for people without an account gives the object, where there are any', async () => {
      await storage.write('signed/a b.log', 'for everybody');

      const wish = { expiresInMs: 60_000, saveAs: 'a "b"\n.log' };
      const address = await storage.signedUrl('signed/a b.log', wish);

      if (address === undefined) return expect(subject.signs).toBe(false);
      const answer = await fetch(address, { signal: AbortSignal.timeout(10_000) });
      expect(answer.status).toBe(200);
      expect(await answer.text()).toBe('for everybody');
      expect(address).not.toContain(S3_ACCOUNT.secret_key);
    });

    test('a bucket that is not there is no missing object, and is said', async () => {
      if (server === undefined) return;
      const nowhere = open(url.replace('logs', 'nowhere'));
      const asked = [
        () => nowhere.write('a', 'x'),
        () => nowhere.write('a', 'x', { ifAbsent: true }),
        () => nowhere.read('a'),
        () => nowhere.read('a', { start: 1, length: 1 }),
        () => nowhere.size('a'),
        () => nowhere.list(''),
      ];

      for (const ask of asked) {
        const refused = await ask().catch((error: unknown) => error);
        expect(refused).toMatchObject({ name: 'StorageError', trouble: 'bucket-missing' });
        expect(String(refused)).toContain('there is no such bucket: make it, or name another one');
      }
    });

    test('twenty writers and readers at once do not meet', async () => {
      const name = randomUUID();
      const all = Array.from({ length: 20 }, (_, index) => `${name}/${index}`);
      await Promise.all(all.map((path) => storage.write(path, path)));

      const read = await Promise.all(all.map(async (path) => textOf(await storage.read(path))));

      expect(read).toEqual(all);
    });
  });
}

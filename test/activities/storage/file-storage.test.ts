import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStorage } from '../../../activities/storage/open-storage.ts';
import type { Storage } from '../../../activities/storage/storage.ts';

let root = '';
let storage: Storage;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'storage-'));
  storage = openStorage(pathToFileURL(join(root, 'bucket')).href);
});

afterAll(() => rm(root, { recursive: true, force: true }));

const textOf = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && Buffer.from(bytes).toString();

test('an object is read back, whole or in part', async () => {
  await storage.write('logs/a/1/build-log.txt', '0123456789');

  expect(textOf(await storage.read('logs/a/1/build-log.txt'))).toBe('0123456789');
  expect(textOf(await storage.read('logs/a/1/build-log.txt', { start: 2, length: 3 }))).toBe('234');
  expect(textOf(await storage.read('logs/a/1/build-log.txt', { start: -4 }))).toBe('6789');
  expect(textOf(await storage.read('logs/a/1/build-log.txt', { start: 99 }))).toBe('');
  expect(await storage.size('logs/a/1/build-log.txt')).toBe(10);
  expect(await storage.read('logs/a/1/none')).toBeUndefined();
});

test('a write replaces, unless it is only for an absent object', async () => {
  expect(await storage.write('x/finished.json', 'one', { ifAbsent: true })).toBe(true);
  expect(await storage.write('x/finished.json', 'two', { ifAbsent: true })).toBe(false);
  expect(textOf(await storage.read('x/finished.json'))).toBe('one');

  await storage.write('x/finished.json', 'three');

  expect(textOf(await storage.read('x/finished.json'))).toBe('three');
  expect(await readdir(join(root, 'bucket', 'x'))).toEqual(['finished.json']);
});

test('only one of many writers of an absent object wins', async () => {
  const answers = await Promise.all(
    [1, 2, 3, 4, 5].map((n) => storage.write('race', `${n}`, { ifAbsent: true })),
  );

  expect(answers.filter(Boolean)).toHaveLength(1);
});

test.for(['../x', 'a/../../x', '/etc/passwd', 'a//b', '', 'a/.', 'a\\b', 'a\u0000b', 'a\nb'])(
  'the path %j is refused',
  async (path) => {
    await expect(async () => storage.write(path, 'x')).rejects.toThrow('cannot be');
    await expect(async () => storage.read(path)).rejects.toThrow('cannot be');
  },
);

test('a symbolic link is neither read, listed nor stored', async () => {
  await writeFile(join(root, 'secret'), 'secret');
  await storage.write('links/plain', 'x');
  await symlink(join(root, 'secret'), join(root, 'bucket', 'links', 'link'));

  await expect(storage.read('links/link')).rejects.toThrow();
  expect(await storage.size('links/link')).toBeUndefined();
  expect((await storage.list('links')).objects.map(({ path }) => path)).toEqual(['links/plain']);
  await expect(storage.upload('links/copy', join(root, 'bucket', 'links', 'link'))).rejects.toThrow(
    'regular',
  );
});

test('a folder is listed page by page', async () => {
  for (const name of ['a', 'b', 'c', 'd/e']) await storage.write(`list/${name}`, name);

  const first = await storage.list('list/', { limit: 2 });
  const second = await storage.list('list/', { limit: 2, after: first.next ?? '' });

  expect(first.objects.map(({ path }) => path)).toEqual(['list/a', 'list/b']);
  expect(second.objects.map(({ path }) => path)).toEqual(['list/c']);
  expect(second.folders).toEqual(['d/']);
  expect(second.next).toBeUndefined();
  expect(await storage.list('nothing')).toEqual({ objects: [], folders: [] });
});

test.for(['gs://bucket', 's3://bucket', '/folder', 'ftp://x'])('%s says what to use', (url) => {
  expect(() => openStorage(url)).toThrow('file:///');
});

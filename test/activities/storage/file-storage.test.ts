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

test('a write leaves nothing but the object behind', async () => {
  await storage.write('x/finished.json', 'one');
  await storage.write('x/finished.json', 'two', { ifAbsent: true });

  expect(await readdir(join(root, 'bucket', 'x'))).toEqual(['finished.json']);
});

test('a symbolic link is neither read nor listed', async () => {
  await writeFile(join(root, 'secret'), 'secret');
  await storage.write('links/plain', 'x');
  await symlink(join(root, 'secret'), join(root, 'bucket', 'links', 'link'));

  await expect(storage.read('links/link')).rejects.toThrow();
  expect(await storage.size('links/link')).toBeUndefined();
  expect((await storage.list('links')).objects.map(({ path }) => path)).toEqual(['links/plain']);
});

test('a growing object has a place where bytes are appended', async () => {
  const file = await storage.appendTo('growing/build-log.txt');

  await writeFile(file ?? '', 'a line\n', { flag: 'a' });

  expect(await storage.size('growing/build-log.txt')).toBe(7);
});

test.for([
  '/folder',
  'ftp://x',
  'gs://',
  's3://a/../b',
  's3://../b',
  'gs://user@host/x',
  's3://bucket/a//b',
])('the storage URL %s says what to use', (url) => {
  expect(() => openStorage(url)).toThrow('file:///SOME/FOLDER, gs://BUCKET or s3://BUCKET');
});

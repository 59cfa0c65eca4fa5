import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { folderNames, isObjectName, objectNames } from './object-path.ts';
import type { ByteRange, Listing, ListPage, Storage, WriteOptions } from './storage.ts';

/** Unfinished writes have this ending until they are renamed; listings leave them out. */
const UNFINISHED = '.unfinished';

/** A folder of this machine as a bucket: `file:///SOME/FOLDER`. */
export function openFileStorage(url: string): Storage {
  const root = fileURLToPath(url).replace(/\/+$/, '');
  const fileOf = (path: string): string => join(root, ...objectNames(path));
  return {
    provider: 'file',
    write: async (path, content, options) =>
      place(fileOf(path), options, (unfinished) => writeNew(unfinished, content)),
    upload: async (path, file, options) =>
      place(fileOf(path), options, (unfinished) => copyRegular(file, unfinished)),
    read: async (path, range) => readPart(fileOf(path), range),
    size: async (path) => sizeOf(fileOf(path)),
    list: async (folder, page) => listFolder(join(root, ...folderNames(folder)), folder, page),
    url: (path) => pathToFileURL(fileOf(path)).href,
    signedUrl: async () => undefined,
    async appendTo(path) {
      const file = fileOf(path);
      await mkdir(dirname(file), { recursive: true });
      return file;
    },
  };
}

/** A reader sees the old object or the new one, never half of it. */
async function place(
  file: string,
  options: WriteOptions | undefined,
  fill: (unfinished: string) => Promise<void>,
): Promise<boolean> {
  await mkdir(dirname(file), { recursive: true });
  const unfinished = join(dirname(file), `${randomUUID()}${UNFINISHED}`);
  try {
    await fill(unfinished);
    if (!options?.ifAbsent) {
      await rename(unfinished, file);
      return true;
    }
    // link() fails where rename() would replace.
    return await link(unfinished, file).then(() => true, ignoreExisting);
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function writeNew(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(content);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

async function copyRegular(from: string, to: string): Promise<void> {
  const found = await lstat(from);
  if (!found.isFile()) throw new Error('only regular files can be stored');
  await copyFile(from, to, constants.COPYFILE_EXCL);
}

async function readPart(file: string, range?: ByteRange): Promise<Uint8Array | undefined> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW).catch(absent);
  if (handle === undefined) return undefined;
  try {
    const found = await handle.stat();
    if (!found.isFile()) return undefined;
    const start = startOf(range, found.size);
    const length = Math.min(range?.length ?? found.size, Math.max(found.size - start, 0));
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function startOf(range: ByteRange | undefined, size: number): number {
  const start = range?.start ?? 0;
  return start < 0 ? Math.max(size + start, 0) : start;
}

async function sizeOf(file: string): Promise<number | undefined> {
  const found = await lstat(file).catch(absent);
  return found?.isFile() ? found.size : undefined;
}

async function listFolder(
  directory: string,
  folder: string,
  page: ListPage = {},
): Promise<Listing> {
  const entries = (await readdir(directory, { withFileTypes: true }).catch(absent)) ?? [];
  const limit = page.limit ?? 1000;
  const wanted = entries
    .filter((entry) => (entry.isFile() || entry.isDirectory()) && isObjectName(entry.name))
    .filter(({ name }) => !name.endsWith(UNFINISHED) && name > (page.after ?? ''))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const shown = wanted.slice(0, limit);
  const last = shown.at(-1);
  const prefix = folder === '' || folder.endsWith('/') ? folder : `${folder}/`;
  const objects = shown.filter((entry) => entry.isFile()).map(({ name }) => name);
  return {
    objects: await Promise.all(
      objects.map((name) => describe(join(directory, name), prefix + name)),
    ),
    folders: shown.filter((entry) => entry.isDirectory()).map(({ name }) => `${name}/`),
    ...(last !== undefined && wanted.length > limit ? { next: last.name } : {}),
  };
}

async function describe(file: string, path: string): Promise<Listing['objects'][number]> {
  const found = await lstat(file).catch(absent);
  const modified = found?.mtime ?? new Date(0);
  return { path, size: found?.size ?? 0, modifiedAt: modified.toISOString() };
}

function absent(error: unknown): undefined {
  if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
  throw error;
}

function ignoreExisting(error: unknown): boolean {
  if (codeOf(error) === 'EEXIST') return false;
  throw error;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { folderNames, isObjectName, objectNames } from './object-path.ts';
import type { PutOptions, RemoteBucket } from './remote-bucket.ts';
import type { RemoteReader } from './remote-reader.ts';
import type { Listing, ListPage, Storage, WriteOptions } from './storage.ts';
import { StorageError } from './storage-error.ts';

const compressed = promisify(gzip);

const MOST_ENTRIES = 1_000;

/** Where a bucket behind a network is, and which part of it is meant. */
export interface RemotePlace {
  readonly provider: 'gs' | 's3';
  readonly bucket: string;
  /** Without slashes at its ends; empty for the whole bucket. */
  readonly prefix: string;
}

/** A bucket, and who reads it. */
export interface OpenedBucket {
  readonly bucket: RemoteBucket;
  readonly reader: RemoteReader;
}

/** A bucket behind a network as a `Storage`; it is opened at its first use. */
export function createRemoteStorage(
  { provider, bucket, prefix }: RemotePlace,
  opened: () => Promise<OpenedBucket>,
): Storage {
  const inside = prefix === '' ? '' : `${prefix}/`;
  const keyOf = (path: string): string => inside + objectNames(path).join('/');
  const url = (path: string): string => `${provider}://${bucket}/${keyOf(path)}`;
  return {
    provider,
    url,
    async write(path, content, options) {
      const key = keyOf(path);
      const plain = typeof content === 'string' ? Buffer.from(content) : content;
      const bytes = options?.compress ? await compressed(plain) : plain;
      return (await opened()).bucket.put(key, { kind: 'bytes', bytes }, putOptions(options));
    },
    async upload(path, file, options) {
      const key = keyOf(path);
      // Not a link, and no pipe that would never end.
      const handle = await open(file, FILE_FLAGS).catch(refuseLink);
      try {
        const found = await handle.stat();
        if (!found.isFile()) throw new Error('only regular files can be stored');
        const { fd } = handle;
        const { compress: _, ...rest } = options ?? {};
        const { bucket: remote } = await opened();
        return await persistently(() =>
          remote.put(key, { kind: 'file', fd, size: found.size }, putOptions(rest)),
        );
      } finally {
        await handle.close();
      }
    },
    async read(path, range) {
      const key = keyOf(path);
      return (await opened()).reader.part(key, range);
    },
    async size(path) {
      const key = keyOf(path);
      return (await opened()).reader.size(key);
    },
    async list(folder, page) {
      const names = folderNames(folder);
      const below = inside + names.map((name) => `${name}/`).join('');
      return listFolder((await opened()).bucket, { root: inside, below, page: page ?? {} });
    },
    async signedUrl(path, { expiresInMs, saveAs }) {
      const key = keyOf(path);
      const disposition = saveAs === undefined ? {} : { disposition: attachment(saveAs) };
      return (await opened()).bucket.sign(key, { expiresInMs, ...disposition });
    },
    appendTo: async () => undefined,
  };
}

/** Between the tries of an upload, as Prow's uploader waits: a stream cannot be repeated by the SDKs. */
const UPLOAD_WAITS_MS = [1_000, 4_000, 9_000];

async function persistently<Answer>(act: () => Promise<Answer>): Promise<Answer> {
  for (const wait of UPLOAD_WAITS_MS) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof StorageError) || error.permanent) throw error;
    }
    await delay(wait);
  }
  return await act();
}

const FILE_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

function refuseLink(error: unknown): never {
  if (error instanceof Error && 'code' in error && error.code === 'ELOOP') {
    throw new Error('only regular files can be stored');
  }
  throw error;
}

function putOptions(options: WriteOptions = {}): PutOptions {
  const { contentType, cacheControl, metadata } = options;
  return {
    ifAbsent: options.ifAbsent ?? false,
    ...(contentType === undefined ? {} : { contentType }),
    ...(cacheControl === undefined ? {} : { cacheControl }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(options.compress ? { encoding: 'gzip' } : {}),
  };
}

/** A header's quoted text: nothing that could end it. */
function attachment(name: string): string {
  return `attachment; filename="${name.replace(/[^\w.+-]/g, '_')}"`;
}

async function listFolder(
  bucket: RemoteBucket,
  place: { readonly root: string; readonly below: string; readonly page: ListPage },
): Promise<Listing> {
  const { root, below, page } = place;
  const limit = Math.min(page.limit ?? MOST_ENTRIES, MOST_ENTRIES);
  const after = page.after === undefined ? {} : { after: page.after };
  const found = await bucket.list({ prefix: below, limit, ...after });
  return {
    objects: found.objects
      // A folder that a console made is an object of no name.
      .filter(({ key }) => isObjectName(key.slice(below.length)))
      .map(({ key, size, modifiedAt }) => ({ path: key.slice(root.length), size, modifiedAt })),
    folders: found.prefixes
      .map((prefix) => prefix.slice(below.length))
      .filter((name) => isObjectName(name.replace(/\/$/, ''))),
    ...(found.next === undefined ? {} : { next: found.next }),
  };
}

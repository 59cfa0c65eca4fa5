import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import type { KeyRange, RemoteBucket } from './remote-bucket.ts';
import type { ByteRange } from './storage.ts';
import { StorageError, type StorageQuestion } from './storage-error.ts';

const unpacked = promisify(gunzip);

/** A compressed object is unpacked whole: a stranger's may be a bomb. */
const UNPACKED_LIMIT = 128 * 1024 * 1024;
/** Bytes of unpacked objects that are kept, since pages read them in pieces. */
const KEPT_UNPACKED = UNPACKED_LIMIT;

/** Reads objects of one bucket as they were written, whether or not they are stored compressed. */
export interface RemoteReader {
  part(key: string, range?: ByteRange): Promise<Uint8Array | undefined>;
  size(key: string): Promise<number | undefined>;
}

/** Reads a bucket whose address is `root`: `gs://BUCKET`. */
export function createRemoteReader(root: string, bucket: RemoteBucket): RemoteReader {
  const kept = new LRUCache<string, Uint8Array>({
    maxSize: KEPT_UNPACKED,
    sizeCalculation: (bytes) => Math.max(bytes.length, 1),
  });
  const whole = async (key: string, version: string): Promise<Uint8Array | undefined> => {
    const known = kept.get(`${version} ${key}`);
    if (known !== undefined) return known;
    const question = { verb: 'unpack', url: `${root}/${key}` };
    const { size = 0 } = (await bucket.head(key)) ?? {};
    if (size > UNPACKED_LIMIT) throw tooLarge(question);
    const found = await bucket.get(key);
    if (found === undefined || !found.gzip) return found?.bytes;
    const bytes = await unpacked(found.bytes, { maxOutputLength: UNPACKED_LIMIT }).catch(
      (error: unknown) => {
        const code = error instanceof Error && 'code' in error ? error.code : '';
        if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(question);
        throw new StorageError(question, 'other', 'it says that it is gzip, and is not');
      },
    );
    kept.set(`${found.version} ${key}`, bytes);
    return bytes;
  };
  return {
    async part(key, range) {
      const asked = range === undefined ? undefined : keyRange(range);
      const found = await bucket.get(key, asked);
      if (found === undefined) return undefined;
      // Beyond its stored end, a compressed object may go on.
      const gzip = found.beyond ? (await bucket.head(key))?.gzip : found.gzip;
      if (!gzip) return found.bytes.subarray(0, range?.length);
      const bytes = await whole(key, found.version);
      return bytes && cut(bytes, range);
    },
    async size(key) {
      const found = await bucket.head(key);
      if (found === undefined || !found.gzip) return found?.size;
      return (await whole(key, found.version))?.length;
    },
  };
}

function tooLarge(question: StorageQuestion): StorageError {
  return new StorageError(question, 'too-large', `more than ${UNPACKED_LIMIT} bytes`);
}

function keyRange({ start, length }: ByteRange): KeyRange {
  // Most who count from the end want all from there; a shorter piece is cut by who asks.
  if (start < 0) return { last: -start };
  return { first: start, ...(length === undefined ? {} : { length }) };
}

function cut(bytes: Uint8Array, range: ByteRange | undefined): Uint8Array {
  if (range === undefined) return bytes;
  const start = range.start < 0 ? Math.max(bytes.length + range.start, 0) : range.start;
  return bytes.subarray(start, range.length === undefined ? undefined : start + range.length);
}

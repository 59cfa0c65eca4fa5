import { createReadStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import {
  type Bucket,
  type CreateReadStreamOptions,
  type CreateWriteStreamOptions,
  IdempotencyStrategy,
  Storage,
} from '@google-cloud/storage';
import { bucketProbe } from './bucket-probe.ts';
import { gcsFault, gcsStatus } from './gcs-fault.ts';
import type {
  KeyRange,
  Patience,
  PutOptions,
  RemoteBody,
  RemoteBucket,
  RemotePart,
} from './remote-bucket.ts';
import { StorageError } from './storage-error.ts';

/** How Google Cloud Storage is reached. */
export interface GcsAccount {
  /** JSON of an account; without it, the machine's own account, and nobody's if it has none (as in Prow). */
  readonly keyFile?: string;
  /** Another server that speaks as Google's does; it is asked without an account. */
  readonly endpoint?: string;
}

const GOOGLE = 'https://storage.googleapis.com';

/** A client for an account. */
export async function createGcsClient(account: GcsAccount, patience: Patience): Promise<Storage> {
  const keyFilename = account.keyFile ?? '';
  const options = {
    retryOptions: {
      maxRetries: 4,
      // Before our own limit, so that the last fault is told and not the limit.
      totalTimeout: (patience.quick * 0.8) / 1000,
      // Whole objects are written: doing so twice is doing so once.
      idempotencyStrategy: IdempotencyStrategy.RetryAlways,
    },
    timeout: patience.quick,
    ...(keyFilename === '' ? {} : { keyFilename }),
  };
  if (account.endpoint !== undefined) {
    return new Storage({ ...options, apiEndpoint: account.endpoint, projectId: 'none' });
  }
  const client = new Storage(options);
  if (keyFilename !== '') return client;
  const known = await client.authClient.getClient().then(
    () => true,
    () => false,
  );
  // An endpoint that is named is asked without an account; the slash makes the usual one a named one.
  return known ? client : new Storage({ ...options, apiEndpoint: `${GOOGLE}/`, projectId: 'none' });
}

/** A bucket of Google Cloud Storage. */
export function openGcsBucket(client: Storage, name: string, patience: Patience): RemoteBucket {
  const bucket = client.bucket(name);
  const asking = async <Answer>(
    verb: string,
    key: string,
    ask: () => Promise<Answer>,
    limitMs = patience.quick,
  ): Promise<Answer> => {
    const question = { verb, url: `gs://${name}/${key}` };
    try {
      return await within(limitMs, ask(), () => new StorageError(question, 'timeout'));
    } catch (error) {
      throw error instanceof StorageError ? error : gcsFault(error, question);
    }
  };
  const list: RemoteBucket['list'] = ({ prefix, after, limit }) =>
    asking('list', prefix, () => listPage(bucket, { prefix, limit, after }));
  const isThere = bucketProbe(() => list({ prefix: '', limit: 1 }));
  const absentUnless = async (error: unknown): Promise<undefined> => {
    if (gcsStatus(error) !== 404) throw error;
    await isThere();
    return undefined;
  };
  return {
    list,
    put: (key, body, options) =>
      asking(
        'write',
        key,
        () => putObject(bucket, key, { body, options }),
        body.kind === 'file' ? patience.upload : patience.quick,
      ),
    get: (key, range) => asking('read', key, () => getPart(bucket, key, range).catch(absentUnless)),
    head: (key) =>
      asking('look at', key, async () => {
        const found = await bucket.file(key).getMetadata().catch(absentUnless);
        if (found === undefined) return undefined;
        const [{ size, contentEncoding, generation }] = found;
        return {
          size: Number(size ?? 0),
          gzip: contentEncoding === 'gzip',
          version: String(generation ?? ''),
        };
      }),
    sign: (key, { expiresInMs, disposition }) =>
      asking('sign', key, async () => {
        const expires = Date.now() + expiresInMs;
        const saved = disposition === undefined ? {} : { responseDisposition: disposition };
        const wish = { version: 'v4', action: 'read', expires, ...saved } as const;
        try {
          const [url] = await bucket.file(key).getSignedUrl(wish);
          return url;
        } catch (error) {
          // An account without a key of its own cannot sign.
          if (error instanceof Error && error.name === 'SigningError') return undefined;
          throw error;
        }
      }),
  };
}

async function listPage(
  bucket: Bucket,
  page: { readonly prefix: string; readonly limit: number; readonly after: string | undefined },
): ReturnType<RemoteBucket['list']> {
  const { prefix, limit, after } = page;
  const [files, following, answer] = await bucket.getFiles({
    prefix,
    delimiter: '/',
    maxResults: limit,
    autoPaginate: false,
    ...(after === undefined ? {} : { pageToken: after }),
  });
  const next = tokenOf(following);
  return {
    objects: files.map(({ name: key, metadata: { size, updated } }) => ({
      key,
      size: Number(size ?? 0),
      modifiedAt: new Date(updated ?? 0).toISOString(),
    })),
    prefixes: prefixesOf(answer),
    ...(next === undefined ? {} : { next }),
  };
}

function tokenOf(following: unknown): string | undefined {
  if (typeof following !== 'object' || following === null) return undefined;
  if (!('pageToken' in following)) return undefined;
  return typeof following.pageToken === 'string' ? following.pageToken : undefined;
}

function prefixesOf(answer: unknown): readonly string[] {
  if (typeof answer !== 'object' || answer === null || !('prefixes' in answer)) return [];
  const { prefixes } = answer;
  if (!Array.isArray(prefixes)) return [];
  return prefixes.filter((prefix) => typeof prefix === 'string');
}

async function putObject(
  bucket: Bucket,
  key: string,
  { body, options }: { readonly body: RemoteBody; readonly options: PutOptions },
): Promise<boolean> {
  const file = bucket.file(key);
  const wish: CreateWriteStreamOptions = {
    resumable: false,
    metadata: {
      ...(options.contentType === undefined ? {} : { contentType: options.contentType }),
      ...(options.cacheControl === undefined ? {} : { cacheControl: options.cacheControl }),
      ...(options.encoding === undefined ? {} : { contentEncoding: options.encoding }),
      ...(options.metadata === undefined ? {} : { metadata: { ...options.metadata } }),
    },
    ...(options.ifAbsent ? { preconditionOpts: { ifGenerationMatch: 0 } } : {}),
  };
  try {
    if (body.kind === 'bytes') await file.save(Buffer.from(body.bytes), wish);
    else await pipeline(contentOf(body), file.createWriteStream(wish));
    return true;
  } catch (error) {
    if (gcsStatus(error) === 412 && options.ifAbsent) return false;
    throw error;
  }
}

function contentOf({ fd }: { readonly fd: number }) {
  return createReadStream('', { fd, autoClose: false, start: 0 });
}

async function getPart(
  bucket: Bucket,
  key: string,
  range: KeyRange | undefined,
): Promise<RemotePart> {
  const wish: CreateReadStreamOptions = { decompress: false, ...rangeOf(range) };
  const stream = bucket.file(key).createReadStream(wish);
  let headers: Readonly<Record<string, unknown>> = {};
  stream.on('response', (response: { readonly headers: Record<string, unknown> }) => {
    headers = response.headers;
  });
  try {
    const bytes = await buffer(stream);
    const version = String(headers['x-goog-generation'] ?? headers['etag'] ?? '');
    return { bytes, gzip: headers['content-encoding'] === 'gzip', version };
  } catch (error) {
    // Beyond its end there is nothing.
    if (gcsStatus(error) !== 416) throw error;
    return { bytes: new Uint8Array(), beyond: true, gzip: false, version: '' };
  }
}

function rangeOf(range: KeyRange | undefined): CreateReadStreamOptions {
  if (range === undefined) return {};
  if ('last' in range) return { end: -range.last };
  const { first: start, length } = range;
  return { start, ...(length === undefined ? {} : { end: start + Math.max(length, 1) - 1 }) };
}

/** The SDK takes no signal: what comes too late is left to itself. */
async function within<Answer>(
  limitMs: number,
  asked: Promise<Answer>,
  late: () => Error,
): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), limitMs);
  });
  return Promise.race([asked, passed]).finally(() => clearTimeout(timer));
}

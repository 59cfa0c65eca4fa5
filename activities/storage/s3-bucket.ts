import { createReadStream } from 'node:fs';
import {
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { bucketProbe } from './bucket-probe.ts';
import type { S3Account } from './credentials.ts';
import type { KeyRange, Patience, RemoteBody, RemoteBucket } from './remote-bucket.ts';
import { s3Fault, statusOf } from './s3-fault.ts';
import { StorageError } from './storage-error.ts';

/** Another writer was at the same object at the same moment: one of the two is asked to try again. */
const CONFLICT_TRIES = 5;

/** A client for an account; without one, the SDK finds its own. */
export function createS3Client(account: S3Account | undefined): S3Client {
  const { region = '', endpoint = '', insecure = false } = account ?? {};
  const { access_key: accessKeyId = '', secret_key: secretAccessKey = '' } = account ?? {};
  const where = process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION'] || 'us-east-1';
  const known = accessKeyId !== '' && secretAccessKey !== '';
  return new S3Client({
    region: region || where,
    ...(endpoint === '' ? {} : { endpoint: withScheme(endpoint, insecure) }),
    forcePathStyle: account?.s3_force_path_style ?? false,
    ...(known ? { credentials: { accessKeyId, secretAccessKey } } : {}),
    maxAttempts: 4,
    // Newer checksums are refused by many servers that speak S3.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 30_000 },
  });
}

/** A bucket of S3 or of a server that speaks as S3 does. */
export function openS3Bucket(client: S3Client, bucket: string, patience: Patience): RemoteBucket {
  const Bucket = bucket;
  const asking = <Answer>(
    verb: string,
    key: string,
    ask: (signal: AbortSignal) => Promise<Answer>,
    limitMs = patience.quick,
  ): Promise<Answer> =>
    ask(AbortSignal.timeout(limitMs)).catch((error: unknown) => {
      if (error instanceof StorageError) throw error;
      throw s3Fault(error, { verb, url: `s3://${bucket}/${key}` });
    });
  const list: RemoteBucket['list'] = ({ prefix, after, limit }) =>
    asking('list', prefix, async (abortSignal) => {
      const input = { Bucket, Prefix: prefix, Delimiter: '/', MaxKeys: limit };
      const page = after === undefined ? {} : { ContinuationToken: after };
      const command = new ListObjectsV2Command({ ...input, ...page });
      const found = await client.send(command, { abortSignal });
      return {
        objects: (found.Contents ?? []).map(({ Key = '', Size = 0, LastModified }) => ({
          key: Key,
          size: Size,
          modifiedAt: (LastModified ?? new Date(0)).toISOString(),
        })),
        prefixes: (found.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix),
        ...(found.NextContinuationToken === undefined ? {} : { next: found.NextContinuationToken }),
      };
    });
  const isThere = bucketProbe(() => list({ prefix: '', limit: 1 }));
  const absentUnless = async (error: unknown): Promise<undefined> => {
    if (statusOf(error) !== 404 || nameOf(error) === 'NoSuchBucket') throw error;
    // A missing object is an answer, a missing bucket is a mistake; some questions are answered alike.
    if (nameOf(error) !== 'NoSuchKey') await isThere();
    return undefined;
  };
  return {
    list,
    put: (key, body, options) =>
      asking(
        'write',
        key,
        (abortSignal) =>
          putOnce(async () => {
            const command = new PutObjectCommand({
              Bucket,
              Key: key,
              Body: contentOf(body),
              ContentLength: body.kind === 'file' ? body.size : body.bytes.length,
              ContentType: options.contentType,
              CacheControl: options.cacheControl,
              ContentEncoding: options.encoding,
              ...(options.metadata ? { Metadata: { ...options.metadata } } : {}),
              ...(options.ifAbsent ? { IfNoneMatch: '*' } : {}),
            });
            await client.send(command, { abortSignal });
          }),
        body.kind === 'file' ? patience.upload : patience.quick,
      ),
    get: (key, range) =>
      asking('read', key, async (abortSignal) => {
        const input: GetObjectCommandInput = { Bucket, Key: key, ...rangeOf(range) };
        const answer = await client
          .send(new GetObjectCommand(input), { abortSignal })
          .catch((error: unknown) => (isBeyond(error) ? 'beyond' : absentUnless(error)));
        if (answer === 'beyond')
          return { bytes: new Uint8Array(), beyond: true, gzip: false, version: '' };
        if (answer === undefined) return undefined;
        return {
          bytes: (await answer.Body?.transformToByteArray()) ?? new Uint8Array(),
          gzip: answer.ContentEncoding === 'gzip',
          version: answer.ETag ?? '',
        };
      }),
    head: (key) =>
      asking('look at', key, async (abortSignal) => {
        const command = new HeadObjectCommand({ Bucket, Key: key });
        const answer = await client.send(command, { abortSignal }).catch(absentUnless);
        return (
          answer && {
            size: answer.ContentLength ?? 0,
            gzip: answer.ContentEncoding === 'gzip',
            version: answer.ETag ?? '',
          }
        );
      }),
    sign: (key, { expiresInMs, disposition }) =>
      asking('sign', key, () => {
        const saved = disposition === undefined ? {} : { ResponseContentDisposition: disposition };
        const command = new GetObjectCommand({ Bucket, Key: key, ...saved });
        return getSignedUrl(client, command, { expiresIn: Math.ceil(expiresInMs / 1000) });
      }),
  };
}

/** As in Prow, an endpoint may come without a scheme, and `insecure` then says which. */
function withScheme(endpoint: string, insecure: boolean): string {
  if (/^https?:\/\//.test(endpoint)) return endpoint;
  return `${insecure ? 'http' : 'https'}://${endpoint}`;
}

function contentOf(body: RemoteBody) {
  if (body.kind === 'bytes') return body.bytes;
  if (body.size === 0) return new Uint8Array();
  return createReadStream('', { fd: body.fd, autoClose: false, start: 0, end: body.size - 1 });
}

/** Whether the object was written; false if there is one. */
async function putOnce(put: () => Promise<void>): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    try {
      await put();
      return true;
    } catch (error) {
      if (statusOf(error) === 412) return false;
      if (statusOf(error) !== 409 || tries === CONFLICT_TRIES) throw error;
    }
  }
}

function rangeOf(range: KeyRange | undefined): { readonly Range?: string } {
  if (range === undefined) return {};
  if ('last' in range) return { Range: `bytes=-${range.last}` };
  const { first, length } = range;
  return { Range: `bytes=${first}-${length === undefined ? '' : first + Math.max(length, 1) - 1}` };
}

function isBeyond(error: unknown): boolean {
  return statusOf(error) === 416;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

import { readS3Account, type StorageCredentials } from './credentials.ts';
import { openFileStorage } from './file-storage.ts';
import { isObjectName, ObjectPathError } from './object-path.ts';
import type { Patience, RemoteBucket } from './remote-bucket.ts';
import { createRemoteReader } from './remote-reader.ts';
import { createRemoteStorage, type OpenedBucket } from './remote-storage.ts';
import type { OpenStorage } from './storage.ts';

/** How storages are opened; `gcsEndpoint` is a server that speaks as Google's does. */
export interface StorageSetting extends StorageCredentials {
  readonly gcsEndpoint?: string;
  readonly patience?: Patience;
}

const PATIENCE: Patience = { quick: 60_000, upload: 15 * 60_000 };
const FORMS = 'file:///SOME/FOLDER, gs://BUCKET or s3://BUCKET';

/**
 * Opens storages by their URLs, with one account per provider; each SDK is loaded at its first use, since
 * most processes need none. The opener throws `ObjectPathError` for a URL that cannot be.
 */
export function createStorageOpener(setting: StorageSetting = {}): OpenStorage {
  const patience = setting.patience ?? PATIENCE;
  const s3 = once(async () => {
    const { createS3Client, openS3Bucket } = await import('./s3-bucket.ts');
    const file = setting.s3CredentialsFile ?? '';
    const client = createS3Client(file === '' ? undefined : readS3Account(file));
    return (bucket: string) => openS3Bucket(client, bucket, patience);
  });
  const gcs = once(async () => {
    const { createGcsClient, openGcsBucket } = await import('./gcs-bucket.ts');
    const { gcsCredentialsFile: keyFile, gcsEndpoint: endpoint } = setting;
    const account = { ...(keyFile ? { keyFile } : {}), ...(endpoint ? { endpoint } : {}) };
    const client = await createGcsClient(account, patience);
    return (bucket: string) => openGcsBucket(client, bucket, patience);
  });
  const openers = { s3: byBucket('s3', s3), gs: byBucket('gs', gcs) };
  return (url) => {
    if (url.startsWith('file://')) return openFileStorage(url);
    const place = parseStorageUrl(url);
    return createRemoteStorage(place, () => openers[place.provider](place.bucket));
  };
}

/** Opens storages without credentials of our own. */
export const openStorage: OpenStorage = createStorageOpener();

/** Reads `gs://BUCKET/FOLDER` or `s3://BUCKET/FOLDER`. Throws `ObjectPathError`. */
function parseStorageUrl(url: string) {
  const [, provider, bucket = '', rest = ''] = /^(gs|s3):\/\/([^/]*)\/?(.*)$/s.exec(url) ?? [];
  const prefix = rest.replace(/\/+$/, '');
  const sound = prefix === '' || prefix.split('/').every(isObjectName);
  if ((provider !== 'gs' && provider !== 's3') || !isBucketName(bucket) || !sound) {
    throw new ObjectPathError(`storage "${url}" is not a storage URL; use ${FORMS}`);
  }
  return { provider, bucket, prefix } as const;
}

/** What both providers allow, a little more generous: it must not leave its place in an address. */
function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{1,221}$/i.test(name) && !name.includes('..');
}

type OpenBucket = (bucket: string) => RemoteBucket;

function byBucket(
  provider: string,
  opener: () => Promise<OpenBucket>,
): (bucket: string) => Promise<OpenedBucket> {
  const buckets = new Map<string, OpenedBucket>();
  return async (name) => {
    const known = buckets.get(name);
    if (known !== undefined) return known;
    const bucket = (await opener())(name);
    const opened = { bucket, reader: createRemoteReader(`${provider}://${name}`, bucket) };
    buckets.set(name, opened);
    return opened;
  };
}

/** One that failed is tried anew. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

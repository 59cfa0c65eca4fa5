import {
  StorageError,
  type StorageQuestion,
  type StorageTrouble,
  troubleOfCode,
  troubleOfStatus,
} from './storage-error.ts';

/** Names that S3 and its SDK give to faults. */
const TROUBLES: Readonly<Record<string, StorageTrouble>> = {
  NoSuchBucket: 'bucket-missing',
  AccessDenied: 'forbidden',
  AllAccessDisabled: 'forbidden',
  InvalidAccessKeyId: 'credentials',
  SignatureDoesNotMatch: 'credentials',
  AuthorizationHeaderMalformed: 'credentials',
  ExpiredToken: 'credentials',
  InvalidToken: 'credentials',
  CredentialsProviderError: 'credentials',
  RequestTimeTooSkewed: 'credentials',
  TimeoutError: 'timeout',
  AbortError: 'timeout',
  RequestTimeout: 'timeout',
  SlowDown: 'unreachable',
};

/** A fault of S3 in our words. Only its name is taken over: texts of S3 repeat keys and what was signed. */
export function s3Fault(error: unknown, question: StorageQuestion): StorageError {
  const name = error instanceof Error ? error.name : 'unknown';
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const status = statusOf(error);
  const trouble = TROUBLES[name] ?? troubleOfCode(code) ?? troubleOfStatus(status);
  const named = typeof code === 'string' && name === 'Error' ? code : name;
  return new StorageError(question, trouble, status === undefined ? named : `${named}, ${status}`);
}

/** The status of HTTP that an error of the SDK came with. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  if (!('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

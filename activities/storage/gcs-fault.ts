import {
  StorageError,
  type StorageQuestion,
  type StorageTrouble,
  troubleOfCode,
  troubleOfStatus,
} from './storage-error.ts';

/** A fault of Google Cloud Storage in our words; texts of the other side are not repeated. */
export function gcsFault(error: unknown, question: StorageQuestion): StorageError {
  const status = gcsStatus(error);
  const code = codeOf(error);
  const named = status === undefined ? nameOf(error, code) : `${status}`;
  return new StorageError(question, troubleOf(error, status, code), named);
}

function troubleOf(error: unknown, status: number | undefined, code: unknown): StorageTrouble {
  if (status === 404) return 'bucket-missing';
  if (status !== undefined) return troubleOfStatus(status);
  const message = error instanceof Error ? error.message : '';
  // The library for accounts has no codes of its own.
  if (/credential|invalid_grant|private key|DECODER|PEM/i.test(message)) return 'credentials';
  return troubleOfCode(code) ?? (/timed? ?out/i.test(message) ? 'timeout' : 'other');
}

/** The status of HTTP that an error of the SDK came with. */
export function gcsStatus(error: unknown): number | undefined {
  const code = codeOf(error);
  return typeof code === 'number' && code >= 100 && code < 600 ? code : undefined;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function nameOf(error: unknown, code: unknown): string {
  if (typeof code === 'string') return code;
  return error instanceof Error ? error.name : 'unknown';
}

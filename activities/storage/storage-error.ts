import { ObjectPathError } from './object-path.ts';

/** Why a storage does not do what it was asked. */
export type StorageTrouble =
  | 'bucket-missing'
  | 'forbidden'
  | 'credentials'
  | 'unreachable'
  | 'timeout'
  | 'too-large'
  | 'other';

const ADVICE: Readonly<Record<StorageTrouble, string>> = {
  'bucket-missing': 'there is no such bucket: make it, or name another one',
  forbidden: 'the account may not: give it the right to read, write and list objects there',
  credentials: 'the account is not accepted: look at the file of credentials',
  unreachable: 'it does not answer: look at its address and at the network',
  timeout: 'it took too long to answer',
  'too-large': 'it is too large to be unpacked here',
  other: 'it refused',
};

/** What was asked of a storage. */
export interface StorageQuestion {
  /** A verb: `read`, `write`, `list`. */
  readonly verb: string;
  /** The object, as `gs://BUCKET/PATH`. */
  readonly url: string;
}

/**
 * A storage that refuses or does not answer. Its message never repeats what the other side said, since that
 * may hold keys and signatures; only the name of the fault.
 */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly trouble: StorageTrouble;

  constructor({ verb, url }: StorageQuestion, trouble: StorageTrouble, fault = '') {
    const named = fault === '' ? '' : ` (${fault})`;
    super(`cannot ${verb} ${url}: ${ADVICE[trouble]}${named}`);
    this.trouble = trouble;
  }

  /** Whether asking again cannot help before somebody mends it. */
  get permanent(): boolean {
    return ['bucket-missing', 'forbidden', 'credentials', 'too-large'].includes(this.trouble);
  }
}

/** Whether a storage will refuse this again and again: it is not there, or not ours, or the name is none. */
export function isPermanent(error: unknown): error is StorageError | ObjectPathError {
  return (error instanceof StorageError && error.permanent) || error instanceof ObjectPathError;
}

const UNREACHABLE =
  /^(ECONN|ENOTFOUND|EAI_AGAIN|EHOST|ENET|EPIPE|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS)/;

/** The trouble of a connection that failed, by the code that Node gives. */
export function troubleOfCode(code: unknown): StorageTrouble | undefined {
  if (typeof code !== 'string') return undefined;
  if (code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT') return 'timeout';
  return UNREACHABLE.test(code) ? 'unreachable' : undefined;
}

/** The trouble that a status of HTTP stands for; a missing object is none. */
export function troubleOfStatus(status: number | undefined): StorageTrouble {
  if (status === 401) return 'credentials';
  if (status === 403) return 'forbidden';
  if (status === 408 || status === 504) return 'timeout';
  if (status !== undefined && (status === 429 || status >= 500)) return 'unreachable';
  return 'other';
}

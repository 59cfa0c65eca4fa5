import { z } from 'zod';
import {
  CredentialsError,
  checkCredentials,
  type StorageCredentials,
} from '../activities/storage/credentials.ts';
import { OptionsError, optional, readable } from './option-values.ts';

/** Where runs' files are kept. */
export interface StorageOptions {
  /** URL of the storage of logs and artifacts, without a trailing slash: `file://`, `gs://`, `s3://`. */
  readonly storage: string;
  readonly storageCredentials: StorageCredentials;
}

/** The flags of storage, Prow's names for credentials. */
export const storageFlags = {
  storage: z
    .string()
    .regex(
      /^(file:\/\/\/|(gs|s3):\/\/[^/]+)/,
      'give file:///SOME/FOLDER, gs://BUCKET or s3://BUCKET',
    )
    .exactOptional(),
  gcsCredentialsFile: readable.exactOptional(),
  s3CredentialsFile: readable.exactOptional(),
};

/** What is wrong in the files is said at the start, not at the first run. Throws `OptionsError`. */
export function storageOptions(given: {
  readonly stateDir: string;
  readonly storage?: string;
  readonly gcsCredentialsFile?: string;
  readonly s3CredentialsFile?: string;
}): StorageOptions {
  const storageCredentials = {
    ...optional('gcsCredentialsFile', given.gcsCredentialsFile),
    ...optional('s3CredentialsFile', given.s3CredentialsFile),
  };
  try {
    checkCredentials(storageCredentials);
  } catch (error) {
    throw error instanceof CredentialsError ? new OptionsError(error.message) : error;
  }
  const storage = given.storage ?? `file://${given.stateDir}/storage`;
  return { storage: storage.replace(/\/+$/, ''), storageCredentials };
}

/** The same as flags, for a command that is started by another. */
export function flagsOfStorage({ storage, storageCredentials }: StorageOptions): readonly string[] {
  const { gcsCredentialsFile: gcs, s3CredentialsFile: s3 } = storageCredentials;
  return [
    `--storage=${storage}`,
    ...(gcs === undefined ? [] : [`--gcs-credentials-file=${gcs}`]),
    ...(s3 === undefined ? [] : [`--s3-credentials-file=${s3}`]),
  ];
}

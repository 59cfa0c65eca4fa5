import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Files of credentials, as Prow's components take them; without one, the SDK's own ways to find an account. */
export interface StorageCredentials {
  /** `--gcs-credentials-file`: the JSON of a service account. */
  readonly gcsCredentialsFile?: string;
  /** `--s3-credentials-file`: Prow's own JSON (J§1.4). */
  readonly s3CredentialsFile?: string;
}

/** Credentials that cannot be used. The message never holds what the file says. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
}

const s3Schema = z.object({
  region: z.string().default(''),
  endpoint: z.string().default(''),
  insecure: z.boolean().default(false),
  s3_force_path_style: z.boolean().default(false),
  access_key: z.string().default(''),
  secret_key: z.string().default(''),
});

/** An account of S3 as Prow's secret names it; empty texts are left to the SDK. */
export type S3Account = z.infer<typeof s3Schema>;

const gcsSchema = z.looseObject({
  client_email: z.string().optional(),
  private_key: z.string().optional(),
  project_id: z.string().optional(),
});

/** Checks both files; whatever is wrong is said now and not at the first run. Throws `CredentialsError`. */
export function checkCredentials(credentials: StorageCredentials): void {
  const { gcsCredentialsFile, s3CredentialsFile } = credentials;
  if (gcsCredentialsFile) checkGcsFile(gcsCredentialsFile);
  if (s3CredentialsFile) readS3Account(s3CredentialsFile);
}

/** Reads an account of S3. Throws `CredentialsError`. */
export function readS3Account(file: string): S3Account {
  const account = s3Schema.safeParse(readJson('--s3-credentials-file', file));
  if (account.success) return account.data;
  const fields = account.error.issues.map(({ path }) => path.join('.') || 'the whole');
  throw new CredentialsError(
    `--s3-credentials-file=${file}: ${fields.join(', ')}: not as in {"region": "…", "endpoint": "…", "insecure": false, "s3_force_path_style": true, "access_key": "…", "secret_key": "…"}`,
  );
}

/** The kinds that Google's library knows differ much: only what none of them is, is refused. */
function checkGcsFile(file: string): void {
  if (gcsSchema.safeParse(readJson('--gcs-credentials-file', file)).success) return;
  throw new CredentialsError(
    `--gcs-credentials-file=${file}: not the JSON that Google gives out for a service account`,
  );
}

function readJson(flag: string, file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'not JSON';
    throw new CredentialsError(`${flag}=${file}: cannot be read (${code})`);
  }
}

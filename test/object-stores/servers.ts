import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../workers/provision/ports.ts';
import { bareEnvironment, spawnOwned } from '../../workers/provision/process.ts';
import { waitUntil } from '../cluster/waiting.ts';
import { type ObjectStore, objectStorePath } from './programs.ts';

/** A server of objects on 127.0.0.1, its buckets folders of this machine. */
export interface ObjectServer {
  readonly url: string;
  readonly folder: string;
  stop(): Promise<void>;
}

/** The account of the S3 servers of tests. */
export const S3_ACCOUNT = { access_key: 'AKBOWSPRIT', secret_key: 'a-secret-of-storage' } as const;

/** Prow's JSON of credentials for such a server (J§1.4). */
export function s3CredentialsJson(url: string, change: object = {}): string {
  return JSON.stringify({
    region: 'us-east-1',
    endpoint: url,
    insecure: true,
    s3_force_path_style: true,
    ...S3_ACCOUNT,
    ...change,
  });
}

/** Starts a server of S3's protocol with these buckets. Needs the tool `s3-server`. */
export async function startS3Server(buckets: readonly string[]): Promise<ObjectServer> {
  const port = await freePort();
  return start('versitygw', buckets, {
    url: `http://127.0.0.1:${port}`,
    arguments: (folder) => ['--port', `127.0.0.1:${port}`, '--health', '/health', 'posix', folder],
    environment: {
      ROOT_ACCESS_KEY: S3_ACCOUNT.access_key,
      ROOT_SECRET_KEY: S3_ACCOUNT.secret_key,
    },
    health: '/health',
  });
}

/** Starts a server of Google's protocol with these buckets. Needs the tool `gcs-server`. */
export async function startGcsServer(buckets: readonly string[]): Promise<ObjectServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  return start('fake-gcs-server', buckets, {
    url,
    arguments: (folder) => [
      '-scheme=http',
      '-host=127.0.0.1',
      `-port=${port}`,
      `-external-url=${url}`,
      `-public-host=127.0.0.1:${port}`,
      '-backend=filesystem',
      `-filesystem-root=${folder}`,
    ],
    environment: {},
    health: '/_internal/healthcheck',
  });
}

interface Recipe {
  readonly url: string;
  readonly arguments: (folder: string) => readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly health: string;
}

async function start(
  program: ObjectStore,
  buckets: readonly string[],
  recipe: Recipe,
): Promise<ObjectServer> {
  const root = await mkdtemp(join(tmpdir(), `bowsprit-${program}-`));
  const folder = join(root, 'buckets');
  for (const bucket of buckets) await mkdir(join(folder, bucket), { recursive: true });
  const server = await spawnOwned(objectStorePath(program), recipe.arguments(folder), {
    name: program,
    log: join(root, 'log'),
    env: bareEnvironment(recipe.environment),
  });
  const stop = async (): Promise<void> => {
    await server.stop(2_000);
    await rm(root, { recursive: true, force: true });
  };
  const answers = () =>
    fetch(`${recipe.url}${recipe.health}`, { signal: AbortSignal.timeout(1_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
  try {
    const processes = [server];
    await waitUntil(answers, { what: `${program} answers`, limitMs: 30_000, processes });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: recipe.url, folder, stop };
}

/** A service account of Google's with a key of its own: good for signatures, and accepted by nobody. */
export function serviceAccountJson(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return JSON.stringify({
    type: 'service_account',
    project_id: 'none',
    private_key_id: '1',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    client_email: 'bowsprit@none.iam.gserviceaccount.com',
    client_id: '1',
  });
}

/** Writes a file of credentials and returns its path. */
export async function writeCredentials(folder: string, text: string): Promise<string> {
  const file = join(folder, 'storage-credentials.json');
  await writeFile(file, text, { mode: 0o600 });
  return file;
}

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Database, openDatabase } from '../../activities/database/database.ts';
import { answers } from '../../workers/practice/emulator.ts';
import { defaultCacheDir } from '../../workers/provision/folders.ts';
import { freePort } from '../../workers/provision/ports.ts';
import { providePostgres } from '../../workers/provision/postgres.ts';
import { bareEnvironment, type OwnedProcess, spawnOwned } from '../../workers/provision/process.ts';
import { provideTemporal } from '../../workers/provision/temporal.ts';
import { CONFIGURATION } from './configuration.ts';
import { type BenchGitHub, benchGitHub } from './github.ts';

/** How Temporal keeps what it knows. */
export type Keeping = 'memory' | 'file';

/** The whole system, each part a process of the built program, with the emulator as its GitHub. */
export interface Stage {
  readonly keeping: Keeping;
  readonly github: BenchGitHub;
  readonly hook: { readonly url: string; readonly secret: string };
  readonly database: Database;
  /** Kilobytes that a part holds in memory now. */
  memory(part: 'worker' | 'gateway'): Promise<number>;
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('../../dist/workers/cli/main.js', import.meta.url));
const EMULATOR = fileURLToPath(new URL('../../dist/test/github/main.js', import.meta.url));

/** Brings everything up from nothing, in a folder of its own that is removed at the end. */
export async function openStage(keeping: Keeping): Promise<Stage> {
  if (!existsSync(PROGRAM)) throw new Error('there is no dist/: run npm run build first');
  const stateDir = await mkdtemp(join(tmpdir(), 'bowsprit-bench-'));
  const ends: (() => Promise<unknown>)[] = [() => rm(stateDir, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    return { ...(await raise(keeping, stateDir, ends)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function raise(
  keeping: Keeping,
  stateDir: string,
  ends: (() => Promise<unknown>)[],
): Promise<Omit<Stage, 'stop'>> {
  const shared = { stateDir, cacheDir: defaultCacheDir() };
  const temporal = await provideTemporal({ ...shared, inMemory: keeping === 'memory' });
  ends.push(() => temporal.stop());
  const postgres = await providePostgres(shared);
  ends.push(() => postgres.stop());
  const environment = {
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
  };
  const spawn = async (name: string, args: readonly string[]): Promise<OwnedProcess> => {
    const options = { name, env: bareEnvironment(environment), log: logOf(stateDir, name) };
    const started = await spawnOwned(process.execPath, args, options);
    ends.push(() => started.stop());
    return started;
  };
  const { github, secret, token } = await raiseGitHub(stateDir, spawn);
  const port = await freePort();
  const metricsPort = await freePort();
  const hook = { url: `http://127.0.0.1:${port}/hook`, secret };
  const flags = await flagsOf(stateDir, github.url, { secret, token });
  const worker = await spawn('worker', [
    ...[PROGRAM, 'worker', ...flags, `--metrics-port=${metricsPort}`],
    `--public-url=http://127.0.0.1:${port}`,
  ]);
  const gateway = await spawn('gateway', [
    ...[PROGRAM, 'gateway', ...flags, `--port=${port}`],
    `--hmac-secret-file=${join(stateDir, 'hmac')}`,
  ]);
  await answers(`http://127.0.0.1:${port}/healthz`, 'the gateway', logOf(stateDir, 'gateway'));
  await answers(`http://127.0.0.1:${metricsPort}/healthz`, 'the worker', logOf(stateDir, 'worker'));
  await github.seed({ ...hook, token });
  const database = openDatabase(postgres.url);
  ends.push(() => database.close());
  const pids = { worker: worker.pid, gateway: gateway.pid };
  return { keeping, github, hook, database, memory: (part) => residentKilobytes(pids[part]) };
}

function logOf(stateDir: string, name: string): string {
  return join(stateDir, 'logs', `${name}.log`);
}

async function raiseGitHub(
  stateDir: string,
  spawn: (name: string, args: readonly string[]) => Promise<OwnedProcess>,
) {
  const port = await freePort();
  await spawn('github', [EMULATOR, `--port=${port}`, `--state-dir=${join(stateDir, 'github')}`]);
  const url = `http://127.0.0.1:${port}`;
  await answers(`${url}/rate_limit`, 'the GitHub emulator', logOf(stateDir, 'github'));
  const secret = randomBytes(20).toString('hex');
  return { github: benchGitHub(url), secret, token: randomBytes(20).toString('hex') };
}

async function flagsOf(
  stateDir: string,
  github: string,
  { secret, token }: { readonly secret: string; readonly token: string },
): Promise<readonly string[]> {
  const folder = join(stateDir, 'config');
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(CONFIGURATION)) {
    await writeFile(join(folder, name), text);
  }
  await writeFile(join(stateDir, 'hmac'), secret, { mode: 0o600 });
  await writeFile(join(stateDir, 'token'), token, { mode: 0o600 });
  return [
    `--config-path=${join(folder, 'config.yaml')}`,
    `--plugin-config=${join(folder, 'plugins.yaml')}`,
    `--job-config-path=${join(folder, 'jobs.yaml')}`,
    `--github-endpoint=${github}`,
    `--github-token-path=${join(stateDir, 'token')}`,
    '--dry-run=false',
    '--practice',
    `--state-dir=${stateDir}`,
    `--storage=file://${join(stateDir, 'storage')}`,
  ];
}

async function residentKilobytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? Number.NaN);
}

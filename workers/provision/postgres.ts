import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { readTail } from './log-tail.ts';
import { commandLine, endOrphan, endProcess, identify } from './pid-file.ts';
import { freePort } from './ports.ts';
import { type PostgresPlace, placePostgres } from './postgres-account.ts';
import { bareEnvironment, type OwnedProcess, spawnOwned } from './process.ts';
import { ProvisionError } from './provision-error.ts';
import { type Supervised, type SupervisionOptions, supervise } from './supervise.ts';

/** What is needed to have a PostgreSQL. */
export interface PostgresOptions {
  readonly stateDir: string;
  readonly cacheDir: string;
  /** Preferred port; another is taken if it is not free. */
  readonly port?: number;
  /** Forget everything that an earlier database knew. */
  readonly fresh?: boolean;
  /** Survive kill -9 but not a power failure: for tests. */
  readonly careless?: boolean;
  readonly supervision?: Omit<SupervisionOptions, 'name'>;
}

/** A PostgreSQL that answers. */
export interface ProvidedPostgres {
  /** Connection string with the password: hand it on by environment, never by arguments or logs. */
  readonly url: string;
  /** Absent if the server is not ours. */
  readonly process?: Supervised;
  stop(): Promise<void>;
}

interface Server {
  readonly place: PostgresPlace;
  readonly options: PostgresOptions;
  readonly folder: string;
  readonly port: number;
  /** Its own, since anybody on the machine can reach the port. */
  readonly password: string;
  readonly log: string;
}

const DATABASE = 'bowsprit';
const START_TIMEOUT_MS = 60_000;

/** The database that `DATABASE_URL` names, or one of our own that is kept alive. */
export async function providePostgres(options: PostgresOptions): Promise<ProvidedPostgres> {
  const url = process.env['DATABASE_URL'];
  if (!url) return ownPostgres(options);
  const failure = await probe(url);
  if (failure !== undefined) {
    throw new ProvisionError(
      `DATABASE_URL is set, but that database does not answer: ${failure}. Start it, or unset DATABASE_URL to have one started here`,
    );
  }
  return { url, stop: async () => {} };
}

async function ownPostgres(options: PostgresOptions): Promise<ProvidedPostgres> {
  await mkdir(options.stateDir, { recursive: true, mode: 0o700 });
  const pidFile = join(options.stateDir, 'postgres.pid');
  await endOrphan(pidFile, 'SIGINT');
  const server = await describeServer(options);
  if (!existsSync(join(server.folder, 'PG_VERSION'))) await create(server);

  const process = await supervise(() => start(server, pidFile), {
    ...options.supervision,
    name: 'postgres',
  });
  try {
    await createDatabase(server);
  } catch (error) {
    await process.stop();
    throw error;
  }
  return { url: urlOf(server, DATABASE), process, stop: () => process.stop() };
}

async function describeServer(options: PostgresOptions): Promise<Server> {
  const place = await placePostgres(options.stateDir, options.cacheDir);
  const folder = join(place.home, 'postgres');
  const passwordFile = join(options.stateDir, 'postgres-password');
  const known = await readFile(passwordFile, 'utf8').catch(() => '');
  // Without its password an old database is of no use: the state folder was thrown away.
  if (options.fresh || known === '') await rm(folder, { recursive: true, force: true });
  const password = known || randomBytes(24).toString('base64url');
  await writeFile(passwordFile, password, { mode: 0o600 });
  return {
    place,
    options,
    folder,
    port: await freePort(options.port ?? 5432),
    password,
    log: join(options.stateDir, 'logs', 'postgres.log'),
  };
}

function urlOf({ password, port }: Server, database: string): string {
  return `postgres://bowsprit:${password}@127.0.0.1:${port}/${database}`;
}

/** Makes the files beside their place and moves them there when complete: being killed leaves no half. */
async function create({ place, folder, password, log, options }: Server): Promise<void> {
  const scratch = `${folder}.new`;
  const passwordFile = `${folder}.password`;
  await rm(folder, { recursive: true, force: true });
  await rm(scratch, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true, mode: 0o755 });
  await mkdir(scratch, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (place.account) {
    await chown(scratch, place.account.uid, place.account.gid);
    await chown(passwordFile, place.account.uid, place.account.gid);
  }
  try {
    const args = [
      ...['--pgdata', scratch, '--username', 'bowsprit', '--pwfile', passwordFile],
      ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-instructions'],
      ...(options.careless ? ['--no-sync'] : []),
    ];
    const initdb = await spawnOwned(
      place.programs.initdb,
      args,
      childOptions('initdb', log, place),
    );
    const exit = await initdb.exited;
    if (exit.code !== 0) {
      throw new ProvisionError(
        `PostgreSQL could not create its files. ${log} ends with:\n${readTail(log)}`,
      );
    }
    await rename(scratch, folder);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

function childOptions(name: string, log: string, place: PostgresPlace) {
  return {
    name,
    log,
    env: bareEnvironment({ LC_ALL: 'C' }),
    cwd: '/',
    ...(place.account ?? {}),
  };
}

async function start(server: Server, pidFile: string): Promise<OwnedProcess> {
  const { place, folder, port, log, options } = server;
  await clearStalePid(folder);
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'shared_buffers=32MB',
    'max_connections=100',
    'jit=off',
    ...(options.careless ? ['fsync=off', 'full_page_writes=off'] : []),
  ];
  const args = ['-D', folder, '-p', String(port), ...settings.flatMap((line) => ['-c', line])];
  const child = await spawnOwned(place.programs.postgres, args, {
    ...childOptions('postgres', log, place),
    // SIGTERM waits for the last client to leave; SIGINT does not.
    stopSignal: 'SIGINT',
    pidFile,
  });
  return answering(child, urlOf(server, 'postgres'));
}

/**
 * After a kill, `postmaster.pid` names a process that is gone. PostgreSQL sees that by itself, unless
 * the number belongs to somebody else by now, which is common in containers.
 */
async function clearStalePid(folder: string): Promise<void> {
  const file = join(folder, 'postmaster.pid');
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n', 1)[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  const command = commandLine(pid);
  if (command.includes(folder)) await endProcess(identify(pid), 'SIGINT');
  else if (command !== '') await rm(file, { force: true });
}

async function answering(child: OwnedProcess, url: string): Promise<OwnedProcess> {
  let exited = false;
  child.onExit(() => {
    exited = true;
  });
  const deadline = performance.now() + START_TIMEOUT_MS;
  let failure = await probe(url);
  while (failure !== undefined && !exited && performance.now() < deadline) {
    await delay(50);
    failure = await probe(url);
  }
  if (failure === undefined && !exited) return child;
  await child.stop();
  const reason = exited ? 'it ended by itself' : `it does not answer: ${failure}`;
  throw new ProvisionError(
    `PostgreSQL did not start: ${reason}. Its log (${child.log}) ends with:\n${readTail(child.log)}`,
  );
}

/** Nothing if the database answers, else why not. */
async function probe(url: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message || error.name : String(error);
  } finally {
    await client.end().catch(() => {});
  }
}

async function createDatabase(server: Server): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(server, 'postgres') });
  client.on('error', () => {});
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end().catch(() => {});
  }
}

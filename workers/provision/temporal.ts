import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { readTail } from './log-tail.ts';
import { endOrphan } from './pid-file.ts';
import { freePort } from './ports.ts';
import { bareEnvironment, type OwnedProcess, spawnOwned } from './process.ts';
import { ProvisionError } from './provision-error.ts';
import { type Supervised, type SupervisionOptions, supervise } from './supervise.ts';
import { findTemporal, type Progress } from './temporal-binary.ts';

/** What is needed to have a Temporal server. */
export interface TemporalOptions {
  readonly stateDir: string;
  readonly cacheDir: string;
  /** Preferred ports; another is taken if one is not free. */
  readonly ports?: { readonly frontend?: number; readonly ui?: number };
  /** Forget everything that an earlier server knew. */
  readonly fresh?: boolean;
  /** Keep nothing on disk and serve no UI: for tests. */
  readonly inMemory?: boolean;
  readonly progress?: Progress;
  readonly supervision?: Omit<SupervisionOptions, 'name'>;
}

/** A Temporal server that answers. */
export interface ProvidedTemporal {
  readonly address: string;
  readonly namespace: string;
  /** Root of its UI, if there is one that we know of. */
  readonly uiUrl?: string;
  /** Absent if the server is not ours. */
  readonly process?: Supervised;
  stop(): Promise<void>;
}

const NAMESPACE = 'default';
const SEARCH_ATTRIBUTES = [
  'RunJob=Keyword',
  'RunType=Keyword',
  'Repo=Keyword',
  'PullNumber=Int',
  'RunState=Keyword',
];
/** A commit survives kill -9 without an fsync of its own; a laptop's power failure may cost the last second. */
const PRAGMAS = ['journal_mode=WAL', 'synchronous=NORMAL'].flatMap((pragma) => [
  '--sqlite-pragma',
  pragma,
]);
const START_TIMEOUT_MS = 60_000;
const RETENTION = '168h';

/** The server that `TEMPORAL_ADDRESS` names, or a development server of our own that is kept alive. */
export async function provideTemporal(options: TemporalOptions): Promise<ProvidedTemporal> {
  const address = process.env['TEMPORAL_ADDRESS'];
  return address ? existingServer(address) : ownServer(options);
}

async function existingServer(address: string): Promise<ProvidedTemporal> {
  const namespace = process.env['TEMPORAL_NAMESPACE'] || NAMESPACE;
  const uiUrl = process.env['TEMPORAL_UI_URL'];
  const failure = await probe(address, namespace);
  if (failure !== undefined) {
    throw new ProvisionError(
      `TEMPORAL_ADDRESS=${address} (namespace ${namespace}) does not answer: ${failure}. Start that server, or unset TEMPORAL_ADDRESS to have one started here`,
    );
  }
  return { address, namespace, ...(uiUrl ? { uiUrl } : {}), stop: async () => {} };
}

async function ownServer(options: TemporalOptions): Promise<ProvidedTemporal> {
  const program = await findTemporal(options.cacheDir, options.progress);
  await mkdir(options.stateDir, { recursive: true, mode: 0o700 });
  const pidFile = join(options.stateDir, 'temporal.pid');
  await endOrphan(pidFile);
  const file = join(options.stateDir, 'temporal.db');
  if (options.fresh) await forget(file);

  const port = await freePort(options.ports?.frontend ?? 7233);
  const uiPort = options.inMemory ? undefined : await freePort(options.ports?.ui ?? 8233);
  const address = `127.0.0.1:${port}`;
  const args = serverArguments({ port, uiPort, file: options.inMemory ? undefined : file });
  const start = async (): Promise<OwnedProcess> => {
    const log = join(options.stateDir, 'logs', 'temporal.log');
    const server = await spawnOwned(program, args, { name: 'temporal', log, pidFile });
    return answering(server, address);
  };
  const process = await supervise(start, { ...options.supervision, name: 'temporal' });
  await keepHistory(program, address);
  return {
    address,
    namespace: NAMESPACE,
    ...(uiPort === undefined ? {} : { uiUrl: `http://127.0.0.1:${uiPort}` }),
    process,
    stop: () => process.stop(),
  };
}

/** SQLite keeps its journal in files beside the database. */
async function forget(file: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(file + suffix, { force: true });
}

interface ServerPlaces {
  readonly port: number;
  readonly uiPort: number | undefined;
  readonly file: string | undefined;
}

function serverArguments({ port, uiPort, file }: ServerPlaces): readonly string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port)],
    ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]),
    ...(file === undefined ? [] : ['--db-filename', file, ...PRAGMAS]),
    ...['--namespace', NAMESPACE, '--log-level', 'error', '--log-format', 'json'],
    ...SEARCH_ATTRIBUTES.flatMap((attribute) => ['--search-attribute', attribute]),
  ];
}

/** Waits until a server that was just started serves its namespace; ends it if that never comes. */
async function answering(server: OwnedProcess, address: string): Promise<OwnedProcess> {
  let exited = false;
  server.onExit(() => {
    exited = true;
  });
  const deadline = performance.now() + START_TIMEOUT_MS;
  let failure = await probe(address, NAMESPACE);
  while (failure !== undefined && !exited && performance.now() < deadline) {
    await delay(100);
    failure = await probe(address, NAMESPACE);
  }
  if (failure === undefined && !exited) return server;
  await server.stop();
  const reason = exited ? 'it ended by itself' : `it does not answer: ${failure}`;
  throw new ProvisionError(
    `the Temporal server did not start: ${reason}. Its log (${server.log}) ends with:\n${readTail(server.log)}`,
  );
}

/** A development server forgets closed workflows after a day or so; we count on a week. */
async function keepHistory(program: string, address: string): Promise<void> {
  const args = ['operator', 'namespace', 'update', '--namespace', NAMESPACE];
  await promisify(execFile)(program, [...args, '--retention', RETENTION, '--address', address], {
    timeout: 20_000,
    env: bareEnvironment(),
  });
}

/** Nothing if the server serves the namespace, else why not. */
async function probe(address: string, namespace: string): Promise<string | undefined> {
  let connection: Connection | undefined;
  try {
    connection = await Connection.connect({ address, connectTimeout: 2_000 });
    const { workflowService } = connection;
    await connection.withDeadline(Date.now() + 2_000, async () => {
      await workflowService.describeNamespace({ namespace });
    });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await connection?.close();
  }
}

import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { type Database, openDatabase } from '../activities/database/database.ts';
import { migrate } from '../activities/database/migrate.ts';
import { defaultCacheDir } from '../workers/provision/folders.ts';
import { providePostgres } from '../workers/provision/postgres.ts';
import { PostgresNotFound } from '../workers/provision/postgres-programs.ts';
import { provideTemporal } from '../workers/provision/temporal.ts';
import { TemporalNotFound } from '../workers/provision/temporal-binary.ts';
import { ContractNotFound, obtainContract } from './github/contract/obtain.ts';
import { findMissingTools, type MissingTools } from './tools.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly postgresUrl: string;
    readonly temporalAddress: string;
    readonly missingTools: MissingTools;
  }
}

/** A server that lives as long as a test run. */
export interface TestServer {
  /** Connection string of PostgreSQL, or `host:port` of Temporal. */
  readonly address: string;
  stop(): Promise<void>;
}

/** A real PostgreSQL with nothing in it. */
export async function startTestPostgres(): Promise<TestServer> {
  return inScratchFolder(async (stateDir) => {
    const cacheDir = defaultCacheDir();
    const server = await providePostgres({ stateDir, cacheDir, port: 0, careless: true });
    return { address: server.url, stop: () => server.stop() };
  });
}

/** A real Temporal server in memory. */
export async function startTestTemporal(): Promise<TestServer> {
  return inScratchFolder(async (stateDir) => {
    const cacheDir = defaultCacheDir();
    const ports = { frontend: 0 };
    const server = await provideTemporal({ stateDir, cacheDir, ports, inMemory: true });
    return { address: server.address, stop: () => server.stop() };
  });
}

/** The folder goes when the server does, or if it does not even start. */
async function inScratchFolder(
  start: (folder: string) => Promise<TestServer>,
): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'bowsprit-test-'));
  const forget = () => rm(folder, { recursive: true, force: true });
  // As root, the account that PostgreSQL runs as must reach its files in here.
  await chmod(folder, 0o755);
  try {
    const server = await start(folder);
    return { address: server.address, stop: () => server.stop().finally(forget) };
  } catch (error) {
    await forget();
    throw error;
  }
}

/** vitest's `globalSetup`: one of each server for the whole run, and which tools this machine lacks. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const missing: Record<string, string> = { ...(await findMissingTools()) };
  const violations = join(await mkdtemp(join(tmpdir(), 'bowsprit-contract-')), 'violations.txt');
  const start = async (
    name: 'postgres' | 'temporal',
    starter: () => Promise<TestServer>,
  ): Promise<TestServer | undefined> => {
    try {
      return await starter();
    } catch (error) {
      // A server that is there but does not start is no missing tool.
      if (!(error instanceof TemporalNotFound || error instanceof PostgresNotFound)) throw error;
      missing[name] = error.message;
      return undefined;
    }
  };
  // The emulators of all tests, in whichever process, compare what they send with GitHub's description.
  const describeGitHub = async (): Promise<void> => {
    try {
      process.env['BOWSPRIT_GITHUB_CONTRACT'] = await obtainContract(defaultCacheDir());
      process.env['BOWSPRIT_GITHUB_VIOLATIONS'] = violations;
    } catch (error) {
      if (!(error instanceof ContractNotFound)) throw error;
      missing['github-contract'] = error.message;
    }
  };
  const [postgres, temporal] = await Promise.all([
    start('postgres', startTestPostgres),
    start('temporal', startTestTemporal),
    describeGitHub(),
  ]);
  project.provide('postgresUrl', postgres?.address ?? '');
  project.provide('temporalAddress', temporal?.address ?? '');
  project.provide('missingTools', missing);
  return async () => {
    await Promise.all([postgres?.stop(), temporal?.stop()]);
    await failOnViolations(violations);
  };
}

/** An emulator that was a process, or was killed, has told nobody else what did not fit. */
async function failOnViolations(file: string): Promise<void> {
  const found = await readFile(file, 'utf8').catch(() => '');
  await rm(dirname(file), { recursive: true, force: true });
  if (found === '') return;
  const lines = [...new Set(found.trim().split('\n'))];
  process.stdout.write(
    `FAILED: the emulator answered otherwise than GitHub describes:\n${lines.join('\n')}\n`,
  );
  // An error thrown here would only be printed.
  process.exitCode = 1;
}

/** Address of the run's Temporal server; a test uses its own task queue and workflow ids on it. */
export function temporalAddress(): string {
  return inject('temporalAddress');
}

/** A database of a test's own. */
export interface TestDatabase {
  readonly db: Database;
  readonly url: string;
  /** Closes and deletes it. */
  drop(): Promise<void>;
}

/** A new, migrated database on the run's PostgreSQL: one per test file keeps tests apart. */
export async function freshDatabase(): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(server, `CREATE DATABASE ${name}`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const db = openDatabase(url);
  await migrate(db);
  return {
    db,
    url,
    drop: async () => {
      await db.close();
      await administer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

import pg from 'pg';
import type { Database } from './database.ts';
import { asDatabaseError } from './errors.ts';
import { first } from './migrations/001-first.ts';
import { repositories } from './migrations/002-repositories.ts';
import { configuration } from './migrations/003-configuration.ts';
import { runReports } from './migrations/004-run-reports.ts';
import type { Migration } from './migrations/migration.ts';

const MIGRATIONS: readonly Migration[] = [first, repositories, configuration, runReports];
const LOCK = 'bowsprit-migrations';

/**
 * Brings the schema up to date. Any number of processes may do so at once: one works, the others wait
 * and find nothing left to do. Each step is one transaction.
 */
export async function migrate(
  db: Database,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  // An own connection without the pool's time limits: waiting for another process is no failure here.
  const client = new pg.Client({ connectionString: db.url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [LOCK]);
    await applyMissing(client, migrations);
  } catch (error) {
    throw asDatabaseError(error);
  } finally {
    // Closing the connection gives the lock back.
    await client.end().catch(() => {});
  }
}

async function applyMissing(client: pg.Client, migrations: readonly Migration[]): Promise<void> {
  await client.query(
    `CREATE TABLE IF NOT EXISTS migrations (
       number integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
  );
  const done = await client.query<{ number: number }>('SELECT number FROM migrations');
  const applied = new Set(done.rows.map((row) => row.number));
  for (const migration of migrations) {
    if (!applied.has(migration.number)) await apply(client, migration);
  }
}

async function apply(client: pg.Client, { number, name, sql }: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query('INSERT INTO migrations (number, name) VALUES ($1, $2)', [number, name]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw new Error(`migration ${number} (${name}) failed`, { cause: error });
  }
}

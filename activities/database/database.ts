import pg from 'pg';
import { asDatabaseError } from './errors.ts';
import { toParameter } from './json-text.ts';

/** A row as `pg` hands it out: columns by name. */
export type Row = Record<string, unknown>;

/** An interface as a row type: the columns are selected under the names of its fields. */
export type AsRow<T> = { [K in keyof T]: T[K] };

/** Runs one statement; values are always parameters, never text in the statement. */
export interface Queryable {
  query<R extends Row>(text: string, values?: readonly unknown[]): Promise<readonly R[]>;
}

/**
 * The one PostgreSQL, as gateway and activities see it. Every call ends within about two seconds:
 * with rows, or with `DatabaseUnavailable`.
 */
export interface Database extends Queryable {
  /** Connection string; holds the password, so it never goes into a log. */
  readonly url: string;
  /** All or nothing; the work gets its own connection and must not keep it. */
  transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** How a process talks to the database; the defaults suit one worker or gateway. */
export interface DatabaseOptions {
  readonly maxConnections?: number;
  readonly timeoutMs?: number;
  /** Idle connections break when the server restarts; the pool replaces them by itself. */
  readonly onIdleError?: (error: Error) => void;
}

const TIMEOUT_MS = 2_000;
const INT8 = 20;
const TIMESTAMPTZ = 1184;

/** Opens a small pool; nothing is connected before the first query. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const timeout = options.timeoutMs ?? TIMEOUT_MS;
  const pool = new pg.Pool({
    connectionString: url,
    max: options.maxConnections ?? 5,
    connectionTimeoutMillis: timeout,
    query_timeout: timeout,
    statement_timeout: timeout,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: 'bowsprit',
    types: { getTypeParser },
  });
  // Without a listener a broken idle connection would end the process.
  pool.on('error', (error) => options.onIdleError?.(error));

  return {
    url,
    query: (text, values) => run(pool, text, values),
    transaction: (work) => transaction(pool, work),
    close: () => pool.end(),
  };
}

async function run<R extends Row>(
  runner: pg.Pool | pg.PoolClient,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly R[]> {
  try {
    const result = await runner.query<R>(text, values.map(toParameter));
    return result.rows;
  } catch (error) {
    throw asDatabaseError(error);
  }
}

async function transaction<T>(
  pool: pg.Pool,
  work: (transaction: Queryable) => Promise<T>,
): Promise<T> {
  const client = await connect(pool);
  // A connection that breaks between two statements reports it here, and again at the next statement.
  const ignore = (): void => {};
  client.on('error', ignore);
  try {
    await run(client, 'BEGIN');
    const result = await work({ query: (text, values) => run(client, text, values) });
    await run(client, 'COMMIT');
    client.off('error', ignore);
    client.release();
    return result;
  } catch (error) {
    await run(client, 'ROLLBACK').catch(() => client.off('error', ignore));
    client.release(true);
    throw error;
  }
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw asDatabaseError(error);
  }
}

/** Counters fit a double and instants are ISO 8601 text, as in all our types. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === INT8) return Number;
  if (oid === TIMESTAMPTZ) return (value) => new Date(value).toISOString();
  return pg.types.getTypeParser(oid, format === 'binary' ? 'text' : format);
}

/** The only row of a statement that always returns one. */
export function only<R>(rows: readonly R[]): R {
  const [row] = rows;
  if (row === undefined) throw new Error('the statement returned no row');
  return row;
}

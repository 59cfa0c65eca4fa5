import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Database } from './database.ts';
import type { Subscription } from './listen.ts';

/** Work that goes on until it is closed. */
export interface Duty {
  close(): Promise<void>;
}

const TRY_MS = 2_000;
const PROBE_MS = 5_000;

/**
 * Sees that a duty is on in one process only, of all that share the database: whoever holds the lock of
 * that name starts it, and closes it when the connection breaks. With a process its lock goes, too.
 */
export function oneAtATime(db: Database, name: string, start: () => Duty): Subscription {
  const stopping = new AbortController();
  const running = keepTrying(db.url, { name, start }, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

async function keepTrying(
  url: string,
  duty: { readonly name: string; readonly start: () => Duty },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await serve(url, duty, signal);
    await delay(TRY_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** One connection's life. */
async function serve(
  url: string,
  { name, start }: { readonly name: string; readonly start: () => Duty },
  signal: AbortSignal,
): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 2_000,
    query_timeout: 5_000,
    keepAlive: true,
    application_name: 'bowsprit-duty',
  });
  const broken = new AbortController();
  client.on('error', () => broken.abort());
  client.on('end', () => broken.abort());
  const over = AbortSignal.any([signal, broken.signal]);
  let duty: Duty | undefined;
  try {
    await client.connect();
    while (!over.aborted) {
      duty ??= (await lock(client, name)) ? start() : undefined;
      await delay(duty === undefined ? TRY_MS : PROBE_MS, undefined, { signal: over });
      if (duty !== undefined) await client.query('SELECT 1');
    }
  } catch {
    // A connection that breaks, and being stopped, end this turn: the caller takes the next one.
  }
  await duty?.close();
  await Promise.race([client.end().catch(() => {}), delay(1_000)]);
}

async function lock(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query<{ readonly locked: boolean }>(
    'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked',
    [name],
  );
  return rows[0]?.locked === true;
}

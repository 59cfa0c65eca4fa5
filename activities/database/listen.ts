import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import { CHANNEL, type Change } from './change.ts';
import type { Database } from './database.ts';

const changeSchema = z.object({
  topic: z.enum(['run', 'pull-request', 'pool', 'merge', 'decision', 'config', 'resync']),
  key: z.string(),
});

/** A running subscription. */
export interface Subscription {
  stop(): Promise<void>;
}

const PROBE_MS = 15_000;
const RETRY_MS = [100, 250, 500, 1_000, 2_000];

/**
 * Calls back for every change that any process writes. The connection is made again when it breaks, and
 * `resync` is reported after each (re)connection, since what happened in between was not heard.
 */
export function listen(db: Database, onChange: (change: Change) => void): Subscription {
  const stopping = new AbortController();
  const running = keepListening(db.url, onChange, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

async function keepListening(
  url: string,
  onChange: (change: Change) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    const connected = await hearUntilBroken(url, onChange, signal);
    if (connected) failures = 0;
    const pause = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)];
    await delay(pause, undefined, { signal }).catch(() => {});
  }
}

/** One connection's life; true if it ever listened. */
async function hearUntilBroken(
  url: string,
  onChange: (change: Change) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 2_000,
    query_timeout: 5_000,
    keepAlive: true,
    application_name: 'bowsprit-listen',
  });
  const broken = new AbortController();
  client.on('error', () => broken.abort());
  client.on('end', () => broken.abort());
  client.on('notification', ({ payload }) => report(payload, onChange));
  const over = AbortSignal.any([signal, broken.signal]);
  let connected = false;
  try {
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}`);
    connected = true;
    onChange({ topic: 'resync', key: '' });
    while (!over.aborted) {
      await delay(PROBE_MS, undefined, { signal: over });
      await client.query('SELECT 1');
    }
  } catch {
    // A broken connection is expected here: the caller makes a new one.
  }
  await Promise.race([client.end().catch(() => {}), delay(1_000)]);
  return connected;
}

function report(payload: string | undefined, onChange: (change: Change) => void): void {
  if (!payload?.startsWith('{')) return;
  const parsed = changeSchema.safeParse(JSON.parse(payload));
  if (parsed.success) onChange(parsed.data);
}

import { setTimeout as delay } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { TemporalConnectionOptions } from './options.ts';

const PAUSE_MS = 500;
const PATIENCE_MS = 120_000;

/** The worker's own connection to Temporal. */
export function connectWorker(
  { address }: TemporalConnectionOptions,
  log: Logger,
): Promise<NativeConnection> {
  return persistently(() => NativeConnection.connect({ address }), log);
}

/** Tries until it works; what still fails after two minutes is a failure to be told. */
export async function persistently<T>(attempt: () => Promise<T>, log: Logger): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      log.warn({ error: error instanceof Error ? error.message : String(error) }, 'not there yet');
      await delay(PAUSE_MS);
    }
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { TemporalConnectionOptions } from './options.ts';
import { ProvisionError } from './provision/provision-error.ts';

/** A client and how to end it. */
export interface TemporalClient {
  readonly client: Client;
  close(): Promise<void>;
}

const PATIENCE_MS = 60_000;

/**
 * Connects to Temporal, waiting a minute for a server that is just being started. Later outages are the
 * connection's own business: it reconnects, and calls are tried again.
 */
export async function connectTemporal(
  { address, namespace }: TemporalConnectionOptions,
  patienceMs: number = PATIENCE_MS,
): Promise<TemporalClient> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: 5_000 });
      return {
        client: new Client({ connection, namespace }),
        close: () => connection.close(),
      };
    } catch (error) {
      if (performance.now() < deadline) {
        await delay(250);
        continue;
      }
      throw new ProvisionError(
        `no Temporal server answers at TEMPORAL_ADDRESS=${address}: start it, or correct the address`,
        { cause: error },
      );
    }
  }
}

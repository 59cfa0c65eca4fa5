import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createConfigStore } from '../activities/active-config.ts';
import { openDatabase } from '../activities/database/database.ts';
import { migrate } from '../activities/database/migrate.ts';
import { createTellActivity } from '../activities/tell.ts';
import { loadConfig } from '../config/load.ts';
import { CORE_QUEUE } from '../workflows/contract.ts';
import type { WorkerCommandOptions } from './options.ts';
import { stopSignal } from './provision/stop-signal.ts';
import { connectTemporal } from './temporal-client.ts';

/** Hosts the workflows and their activities until it is asked to stop. */
export async function runWorker(options: WorkerCommandOptions): Promise<void> {
  const stopped = stopSignal();
  const { address, namespace } = options.temporal;
  // Waits for the server; the native connection would give up at once.
  await (await connectTemporal(options.temporal)).close();
  const connection = await NativeConnection.connect({ address });
  const database = openDatabase(options.databaseUrl);
  try {
    await migrate(database);
    await createConfigStore(database).offer(await loadConfig(options.config));
    const client = new Client({ connection, namespace });
    const worker = await Worker.create({
      connection,
      namespace,
      taskQueue: CORE_QUEUE,
      workflowsPath: workflowsPath(),
      activities: createTellActivity(client),
      shutdownGraceTime: '10s',
      shutdownForceTime: '15s',
    });
    await worker.runUntil(stopped);
  } finally {
    await database.close();
    await connection.close();
  }
}

/** Beside us, built or in source. */
function workflowsPath(): string {
  const here = import.meta.url;
  return fileURLToPath(new URL(`../workflows/index${extname(here)}`, here));
}

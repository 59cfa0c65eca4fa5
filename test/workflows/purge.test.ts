import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { expect, test, vi } from 'vitest';
import { readDelivery, storeDelivery } from '../../activities/database/deliveries.ts';
import { createPurgeActivities } from '../../activities/database/purge.ts';
import { scheduleRepairs } from '../../workers/repair-schedules.ts';
import { CORE_QUEUE, ids } from '../../workflows/contract.ts';
import { freshDatabase, temporalAddress } from '../environment.ts';
import { describeWith } from '../tools.ts';
import { workflowBundle } from './bundle.ts';

const NAMESPACE = 'default';
const DAY = 86_400_000;

describeWith(['postgres', 'temporal'], 'what is kept for a while only', () => {
  test('is thrown away by a schedule that every worker may ask for', async () => {
    const { db, drop } = await freshDatabase();
    const address = temporalAddress();
    const [connection, native] = await Promise.all([
      Connection.connect({ address }),
      NativeConnection.connect({ address }),
    ]);
    const client = new Client({ connection, namespace: NAMESPACE });
    const old = { guid: 'old', event: 'push', headers: {}, body: Buffer.from('{}') };
    const receivedAt = new Date(Date.now() - 8 * DAY).toISOString();
    await storeDelivery(db, { id: 'old', receivedAt, ...old });
    const worker = await Worker.create({
      connection: native,
      taskQueue: CORE_QUEUE,
      workflowBundle: await workflowBundle(),
      activities: { ...createPurgeActivities(db) },
    });

    await worker.runUntil(async () => {
      const plan = { orgs: [], hookUrl: '', everyMs: DAY };
      await Promise.all([scheduleRepairs(client, plan), scheduleRepairs(client, plan)]);
      const schedule = client.schedule.getHandle(ids.purge);
      await schedule.trigger();
      await vi.waitFor(async () => expect(await readDelivery(db, 'old')).toBeUndefined(), {
        timeout: 15_000,
        interval: 100,
      });
      await schedule.delete();
    });

    await Promise.all([connection.close(), native.close()]);
    await drop();
  }, 60_000);
});

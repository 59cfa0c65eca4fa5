import { createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Change } from '../../activities/database/change.ts';
import { type Database, openDatabase } from '../../activities/database/database.ts';
import { DatabaseUnavailable } from '../../activities/database/errors.ts';
import { listen } from '../../activities/database/listen.ts';
import { migrate } from '../../activities/database/migrate.ts';
import { savePool } from '../../activities/database/pools.ts';
import { freshDatabase, type TestDatabase } from '../environment.ts';
import { describeWith } from '../tools.ts';

async function timed(work: Promise<unknown>): Promise<{ error: unknown; ms: number }> {
  const since = performance.now();
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { error, ms: performance.now() - since };
}

describeWith(['postgres'], 'a database that goes away', () => {
  let own: TestDatabase;
  let db: Database;
  beforeAll(async () => {
    own = await freshDatabase();
    db = own.db;
  });
  afterAll(() => own.drop());

  const breakConnections = (application: string) =>
    db.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = $1 AND pid <> pg_backend_pid()`,
      [application],
    );

  test('nobody listens: said at once, by queries, transactions and migrations', async () => {
    const gone = openDatabase('postgres://nobody@127.0.0.1:1/none');

    for (const work of [
      gone.query('SELECT 1'),
      gone.transaction(async (transaction) => transaction.query('SELECT 1')),
      migrate(gone),
    ]) {
      const { error, ms } = await timed(work);
      expect(error).toBeInstanceOf(DatabaseUnavailable);
      expect(ms).toBeLessThan(1_000);
    }
    await gone.close();
  });

  test('a server that accepts and says nothing is given up after two seconds', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const mute = openDatabase(`postgres://nobody@127.0.0.1:${port}/none`);

    const { error, ms } = await timed(mute.query('SELECT 1'));

    expect(error).toBeInstanceOf(DatabaseUnavailable);
    expect(ms).toBeLessThan(3_000);
    for (const socket of sockets) socket.destroy();
    silent.close();
    await mute.close();
  });

  test('a statement that takes too long is given up, and the pool works on', async () => {
    const hasty = openDatabase(own.url, { timeoutMs: 200, maxConnections: 1 });

    const { error, ms } = await timed(hasty.query('SELECT pg_sleep(5)'));

    expect(error).toBeInstanceOf(DatabaseUnavailable);
    expect(ms).toBeLessThan(2_000);
    expect(await hasty.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await hasty.close();
  });

  test('a transaction whose connection breaks is all undone', async () => {
    const other = openDatabase(own.url);
    const broken = other.transaction(async (transaction) => {
      await transaction.query(`INSERT INTO etags (key, etag, status, headers, body)
        VALUES ('half', '', 200, '{}', '')`);
      await transaction.query('SELECT pg_terminate_backend(pg_backend_pid())');
    });

    await expect(broken).rejects.toBeInstanceOf(DatabaseUnavailable);

    expect(await other.query(`SELECT 1 FROM etags WHERE key = 'half'`)).toEqual([]);
    await other.close();
  });

  test('a mistake in a statement is not an outage', async () => {
    await expect(db.query('SELECT nonsense')).rejects.not.toBeInstanceOf(DatabaseUnavailable);
  });

  test('changes are heard, once per row written, also after the connection broke', async () => {
    const heard: Change[] = [];
    const subscription = listen(db, (change) => heard.push(change));
    const pool = { org: 'Acme', repo: 'boat', branch: 'main', snapshot: {} };
    const change = { topic: 'pool', key: 'acme/boat/main' };
    await vi.waitFor(() => expect(heard).toEqual([{ topic: 'resync', key: '' }]), 5_000);

    await savePool(db, { ...pool, version: 2 });
    await savePool(db, { ...pool, version: 1 });
    await savePool(db, { ...pool, version: 3 });
    await vi.waitFor(() => expect(heard.slice(1)).toEqual([change, change]), 5_000);

    await breakConnections('bowsprit-listen');
    await vi.waitFor(() => expect(heard.at(-1)?.topic).toBe('resync'), 5_000);
    await savePool(db, { ...pool, version: 4 });
    await vi.waitFor(() => expect(heard.at(-1)).toEqual(change), 5_000);

    await subscription.stop();
    const before = heard.length;
    await savePool(db, { ...pool, version: 5 });
    await delay(100);
    expect(heard).toHaveLength(before);
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { leaseBudget, noteBudget } from '../../activities/database/budgets.ts';
import {
  activeConfig,
  listActivations,
  readConfigContent,
  saveActivation,
  saveConfigContent,
} from '../../activities/database/config-snapshots.ts';
import {
  forgetConfigWorker,
  listConfigWorkers,
  saveConfigWorker,
} from '../../activities/database/config-state.ts';
import type { Database } from '../../activities/database/database.ts';
import {
  listDeadLetters,
  resolveDeadLetter,
  saveDeadLetter,
} from '../../activities/database/dead-letters.ts';
import { listDecisions, saveDecision } from '../../activities/database/decisions.ts';
import {
  deliveryId,
  purgeDeliveries,
  readDelivery,
  storeDelivery,
} from '../../activities/database/deliveries.ts';
import { etagKey, readEtag, saveEtag, trimEtags } from '../../activities/database/etags.ts';
import { freshDatabase, type TestDatabase } from '../environment.ts';
import { describeWith } from '../tools.ts';

const now = '2026-01-02T03:04:05.678Z';

describeWith(['postgres'], 'records', () => {
  let own: TestDatabase;
  let db: Database;
  beforeAll(async () => {
    own = await freshDatabase();
    db = own.db;
  });
  afterAll(() => own.drop());

  test('a delivery is stored once, byte for byte, and without secrets', async () => {
    const delivery = {
      id: deliveryId('guid-1', '99'),
      guid: 'guid-1',
      event: 'issue_comment',
      headers: { 'X-GitHub-Event': 'issue_comment', Authorization: 'Bearer x', Cookie: 'y' },
      body: Buffer.from([0x7b, 0x00, 0xff, 0x7d]),
      receivedAt: now,
    };

    expect(await storeDelivery(db, delivery)).toBe(true);
    expect(await storeDelivery(db, delivery)).toBe(false);

    expect(await readDelivery(db, 'guid-1@99')).toEqual({
      ...delivery,
      headers: { 'x-github-event': 'issue_comment' },
    });
    expect(await readDelivery(db, 'guid-2')).toBeUndefined();
  });

  test('deliveries older than a week are purged', async () => {
    const day = 86_400_000;
    const clock = Date.parse(now) + 30 * day;
    for (const [id, age] of [
      ['old', 8],
      ['young', 6],
    ] as const) {
      const receivedAt = new Date(clock - age * day).toISOString();
      const rest = { guid: id, event: 'push', headers: {}, body: Buffer.from('{}') };
      await storeDelivery(db, { id, receivedAt, ...rest });
    }

    expect(await purgeDeliveries(db, new Date(clock))).toBeGreaterThan(0);

    expect(await readDelivery(db, 'old')).toBeUndefined();
    expect(await readDelivery(db, 'young')).toBeDefined();
  });

  test('decisions are written once and read newest first, in pages', async () => {
    const decision = (id: string) => ({
      id,
      entity: 'pr/acme/boat/7',
      at: now,
      configHash: 'c1',
      events: [{ key: id }],
      effects: [],
      reasons: ['because'],
    });
    for (const id of ['d1', 'd2', 'd3', 'd2']) await saveDecision(db, decision(id));

    const first = await listDecisions(db, 'pr/acme/boat/7', { limit: 2 });
    const last = first.at(-1);
    const rest = await listDecisions(db, 'pr/acme/boat/7', last ? { before: last } : {});

    expect(first).toEqual([decision('d3'), decision('d2')]);
    expect(rest).toEqual([decision('d1')]);
  });

  test('no text of a stranger can stop a write', async () => {
    const nasty = 'a\0b \ud800 \\u0000 \u{1f6a2} \udfff';
    const entity = 'pr/acme/boat/666';
    const rest = { at: now, configHash: nasty, effects: null, reasons: undefined };
    await saveDecision(db, { id: 'nasty', entity, events: { [nasty]: nasty }, ...rest });

    const [read] = await listDecisions(db, entity);

    const tame = 'a\ufffdb \ufffd \\u0000 \u{1f6a2} \ufffd';
    expect(read).toMatchObject({ configHash: tame, events: { [tame]: tame }, reasons: null });
  });

  test('a dead letter sounds once and waits until it is resolved', async () => {
    const letter = {
      id: 'pr/acme/boat/7 comment:1:created',
      entity: 'pr/acme/boat/7',
      at: now,
      attempts: 5,
      event: { kind: 'comment' },
      error: 'no such file',
    };

    expect(await saveDeadLetter(db, letter)).toBe(true);
    expect(await saveDeadLetter(db, letter)).toBe(false);
    expect(await listDeadLetters(db)).toEqual([letter]);
    expect(await resolveDeadLetter(db, letter.id)).toBe(true);
    expect(await resolveDeadLetter(db, letter.id)).toBe(false);
    expect(await listDeadLetters(db)).toEqual([]);
  });

  const activation = (number: number, hash: string) => ({
    number,
    hash,
    at: '2026-11-28T10:00:00.000Z',
    by: 'worker',
    why: 'its files changed',
  });

  test('an activation is written down once, and a number is given to one content only', async () => {
    expect(await activeConfig(db)).toBeUndefined();
    for (const hash of ['a', 'b']) {
      await saveConfigContent(db, { hash, content: `content ${hash}` });
      await saveConfigContent(db, { hash, content: 'another text of the same meaning' });
    }

    expect(await saveActivation(db, activation(1, 'a'))).toEqual({});
    expect(await saveActivation(db, activation(2, 'b'))).toEqual({});
    expect(await saveActivation(db, activation(2, 'b'))).toEqual({});
    expect(await saveActivation(db, activation(2, 'a'))).toEqual({ taken: 2 });
    expect(await saveActivation(db, activation(1, 'a'))).toEqual({ taken: 2 });
    expect(await saveActivation(db, activation(3, 'a'))).toEqual({});

    expect(await activeConfig(db)).toEqual(activation(3, 'a'));
    expect((await listActivations(db, 2)).map(({ number }) => number)).toEqual([2, 3]);
    expect(await readConfigContent(db, 'b')).toBe('content b');
    expect(await readConfigContent(db, 'z')).toBeUndefined();
  });

  test('workers that are alive are listed with what their files say', async () => {
    await saveConfigWorker(db, { worker: 'one/1', hash: 'a', number: 3 });
    await saveConfigWorker(db, { worker: 'two/2', hash: 'b', number: 2 });
    await saveConfigWorker(db, { worker: 'two/2', hash: 'a', number: 3 });
    await saveConfigWorker(db, { worker: 'old/3', hash: 'a', number: 1 });
    await db.query(
      `UPDATE config_workers SET seen_at = now() - interval '2 minutes' WHERE worker = 'old/3'`,
    );
    await forgetConfigWorker(db, 'one/1');

    expect(await listConfigWorkers(db)).toMatchObject([{ worker: 'two/2', hash: 'a', number: 3 }]);
  });

  test('an answer is kept per account, within a size', async () => {
    const answer = (bytes: number) => ({
      etag: '"e"',
      status: 200,
      headers: { link: '<next>' },
      body: Buffer.alloc(bytes, 'x'),
    });
    const key = etagKey('https://api.github.com/x', 'installation 1');
    expect(key).not.toBe(etagKey('https://api.github.com/x', 'installation 2'));

    expect(await saveEtag(db, key, answer(10))).toBe(true);
    expect(await readEtag(db, key)).toEqual(answer(10));
    expect(await saveEtag(db, key, answer(300 * 1024))).toBe(false);
    expect(await readEtag(db, key)).toBeUndefined();

    for (const name of ['k1', 'k2', 'k3']) await saveEtag(db, name, answer(100));
    await db.query(`UPDATE etags SET used_at = now() - interval '1 hour' WHERE key <> 'k3'`);
    await readEtag(db, 'k1');
    expect(await trimEtags(db, 200)).toBe(1);
    expect(await readEtag(db, 'k2')).toBeUndefined();
    expect(await readEtag(db, 'k1')).toBeDefined();
  });

  test('slices of a budget never add up to more than it', async () => {
    const key = { installation: '1', resource: 'core' };
    expect(await leaseBudget(db, key, 50)).toEqual({ granted: 50 });
    const resetAt = new Date(Date.now() + 3_600_000).toISOString();
    await noteBudget(db, { ...key, remaining: 100, resetAt });
    await noteBudget(db, { ...key, remaining: 120, resetAt });

    const leases = await Promise.all(Array.from({ length: 6 }, () => leaseBudget(db, key, 30)));

    expect(leases.reduce((sum, lease) => sum + lease.granted, 0)).toBe(100);
    expect(await leaseBudget(db, key, 1)).toEqual({ granted: 0, resetAt });
  });

  test('an answer of an earlier window does not refill a budget', async () => {
    const key = { installation: '2', resource: 'core' };
    const reset = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    await noteBudget(db, { ...key, remaining: 10, resetAt: reset(2) });
    await noteBudget(db, { ...key, remaining: 5000, resetAt: reset(1) });

    expect((await leaseBudget(db, key, 100)).granted).toBe(10);
  });
});

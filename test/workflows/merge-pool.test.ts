import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
} from '@temporalio/worker';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { head } from '../domain/merging.ts';
import { temporalAddress } from '../environment.ts';
import { createWorld, pullOf, type World } from './pool-world.ts';

const SOON = { timeout: 40_000, interval: 50 };
// Several pools play side by side, on a machine that does other things.
vi.setConfig({ testTimeout: 90_000 });
let connection: Connection;
let native: NativeConnection;
let code: string;
let count = 0;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const address = temporalAddress();
  const workflowsPath = fileURLToPath(new URL('./pool-workflows.ts', import.meta.url));
  [connection, native, { code }] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
    bundleWorkflowCode({ workflowsPath }),
  ]);
});

afterAll(async () => {
  await connection.close();
  await native.close();
});

/** Plays with a pool of its own on a real server. */
async function play(story: (world: World) => Promise<void>): Promise<void> {
  count += 1;
  const taskQueue = `pool-test-${process.pid}-${count}`;
  const client = new Client({ connection });
  const world = createWorld(client, taskQueue, `main-${process.pid}-${count}`);
  const worker = await Worker.create({
    connection: native,
    taskQueue,
    workflowBundle: { code },
    activities: { ...world.activities },
  });
  await worker.runUntil(async () => {
    await story(world);
    const handle = client.workflow.getHandle(world.poolId);
    const history = await handle.fetchHistory();
    await handle.terminate();
    // Whatever was lived through can be lived through again.
    await Worker.runReplayHistory({ workflowBundle: { code } }, history, world.poolId);
  });
}

const merged = (world: World) => world.merges.map(({ number }) => number);

test.concurrent('T01 a pull request that is green on the base is merged', () =>
  play(async (world) => {
    await world.join(1, { greenOn: 'base-0' });

    await vi.waitUntil(() => world.history.length === 1, SOON);

    expect(world.merges).toEqual([{ number: 1, onto: 'base-0' }]);
    expect(world.retests).toEqual([]);
    expect(world.history).toMatchObject([{ action: 'MERGE', error: '', target: [{ number: 1 }] }]);
    await vi.waitUntil(() => world.snapshot?.action === 'WAIT', SOON);
    expect(world.snapshot).toMatchObject({ baseSha: 'merge-of-1', members: [], error: '' });
  }));

test.concurrent('T02 one that is green on an older base is tested on this one first', () =>
  play(async (world) => {
    await world.join(1, { greenOn: 'long-ago' });

    await vi.waitUntil(() => merged(world).length === 1, SOON);

    expect(world.retests).toEqual([{ number: 1, base: 'base-0' }]);
  }));

test.concurrent('T05, T07 three are tested as one batch and merged in order', () =>
  play(async (world) => {
    await Promise.all([1, 2, 3].map((number) => world.join(number)));

    await vi.waitUntil(() => world.history.length === 2, SOON);

    expect(merged(world)).toEqual([1, 2, 3]);
    expect(world.batches).toEqual(['1,2,3']);
    expect(world.history).toMatchObject([
      { action: 'TRIGGER_BATCH', target: [{ number: 1 }, { number: 2 }, { number: 3 }] },
      { action: 'MERGE_BATCH', error: '' },
    ]);
  }));

test.concurrent.for([1, 2, 3])(
  'two good ones merge whichever of three is bad (here %i), and no set is tested twice',
  (bad) =>
    play(async (world) => {
      await Promise.all([1, 2, 3].map((number) => world.join(number, { bad: number === bad })));

      await vi.waitUntil(() => merged(world).length === 2, SOON);

      expect([...merged(world)].sort()).toEqual([1, 2, 3].filter((number) => number !== bad));
      expect(world.batches).toEqual([...new Set(world.batches)]);
    }),
);

test.concurrent('a hold that the pool has not heard of wins: nothing is merged until it is gone', () =>
  play(async (world) => {
    world.pulls.clear();
    await world.join(1, { greenOn: 'base-0' });
    pullOf(world, 1).held = true;

    await vi.waitUntil(() => world.history.length === 1, SOON);

    expect(world.asked).toEqual([]);
    expect(world.history).toMatchObject([{ error: 'failed merging [1]: #1: it is held' }]);
  }));

test.concurrent('T13 a batch whose member left is aborted and the rest goes on', () =>
  play(async (world) => {
    world.slow = true;
    await Promise.all([1, 2, 3].map((number) => world.join(number)));
    await vi.waitUntil(() => world.batches.length === 1, SOON);
    world.slow = false;

    await world.leave(2);
    await vi.waitUntil(() => merged(world).length === 2, SOON);

    expect(world.aborted).toHaveLength(1);
    expect(world.batches).toEqual(['1,2,3', '1,3']);
  }));

test.concurrent('T14 a push of somebody else voids the batch', () =>
  play(async (world) => {
    world.slow = true;
    await Promise.all([1, 2].map((number) => world.join(number)));
    await vi.waitUntil(() => world.batches.length === 1, SOON);
    world.slow = false;

    await world.push('pushed');
    await vi.waitUntil(() => merged(world).length === 2, SOON);

    expect(world.merges[0]).toEqual({ number: 1, onto: 'pushed' });
    expect(world.aborted).toHaveLength(1);
  }));

test.concurrent('T21 the others of a batch merge when GitHub refuses one', () =>
  play(async (world) => {
    world.answers.set(2, [{ kind: 'refused', message: 'it was modified' }]);
    await Promise.all([1, 2, 3].map((number) => world.join(number)));

    await vi.waitUntil(() => world.history.length === 2, SOON);

    expect(merged(world)).toEqual([1, 3]);
    expect(world.history[1]?.error).toBe(
      'failed merging [2] from batch [1 2 3], partial merge [1 3]: #2: it was modified',
    );
  }));

test.concurrent('T22 a base that GitHub calls modified is tried again after 4 s and 8 s', () =>
  play(async (world) => {
    const busy: { kind: 'base-modified'; message: string } = {
      kind: 'base-modified',
      message: 'modified',
    };
    world.answers.set(1, [busy, busy]);
    const begun = Date.now();
    await world.join(1, { greenOn: 'base-0' });

    await vi.waitUntil(() => merged(world).length === 1, SOON);

    expect(world.asked).toEqual([1, 1, 1]);
    expect(Date.now() - begun).toBeGreaterThan(11_000);
  }));

test.concurrent('T23 a refusal that concerns all ends the batch', () =>
  play(async (world) => {
    world.answers.set(1, [{ kind: 'stop', message: 'not authorized' }]);
    await Promise.all([1, 2].map((number) => world.join(number)));

    await vi.waitUntil(() => world.history.some(({ action }) => action === 'MERGE_BATCH'), SOON);

    expect(world.asked[0]).toBe(1);
    expect(world.history[1]?.error).toContain('#1: not authorized');
  }));

test.concurrent('T24 what GitHub refuses is not tried again until something of it changes; others are', () =>
  play(async (world) => {
    world.answers.set(1, [{ kind: 'refused', message: 'unmergeable' }]);
    await world.join(1, { greenOn: 'base-0' });
    await vi.waitUntil(() => world.history.length === 1, SOON);
    await world.join(2, { greenOn: 'base-0' });
    await vi.waitUntil(() => merged(world).length === 1, SOON);

    expect(world.asked).toEqual([1, 2]);

    // The base is another one now, so it is tested and tried once more.
    await vi.waitUntil(() => merged(world).length === 2, SOON);
    expect(world.merges[1]).toEqual({ number: 1, onto: 'merge-of-2' });
  }));

test.concurrent('GitHub still shows the hold that was just taken away: it is asked again soon, not in ten minutes', () =>
  play(async (world) => {
    const message = 'it has the label do-not-merge/hold';
    world.answers.set(1, [{ kind: 'outdated', message }]);
    await world.join(1, { greenOn: 'base-0' });

    await vi.waitUntil(() => merged(world).length === 1, SOON);

    expect(world.asked).toEqual([1, 1]);
    expect(world.history[0]?.error).toContain(message);
  }));

test.concurrent('T44 what GitHub cannot merge is told, and leaves; the next one is merged', () =>
  play(async (world) => {
    world.answers.set(1, [{ kind: 'conflict', message: 'PR has a merge conflict.' }]);
    await world.join(1, { greenOn: 'base-0' });
    await world.join(2, { greenOn: 'base-0' });
    await vi.waitUntil(() => merged(world).length === 1, SOON);

    expect(merged(world)).toEqual([2]);
    expect(world.asked.filter((number) => number === 1)).toHaveLength(1);
    await vi.waitUntil(() => world.toldOfConflict.length === 1, SOON);
    expect(world.toldOfConflict).toEqual([1]);
  }));

test.concurrent('T44 what GitHub then calls mergeable, and comes back, is told again', () =>
  play(async (world) => {
    world.conflicts.add(head(1));
    await world.join(1);
    await vi.waitUntil(() => world.toldOfConflict.length === 1, SOON);

    await world.join(1);

    await vi.waitUntil(() => world.toldOfConflict.length === 2, SOON);
  }));

test.concurrent('T44 what does not merge onto the base is not tested on it', () =>
  play(async (world) => {
    world.conflicts.add(head(1));
    await world.join(1);
    await vi.waitUntil(() => world.toldOfConflict.length === 1, SOON);
    await world.join(2);
    await vi.waitUntil(() => merged(world).length === 1, SOON);

    expect(merged(world)).toEqual([2]);
    expect(world.retests).toEqual([{ number: 2, base: 'base-0' }]);
  }));

test.concurrent('a read of the base that lags behind our own merge is not believed', () =>
  play(async (world) => {
    await world.join(1, { greenOn: 'base-0' });
    await vi.waitUntil(() => merged(world).length === 1, SOON);
    world.reads.push('base-0', 'base-0');

    await world.join(2, { greenOn: 'base-0' });
    await vi.waitUntil(() => merged(world).length === 2, SOON);

    expect(world.retests).toEqual([{ number: 2, base: 'merge-of-1' }]);
    expect(world.merges[1]).toEqual({ number: 2, onto: 'merge-of-1' });
  }));

test.concurrent('what is still heard of a merged pull request is late', () =>
  play(async (world) => {
    await world.join(1, { greenOn: 'base-0' });
    await vi.waitUntil(() => merged(world).length === 1, SOON);

    await world.join(1, { greenOn: 'merge-of-1' });
    await world.join(2, { greenOn: 'merge-of-1' });
    await vi.waitUntil(() => merged(world).length === 2, SOON);

    expect(world.asked).toEqual([1, 2]);
  }));

test.concurrent('T48, a long history: it continues as new with all that it knows', () =>
  play(async (world) => {
    world.slow = true;
    await Promise.all([1, 2].map((number) => world.join(number)));
    await vi.waitUntil(() => world.batches.length === 1, SOON);
    const first = await world.runId();

    for (let round = 0; round < 12; round += 1) {
      await Promise.all(Array.from({ length: 100 }, () => world.push('base-0')));
    }
    await vi.waitUntil(async () => (await world.runId()) !== first, SOON);
    await world.finish();
    await vi.waitUntil(() => world.history.length === 2, SOON);

    expect(merged(world)).toEqual([1, 2]);
    expect(world.batches).toEqual(['1,2']);
    expect(world.history.map(({ action }) => action)).toEqual(['TRIGGER_BATCH', 'MERGE_BATCH']);
  }));

import { afterAll, beforeAll, expect, test } from 'vitest';
import { ids } from '../../workflows/contract.ts';
import { describeWith } from '../tools.ts';
import { type JobWorld, openJobWorld } from './job-world.ts';

const sh = (script: string): readonly string[] => ['sh', '-c', script];

describeWith(['temporal', 'postgres', 'git'], 'slots', () => {
  let world: JobWorld;
  beforeAll(async () => {
    world = await openJobWorld();
  });
  afterAll(() => world.close());

  test('runs of one job go one after the other, the oldest first (P07)', async () => {
    world.script.command = sh('sleep 0.3');
    world.script.change = { maxConcurrency: 1 };
    const now = Date.now();
    const first = await world.start({ job: 'narrow', createdAt: now });
    await expect.poll(() => world.reportsOf(first.run).at(-1)?.state).toBe('pending');
    const third = await world.start({ job: 'narrow', createdAt: now + 2 });
    await expect.poll(() => world.reportsOf(third.run).at(-1)?.state).toBe('triggered');
    const second = await world.start({ job: 'narrow', createdAt: now + 1 });

    await Promise.all([first.result(), second.result(), third.result()]);

    const order = world.reports
      .filter(({ state }) => state === 'success')
      .map(({ createdAt }) => createdAt - now);
    expect(order).toEqual([0, 1, 2]);
  });

  test('a limit ends when nobody needs it', async () => {
    const handle = world.client.workflow.getHandle(ids.slots('job', 'narrow'));

    await handle.result();

    expect((await handle.describe()).status.name).toBe('COMPLETED');
  });

  test('the slot of a run that was terminated goes to the next that asks', async () => {
    world.script.command = sh('sleep 600');
    world.script.change = { maxConcurrency: 1 };
    const dead = await world.start({ job: 'leaky' });
    await expect.poll(() => world.reportsOf(dead.run).at(-1)?.state).toBe('pending');
    await world.client.workflow.getHandle(ids.job(dead.run.uuid)).terminate();
    await world.executor.stopRun({ run: dead.run, attempt: 1, buildId: '' });
    const slot = { kind: 'job', name: 'leaky' };
    const body = { ...slot, holder: dead.run.uuid, createdAt: 0, capacity: 1 };
    // What the lease check does every ten minutes: grant once more, and see that nobody is there.
    await world.client.workflow.getHandle(ids.slots('job', 'leaky')).signal('slotAsked', body);
    world.script.command = ['true'];

    const next = await world.start({ job: 'leaky' });

    expect(await next.result()).toMatchObject({ state: 'success' });
  });
});

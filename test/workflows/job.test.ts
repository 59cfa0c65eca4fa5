import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readRun } from '../../activities/database/runs.ts';
import { findMarked, markerOf } from '../../activities/local/marked-processes.ts';
import { FILES, folderOf } from '../../activities/local/run-folder.ts';
import type { RunRequest } from '../../workflows/domain/run.ts';
import { describeWith } from '../tools.ts';
import { type JobWorld, openJobWorld } from './job-world.ts';

const sh = (script: string): readonly string[] => ['sh', '-c', script];

describeWith(['temporal', 'postgres', 'git'], 'a run', () => {
  let world: JobWorld;
  beforeAll(async () => {
    world = await openJobWorld();
  });
  afterAll(() => world.close());
  beforeEach(() => {
    world.script.change = {};
    world.script.command = ['true'];
    world.script.hear = undefined;
  });

  const told = (run: RunRequest) =>
    world.reportsOf(run).map(({ state, description, complete }) => [state, description, complete]);

  const isRunning = (run: RunRequest) =>
    expect
      .poll(() => world.executor.observe({ uuid: run.uuid, attempt: 1 }), { timeout: 10_000 })
      .toMatchObject({ phase: 'running' });

  test('goes from triggered over pending to success, and leaves its records', async () => {
    world.script.command = sh('echo hello');
    const handle = await world.start();

    const report = await handle.result();

    expect(report).toMatchObject({
      state: 'success',
      description: 'Job succeeded.',
      complete: true,
    });
    expect(report.buildId).toMatch(/^\d{19}$/);
    expect(report.url).toContain(report.buildId);
    const states = told(handle.run);
    expect(states[0]).toEqual(['triggered', '', false]);
    expect(states.at(-1)).toEqual(['success', 'Job succeeded.', true]);
    const versions = world.reportsOf(handle.run).map(({ version }) => version);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(await readRun(world.database.db, handle.run.uuid)).toMatchObject({
      state: 'success',
      buildId: report.buildId,
      logLocation: `${world.given.storageUrl}/logs/unit/${report.buildId}`,
      completedAt: expect.any(String),
    });
    const text = await world.given.storage.read(`logs/unit/${report.buildId}/prowjob.json`);
    expect(JSON.parse(Buffer.from(text ?? []).toString())).toMatchObject({
      status: { state: 'success', buildId: report.buildId },
    });
  });

  test('a reporter that fails holds nobody up, and hears the newest state when it works again (R08, R16)', async () => {
    const heard: string[] = [];
    let works = false;
    world.script.hear = (_run, state) => {
      if (!works) throw new Error('not now');
      heard.push(state);
    };
    world.script.command = sh('exit 3');
    const handle = await world.start();
    await expect
      .poll(() => told(handle.run).at(-1), { timeout: 15_000 })
      .toEqual(['failure', 'Job failed.', true]);
    expect(heard).toEqual([]);

    works = true;

    await handle.result();
    expect(heard).toEqual(['failure']);
    expect((await readRun(world.database.db, handle.run.uuid))?.prowjob).toMatchObject({
      status: { prev_report_states: { scripted: 'failure' } },
    });
  });

  test('a failure is a failure, told to its pool', async () => {
    world.script.command = sh('exit 1');
    const handle = await world.start({ owner: 'pool/o/r/main', type: 'batch' });

    expect(await handle.result()).toMatchObject({ state: 'failure', description: 'Job failed.' });
    expect(told(handle.run).at(-1)).toEqual(['failure', 'Job failed.', true]);
  });

  test('an abort is said at once and complete when the process is gone (P28)', async () => {
    world.script.command = sh(`trap 'sleep 0.5; exit 1' INT; echo up; while :; do sleep 0.1; done`);
    const handle = await world.start();
    await isRunning(handle.run);

    const description = 'Aborted by trigger plugin.';
    await handle.signal('abort', { description, superseded: false });

    expect(await handle.result()).toMatchObject({ state: 'aborted', description, complete: true });
    expect(told(handle.run).slice(-2)).toEqual([
      ['aborted', description, false],
      ['aborted', description, true],
    ]);
    expect(findMarked(markerOf(handle.run.uuid, 1))).toEqual([]);
  });

  test('a superseded run tells its owner nothing more (P01)', async () => {
    world.script.command = sh('sleep 600');
    const handle = await world.start();
    await isRunning(handle.run);
    await expect.poll(() => told(handle.run).at(-1)?.[0]).toBe('pending');

    await handle.signal('abort', { description: 'Superseded.', superseded: true });

    expect(await handle.result()).toMatchObject({ state: 'aborted', complete: true });
    expect(told(handle.run).map(([state]) => state)).not.toContain('aborted');
    expect(await readRun(world.database.db, handle.run.uuid)).toMatchObject({ state: 'aborted' });
  });

  test('a run whose supervisor dies starts again under a new build id (P27)', async () => {
    world.script.command = sh('[ $BUILD_ID ] && sleep 1.5; echo done');
    const handle = await world.start();
    await isRunning(handle.run);
    await expect.poll(() => world.reportsOf(handle.run).at(-1)?.state).toBe('pending');
    const first = world.reportsOf(handle.run).at(-1)?.buildId;
    const folder = folderOf(world.executor.root, { uuid: handle.run.uuid, attempt: 1 });
    const { pid } = JSON.parse(readFileSync(join(folder, FILES.supervisor), 'utf8'));

    process.kill(pid, 'SIGKILL');

    const report = await handle.result();
    expect(report.state).toBe('success');
    expect(report.buildId).not.toBe(first);
  });

  test('a run that dies too often is an error', async () => {
    world.script.command = sh('sleep 600');
    world.script.change = { maxRevivals: 0 };
    const handle = await world.start();
    await isRunning(handle.run);
    const folder = folderOf(world.executor.root, { uuid: handle.run.uuid, attempt: 1 });
    const { pid } = JSON.parse(readFileSync(join(folder, FILES.supervisor), 'utf8'));

    process.kill(pid, 'SIGKILL');

    expect(await handle.result()).toMatchObject({
      state: 'error',
      description: 'Job pod reached max revivals (0) after being stopped unexpectedly (unknown)',
    });
  });

  test('the running timeout ends it by itself (P18)', async () => {
    world.script.command = sh('sleep 600');
    world.script.change = { runningTimeout: 1000 };
    const handle = await world.start();

    expect(await handle.result()).toMatchObject({
      state: 'aborted',
      description: 'Pod running timeout.',
    });
    expect(findMarked(markerOf(handle.run.uuid, 1))).toEqual([]);
  });

  test('a cluster that nobody serves is an error in its own words (P15)', async () => {
    world.script.change = { cluster: 'ghost' };
    const handle = await world.start();

    expect(await handle.result()).toMatchObject({
      state: 'error',
      description: 'Terminal error: nonretryable error: no build client found for cluster "ghost".',
      complete: true,
    });
  });

  test('a run that waits for a slot is triggered, and ends at once when it is aborted (P29)', async () => {
    world.script.change = { jobQueue: 'closed', jobQueueCapacity: 0 };
    const handle = await world.start();
    await expect.poll(() => told(handle.run).length).toBe(1);

    await handle.signal('abort', { description: 'Aborted by trigger plugin.', superseded: false });

    expect(await handle.result()).toMatchObject({ state: 'aborted', buildId: '' });
    expect(await world.executor.observe({ uuid: handle.run.uuid, attempt: 1 })).toMatchObject({
      phase: 'missing',
    });
  });
});

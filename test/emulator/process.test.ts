import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';

const ready = z.object({ port: z.number(), url: z.string() });

let scratch: string;
let running: ChildProcess | undefined;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'bowsprit-process-'));
});
afterEach(async () => {
  running?.kill('SIGKILL');
  await rm(scratch, { recursive: true, force: true });
});

async function start(...more: readonly string[]): Promise<string> {
  const main = new URL('../github/main.ts', import.meta.url).pathname;
  const state = ['--state-dir', join(scratch, 'state')];
  running = spawn(process.execPath, ['--import', 'tsx', main, ...state, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(running.stdout ?? process.stdin, 'data');
  return ready.parse(JSON.parse(String(line))).url;
}

async function stop(): Promise<number | null> {
  const ended = running ? once(running, 'exit') : Promise.resolve([null]);
  running?.kill('SIGTERM');
  const [code] = await ended;
  return code;
}

async function json(url: string, body?: unknown): Promise<unknown> {
  const post = { method: 'POST', body: JSON.stringify(body) };
  return (await fetch(url, body === undefined ? {} : post)).json();
}

test('the process says where it listens, keeps its state, and ends on SIGTERM', async () => {
  const seed = join(scratch, 'seed.json');
  await writeFile(
    seed,
    JSON.stringify({ orgs: { acme: {} }, repos: [{ name: 'acme/shop', files: { a: 'a\n' } }] }),
  );
  const first = await start('--seed', seed);
  await json(`${first}/control/repos/acme/shop/pulls`, {
    author: 'eve',
    title: 'B',
    files: { b: 'b\n' },
  });
  const before = await json(`${first}/control/state/acme/shop`);
  const code = await stop();

  const second = await start('--seed', seed);
  const after = await json(`${second}/control/state/acme/shop`);
  const files = await json(`${second}/repos/acme/shop/pulls/1/files`);

  expect(code).toBe(0);
  expect(after).toEqual(before);
  expect(files).toMatchObject([{ filename: 'b', status: 'added' }]);
}, 60_000);

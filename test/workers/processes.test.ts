import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  commandLine,
  endOrphan,
  identify,
  isRunning,
  rememberPid,
} from '../../workers/provision/pid-file.ts';
import { freePort, isFree, requirePort } from '../../workers/provision/ports.ts';
import { bareEnvironment, spawnOwned } from '../../workers/provision/process.ts';
import { lockState } from '../../workers/provision/state-lock.ts';
import { supervise } from '../../workers/provision/supervise.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bowsprit-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const soon = { timeout: 10_000, interval: 20 };

/** A shell that does what the script says, with its log in the test's folder. */
function shell(script: string, name = 'shell', pidFile?: string) {
  const log = join(folder, `${name}.log`);
  return spawnOwned('sh', ['-c', script], { name, log, ...(pidFile ? { pidFile } : {}) });
}

async function pidsIn(file: string, count: number): Promise<readonly number[]> {
  return vi.waitFor(async () => {
    const pids = (await readFile(file, 'utf8')).trim().split(/\s+/).map(Number);
    expect(pids).toHaveLength(count);
    return pids;
  }, soon);
}

const gone = (pid: number) => commandLine(pid) === '';

describe('an owned process', () => {
  test('writes to its log and tells how it ended', async () => {
    const child = await shell('echo hello; echo problem >&2; exit 3', 'talks');

    expect(await child.exited).toEqual({ code: 3, signal: null });
    expect(await readFile(child.log, 'utf8')).toBe('hello\nproblem\n');
  });

  test('is stopped with its whole group', async () => {
    const pids = join(folder, 'group');
    const child = await shell(`sleep 300 & echo $$ $! > ${pids}; wait`);
    const group = await pidsIn(pids, 2);

    await child.stop();

    await vi.waitFor(() => expect(group.every(gone)).toBe(true), soon);
  });

  test('that will not end is killed after the timeout', async () => {
    const ready = join(folder, 'stubborn');
    const child = await shell(`trap '' TERM; echo $$ > ${ready}; while :; do sleep 0.1; done`);
    await pidsIn(ready, 1);

    expect(await child.stop(200)).toEqual({ code: null, signal: 'SIGKILL' });
  });

  test('takes what is left of its group along when it dies', async () => {
    const pids = join(folder, 'left');
    const child = await shell(`sleep 300 & echo $! > ${pids}; wait`);
    const [left = 0] = await pidsIn(pids, 1);

    process.kill(child.pid, 'SIGKILL');

    await child.exited;
    await vi.waitFor(() => expect(gone(left)).toBe(true), soon);
  });

  test('ends when its owner is killed', async () => {
    const pids = join(folder, 'owner');
    const module = pathToFileURL(join(import.meta.dirname, '../../workers/provision/process.ts'));
    const program = join(folder, 'owner.mts');
    await writeFile(
      program,
      `import { spawnOwned } from '${module.href}';
       await spawnOwned('sh', ['-c', 'echo $$ > ${pids}; sleep 300'], { name: 'x', log: '${folder}/x.log' });`,
    );
    const owner = spawn(process.execPath, ['--import', 'tsx', program], { stdio: 'ignore' });
    const [child = 0] = await pidsIn(pids, 1);
    expect(gone(child)).toBe(false);

    owner.kill('SIGKILL');

    await vi.waitFor(() => expect(gone(child)).toBe(true), soon);
  });

  test('that does not exist is an error with its name', async () => {
    const options = { name: 'none', log: join(folder, 'none.log') };

    await expect(spawnOwned('/no/such/program', [], options)).rejects.toThrow('/no/such/program');
  });

  test('sees nothing of our environment that might be secret', async () => {
    process.env['DATABASE_URL_OF_TEST'] = 'secret';

    expect(bareEnvironment({ ADDED: '1' })).toMatchObject({
      ADDED: '1',
      PATH: process.env['PATH'],
    });
    expect(bareEnvironment()).not.toHaveProperty('DATABASE_URL_OF_TEST');
  });
});

describe('supervision', () => {
  test('starts a process again each time it dies, until it is stopped', async () => {
    const deaths: unknown[] = [];
    const supervised = await supervise(() => shell('sleep 300', 'kept'), {
      name: 'kept',
      firstPauseMs: 10,
      onDeath: (exit) => deaths.push(exit.signal),
    });
    const seen = new Set<number>();
    for (let round = 0; round < 3; round += 1) {
      const pid = await vi.waitFor(() => {
        const current = supervised.current()?.pid ?? 0;
        expect(current > 0 && !seen.has(current)).toBe(true);
        return current;
      }, soon);
      seen.add(pid);
      process.kill(pid, 'SIGKILL');
    }

    await vi.waitFor(() => expect(deaths).toEqual(['SIGKILL', 'SIGKILL', 'SIGKILL']), soon);
    await supervised.stop();

    expect([...seen].every(gone)).toBe(true);
    expect(supervised.current()).toBeUndefined();
  });

  test('goes on trying when a restart fails, and stops while it tries', async () => {
    let starts = 0;
    const failures: unknown[] = [];
    const supervised = await supervise(
      async () => {
        starts += 1;
        if (starts > 1) throw new Error('not now');
        return shell('exit 1', 'fails');
      },
      { name: 'fails', firstPauseMs: 1, onFailure: (error) => failures.push(error) },
    );

    await vi.waitFor(() => expect(failures.length).toBeGreaterThan(2), soon);
    await supervised.stop();

    const settled = starts;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(starts).toBe(settled);
  });

  test('a first start that fails is the caller’s business', async () => {
    const start = () => Promise.reject(new Error('no'));

    await expect(supervise(start, { name: 'none' })).rejects.toThrow('no');
  });
});

describe('what an earlier start left', () => {
  test('an orphan is ended by its note', async () => {
    const orphan = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' });
    const note = join(folder, 'orphan.pid');
    rememberPid(note, orphan.pid ?? 0);

    await endOrphan(note);

    expect(gone(orphan.pid ?? 0)).toBe(true);
    await expect(readFile(note)).rejects.toThrow();
  });

  test('another process that got the number is left alone', async () => {
    const stranger = await shell('sleep 300', 'stranger');
    const note = join(folder, 'stranger.pid');
    await writeFile(note, JSON.stringify({ pid: stranger.pid, startedAt: 'long ago' }));

    await endOrphan(note);

    expect(isRunning(identify(stranger.pid))).toBe(true);
    await stranger.stop();
  });

  test('a state folder is held by one, and taken over from the dead', async () => {
    const state = join(folder, 'state');
    const lock = lockState(state);
    expect(() => lockState(state)).toThrow(`in use by process ${process.pid}`);
    lock.release();

    await writeFile(join(state, 'lock'), JSON.stringify({ pid: process.pid, startedAt: 'before' }));
    lockState(state).release();
    await writeFile(join(state, 'lock'), 'cut off');
    lockState(state).release();
  });
});

test('a taken port is passed over, or named together with the flag', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const taken = typeof address === 'object' && address ? address.port : 0;

  expect(await isFree(taken)).toBe(false);
  expect(await freePort(taken)).not.toBe(taken);
  await expect(requirePort(taken, 'the web server', '--port')).rejects.toThrow(/taken.*--port/);
  server.close();
});

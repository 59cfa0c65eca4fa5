import { spawn } from 'node:child_process';
import { access, chmod, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { openDatabase } from '../../activities/database/database.ts';
import { type ProvidedPostgres, providePostgres } from '../../workers/provision/postgres.ts';
import { copyPostgresPrograms } from '../../workers/provision/postgres-programs.ts';
import { describeWith } from '../tools.ts';

const soon = { timeout: 15_000, interval: 50 };

describeWith(['postgres'], 'a PostgreSQL of our own', () => {
  let stateDir: string;
  let running: ProvidedPostgres | undefined;
  beforeAll(async () => {
    vi.stubEnv('DATABASE_URL', '');
    stateDir = await mkdtemp(join(tmpdir(), 'bowsprit-test-'));
    await chmod(stateDir, 0o755);
  });
  afterEach(() => running?.stop());
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(stateDir, { recursive: true, force: true });
  });

  async function start(options: { readonly fresh?: boolean } = {}): Promise<ProvidedPostgres> {
    const cacheDir = join(stateDir, 'cache');
    running = await providePostgres({ stateDir, cacheDir, port: 0, careless: true, ...options });
    return running;
  }

  async function ask(statement: string): Promise<readonly unknown[]> {
    const db = openDatabase(running?.url ?? '');
    return db.query(statement).finally(() => db.close());
  }

  test('comes back by itself on the same address after kill -9, with all that it knew', async () => {
    const { process: supervised } = await start();
    await ask('CREATE TABLE kept (id integer)');
    const first = supervised?.current()?.pid ?? 0;

    process.kill(first, 'SIGKILL');

    await vi.waitFor(async () => expect(await ask('SELECT * FROM kept')).toEqual([]), soon);
    expect(supervised?.current()?.pid).not.toBe(first);
  });

  test('starts although the number in postmaster.pid belongs to somebody else by now', async () => {
    await start();
    const [row] = await ask('SHOW data_directory');
    await running?.stop();
    const stranger = spawn('sleep', ['300'], { stdio: 'ignore' });
    const folder = Object.values(row ?? {}).join('');
    await writeFile(join(folder, 'postmaster.pid'), `${stranger.pid}\n${folder}\n1\n5432\n`);

    await start();

    expect(await ask('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(stranger.exitCode).toBeNull();
    stranger.kill();
  });

  test('knows what it knew after a stop, and nothing when asked to start afresh', async () => {
    await start();
    expect(await ask(`SELECT to_regclass('kept') IS NULL AS gone`)).toEqual([{ gone: false }]);
    await running?.stop();

    await start({ fresh: true });

    expect(await ask(`SELECT to_regclass('kept') IS NULL AS gone`)).toEqual([{ gone: true }]);
  });

  test('lets nobody in without the password', async () => {
    const { url } = await start();
    const wrong = Object.assign(new URL(url), { password: 'wrong' }).href;
    const db = openDatabase(wrong);

    await expect(db.query('SELECT 1')).rejects.toThrow(/password/);

    await db.close();
    expect(await readFile(join(stateDir, 'logs', 'postgres.log'), 'utf8')).not.toContain(
      new URL(url).password,
    );
  });

  test('its programs can be copied, whole, by several processes at once', async () => {
    const folder = join(stateDir, 'copies');

    const [copy] = await Promise.all([1, 2, 3].map(() => copyPostgresPrograms(folder)));

    const lib = join(dirname(dirname(copy?.postgres ?? '')), 'lib');
    await access(copy?.initdb ?? '');
    expect(await readlink(join(lib, 'libpq.so.5'))).toMatch(/^libpq\.so\.5\./);
  });

  test('DATABASE_URL that leads nowhere is said, not replaced', async () => {
    vi.stubEnv('DATABASE_URL', 'postgres://x@127.0.0.1:1/x');

    await expect(start()).rejects.toThrow(/DATABASE_URL is set.*unset/);

    vi.stubEnv('DATABASE_URL', '');
  });
});

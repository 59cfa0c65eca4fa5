import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../..');
const SOURCES = ['activities', 'config', 'gateway', 'test/github', 'workers', 'workflows'];
const LOCK = join(ROOT, 'dist', '.building');
const PATIENCE_MS = 240_000;

/** The command line as `npm run build` makes it. */
export const PROGRAM = join(ROOT, 'dist/workers/cli/main.js');

/** Builds unless the last build is newer than every source; test files that run side by side wait for each other. */
export async function ensureBuilt(): Promise<void> {
  await locked(async () => {
    if ((await builtAt()) > (await newestSource())) return;
    await promisify(execFile)('npm', ['run', 'build'], { cwd: ROOT, timeout: PATIENCE_MS });
  });
}

/** Each build writes the workflow bundle anew, and that last. */
async function builtAt(): Promise<number> {
  return (await changedAt(PROGRAM)) === 0 ? 0 : changedAt(join(ROOT, 'dist/workflow-bundle.cjs'));
}

async function newestSource(): Promise<number> {
  const times = await Promise.all(SOURCES.map((folder) => newestIn(join(ROOT, folder))));
  return Math.max(...times);
}

async function newestIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.(tsx?|css)$/.test(entry.name));
  const times = await Promise.all(files.map((file) => changedAt(join(file.parentPath, file.name))));
  return Math.max(0, ...times);
}

async function changedAt(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/** A folder is made by one only; one that was left behind is taken over when its time is up. */
async function locked(work: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  await mkdir(join(ROOT, 'dist'), { recursive: true });
  while (
    !(await mkdir(LOCK).then(
      () => true,
      () => false,
    ))
  ) {
    const age = Date.now() - (await changedAt(LOCK));
    if (age > PATIENCE_MS || Date.now() > deadline)
      await rm(LOCK, { recursive: true, force: true });
    else await delay(200);
  }
  await work().finally(() => rm(LOCK, { recursive: true, force: true }));
}

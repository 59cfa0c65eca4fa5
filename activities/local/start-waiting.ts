import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { markerOf } from './marked-processes.ts';
import { endListing, observeAttempt } from './observe-attempt.ts';
import {
  type AttemptName,
  delist,
  enlist,
  FILES,
  folderOf,
  type ListedAttempt,
  listed,
  writeOnce,
} from './run-folder.ts';

/** A supervisor that has not claimed its attempt by then has died at its start. */
const CLAIM_LIMIT_MS = 15_000;
const MOST_LAUNCHES = 3;

interface Launch {
  readonly at: number;
  readonly count: number;
}

/** Starts supervisors for waiting attempts, the oldest first, at most `most` at a time. */
export function createStarter(root: string, most: number): () => Promise<void> {
  const launches = new Map<string, Launch>();
  let line: Promise<void> = Promise.resolve();
  return () => {
    line = line.then(
      () => fill(root, most, launches),
      () => fill(root, most, launches),
    );
    return line;
  };
}

async function fill(root: string, most: number, launches: Map<string, Launch>): Promise<void> {
  const busy = await busyAttempts(root);
  for (const next of await listed(root, 'waiting')) {
    const marker = markerOf(next.uuid, next.attempt);
    if (existsSync(join(folderOf(root, next), FILES.supervisor))) {
      await delist(root, 'waiting', next);
      continue;
    }
    const before = launches.get(marker);
    if (before !== undefined && Date.now() - before.at < CLAIM_LIMIT_MS) continue;
    if (!busy.has(marker) && busy.size >= most) return;
    busy.add(marker);
    await startNext(root, next, before?.count ?? 0);
    launches.set(marker, { at: Date.now(), count: (before?.count ?? 0) + 1 });
  }
}

async function startNext(root: string, next: ListedAttempt, launched: number): Promise<void> {
  await enlist(root, 'live', next);
  if (launched < MOST_LAUNCHES) launch(root, next);
  else await giveUp(root, next);
}

/** Looking at an attempt takes one that died off the list. */
async function busyAttempts(root: string): Promise<Set<string>> {
  const busy = new Set<string>();
  for (const one of await listed(root, 'live')) {
    const { phase } = await observeAttempt(root, one);
    if (phase === 'finished') await endListing(root, one);
    if (phase === 'running' || phase === 'waiting') busy.add(markerOf(one.uuid, one.attempt));
  }
  return busy;
}

/** Without a supervisor nobody else writes how it ended. */
async function giveUp(root: string, name: AttemptName): Promise<void> {
  const at = folderOf(root, name);
  const log = await readFile(join(at, FILES.log), 'utf8').catch(() => '');
  const reason = log.trim().split('\n').slice(-5).join(' ').slice(0, 300);
  if (!(await writeOnce(join(at, FILES.supervisor), JSON.stringify({ pid: 0, start: '' })))) return;
  const result = {
    verdict: 'error',
    description: `The local executor could not start the run's supervisor. ${reason}`.trim(),
    finishedAt: new Date().toISOString(),
  };
  await writeOnce(join(at, FILES.result), JSON.stringify(result));
  await endListing(root, name);
}

/** Starts a supervisor that outlives this process and knows nothing of its environment. */
function launch(root: string, name: AttemptName): void {
  const at = folderOf(root, name);
  const log = openSync(join(at, FILES.log), 'a', 0o600);
  const child = spawn(process.execPath, [...supervisorProgram(), join(at, FILES.order)], {
    cwd: at,
    detached: true,
    stdio: ['ignore', log, log],
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LANG: 'C.UTF-8' },
  });
  closeSync(log);
  // Noticed by the missing claim.
  child.on('error', () => undefined);
  child.unref();
}

/** As built, plain JavaScript; from the sources, through tsx. */
function supervisorProgram(): readonly string[] {
  const here = fileURLToPath(import.meta.url);
  const built = here.endsWith('.js');
  const program = join(dirname(here), built ? 'supervisor.js' : 'supervisor.ts');
  if (built) return [program];
  const tsx = createRequire(import.meta.url).resolve('tsx');
  return ['--import', pathToFileURL(tsx).href, program];
}

import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { processIdentity } from './process-identity.ts';

/** Which attempt of which run. */
export interface AttemptName {
  readonly uuid: string;
  readonly attempt: number;
}

/** How an attempt ended, as the supervisor (or whoever had to do it for it) wrote it down. */
export const runResult = z.object({
  verdict: z.enum(['success', 'failure', 'error', 'aborted']),
  description: z.string(),
  exitCode: z.int().optional(),
  startedAt: z.string().optional(),
  finishedAt: z.string(),
});

/** See `runResult`. */
export type RunResult = Readonly<z.infer<typeof runResult>>;

/** Who supervises an attempt; process number 0 says that nobody ever will. */
export const supervisorClaim = processIdentity;

/** When the job's own command began. */
export const runStart = z.object({ startedAt: z.string() });

/** The files of one attempt. */
export const FILES = {
  order: 'order.json',
  supervisor: 'supervisor.json',
  started: 'started.json',
  stop: 'stop',
  result: 'result.json',
  scratch: 'scratch',
  log: 'supervisor.log',
} as const;

const UUID = /^[0-9a-f-]{36}$/i;

/** The folder of an attempt; a UUID that is none is refused, since it becomes a path. */
export function folderOf(root: string, { uuid, attempt }: AttemptName): string {
  if (!UUID.test(uuid) || !Number.isInteger(attempt)) throw new Error('this names no attempt');
  return join(root, 'runs', uuid, `${attempt}`);
}

/** Writes a file in one step: complete, for nobody else, replacing what was there. */
export async function writeWhole(file: string, content: string): Promise<void> {
  const unfinished = await writeBeside(file, content);
  await rename(unfinished, file);
}

/** Writes a file in one step if nobody did before; answers whether it was us. */
export async function writeOnce(file: string, content: string): Promise<boolean> {
  const unfinished = await writeBeside(file, content);
  try {
    await link(unfinished, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function writeBeside(file: string, content: string): Promise<string> {
  const unfinished = `${file}.${randomUUID()}`;
  const handle = await open(unfinished, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  return unfinished;
}

/** Reads and checks a file; nothing if it is not there. */
export async function readChecked<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : schema.parse(JSON.parse(text));
}

/** Lists of attempts: waiting for a free process; with a supervisor; ended, and nobody was told yet. */
export type AttemptList = 'waiting' | 'live' | 'ended';

/** Puts an attempt on a list; `since` orders it (milliseconds). */
export async function enlist(root: string, list: AttemptList, entry: ListedAttempt): Promise<void> {
  await mkdir(join(root, list), { recursive: true, mode: 0o711 });
  await writeFile(join(root, list, entryName(entry)), '', { mode: 0o600 });
}

/** Takes an attempt off a list. */
export async function delist(root: string, list: AttemptList, name: AttemptName): Promise<void> {
  for (const entry of await listed(root, list)) {
    if (entry.uuid === name.uuid && entry.attempt === name.attempt) {
      await rm(join(root, list, entryName(entry)), { force: true });
    }
  }
}

/** An attempt on a list. */
export interface ListedAttempt extends AttemptName {
  readonly since: number;
}

/** A list, oldest first. */
export async function listed(root: string, list: AttemptList): Promise<readonly ListedAttempt[]> {
  const names = await readdir(join(root, list)).catch((): string[] => []);
  return names
    .map(parseEntry)
    .filter((entry) => entry !== undefined)
    .sort((a, b) => a.since - b.since || (a.uuid < b.uuid ? -1 : 1));
}

function entryName({ since, uuid, attempt }: ListedAttempt): string {
  return `${since}_${uuid}_${attempt}`;
}

function parseEntry(name: string): ListedAttempt | undefined {
  const [since = '', uuid = '', attempt = ''] = name.split('_');
  if (!UUID.test(uuid)) return undefined;
  return { since: Number(since), uuid, attempt: Number(attempt) };
}

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** A process that can be told from a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time as the system counts it, with the boot it belongs to. */
  readonly start: string;
}

/** What is stored of a process. */
export const processIdentity = z.object({ pid: z.int().min(0), start: z.string() });

/** Who runs under this number now; nothing if nobody does, or only a zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
  const start = process.platform === 'linux' ? linuxStart(pid) : portableStart(pid);
  return start === undefined ? undefined : { pid, start };
}

/** Whether exactly this process still runs. */
export function isAlive(known: ProcessIdentity): boolean {
  return known.pid > 0 && identify(known.pid)?.start === known.start;
}

/** Sends a signal to this process, never to a successor under its number. */
export function signalProcess(known: ProcessIdentity, signal: NodeJS.Signals): void {
  if (isAlive(known)) kill(known.pid, signal);
}

/** Sends a signal; a process or group that is gone is no error. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** State and parent of a process, from Linux's `/proc`. */
export function readStat(
  pid: number,
): { state: string; parent: number; start: string } | undefined {
  const text = readQuietly(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The second field is the program's name in parentheses and may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', parent: Number(fields[1]), start: fields[19] ?? '' };
}

/** The content of a small file of the system; nothing if it cannot be read. */
export function readQuietly(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}

function linuxStart(pid: number): string | undefined {
  const stat = readStat(pid);
  if (stat === undefined || stat.state === 'Z' || stat.state === 'X') return undefined;
  const boot = readQuietly('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
  return `${boot}:${stat.start}`;
}

function portableStart(pid: number): string | undefined {
  const answer = spawnSync('ps', ['-o', 'lstart=', '-p', `${pid}`], { encoding: 'utf8' });
  const start = answer.stdout?.trim();
  return start === '' ? undefined : start;
}

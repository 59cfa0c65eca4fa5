import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

/** A process beyond doubt: numbers are used again, a number and its start time are not. */
const identitySchema = z.object({ pid: z.number().int().positive(), startedAt: z.string() });

/** A process by number and start. */
export type ProcessIdentity = z.infer<typeof identitySchema>;

/** Notes which process was started, for whoever comes after us. */
export function rememberPid(file: string, pid: number): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(identify(pid)));
}

/** Removes the note if it is about this process. */
export function forgetPid(file: string, pid: number): void {
  if (readIdentity(file)?.pid === pid) rmSync(file, { force: true });
}

/** What a note says; nothing if there is none, or it was cut off. */
export function readIdentity(file: string): ProcessIdentity | undefined {
  try {
    return identitySchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Number and start time of a process that runs. */
export function identify(pid: number): ProcessIdentity {
  return { pid, startedAt: startTime(pid) };
}

/** Whether this very process still runs. */
export function isRunning({ pid, startedAt }: ProcessIdentity): boolean {
  return startedAt !== '' && startTime(pid) === startedAt;
}

/** Ends the process that a note names if it still runs, with its group: left over when all of us were killed. */
export async function endOrphan(file: string, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  const orphan = readIdentity(file);
  if (orphan !== undefined && isRunning(orphan)) await endProcess(orphan, signal);
  rmSync(file, { force: true });
}

/** Asks a process that is no child of ours to end, and insists after ten seconds. */
export async function endProcess(target: ProcessIdentity, signal: NodeJS.Signals): Promise<void> {
  kill(target.pid, signal);
  for (let waited = 0; waited < 100 && isRunning(target); waited += 1) await delay(100);
  if (!isRunning(target)) return;
  kill(target.pid, 'SIGKILL');
  for (let waited = 0; waited < 50 && isRunning(target); waited += 1) await delay(100);
}

function kill(pid: number, signal: NodeJS.Signals): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, signal);
      return;
    } catch {
      // No such group: then the process alone.
    }
  }
}

/** In the system's own words, only to be compared; empty if the process does not run. */
function startTime(pid: number): string {
  if (process.platform === 'linux') return startTimeFromProc(pid);
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

function startTimeFromProc(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold anything, so count from its end: state is field 3, start time field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? '' : (fields[19] ?? '');
  } catch {
    return '';
  }
}

/** The command line of a process, or nothing. */
export function commandLine(pid: number): string {
  try {
    if (process.platform === 'linux') {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    }
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

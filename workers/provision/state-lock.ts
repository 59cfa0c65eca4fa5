import { linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, isRunning, readIdentity } from './pid-file.ts';
import { ProvisionError } from './provision-error.ts';

/** Holds a state folder until it is released. */
export interface StateLock {
  release(): void;
}

/**
 * Takes a state folder for this process: two `bowsprit up` on one folder would run two servers on one
 * database file. A lock whose holder died is taken over.
 */
export function lockState(stateDir: string): StateLock {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const lock = join(stateDir, 'lock');
  const mine = join(stateDir, `.lock-${process.pid}`);
  writeFileSync(mine, JSON.stringify(identify(process.pid)));
  try {
    for (let attempt = 0; !tryLink(mine, lock); attempt += 1) {
      const holder = readIdentity(lock);
      if (attempt > 20 || (holder !== undefined && isRunning(holder))) {
        throw new ProvisionError(
          `${stateDir} is in use by process ${holder?.pid ?? 'unknown'}: end that one, or start beside it with --state-dir OTHER`,
        );
      }
      discardStale(lock, holder?.pid);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  return {
    release: () => {
      if (readIdentity(lock)?.pid === process.pid) rmSync(lock, { force: true });
    },
  };
}

/** `link` fails if the name exists, and the file has its content from the start. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch {
    return false;
  }
}

/** Moves a dead holder's lock away, and puts it back if it was somebody's fresh one after all. */
function discardStale(lock: string, stalePid: number | undefined): void {
  const aside = `${lock}-stale-${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  if (readIdentity(aside)?.pid !== stalePid) tryLink(aside, lock);
  rmSync(aside, { force: true });
}

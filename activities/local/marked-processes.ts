import { readdirSync } from 'node:fs';
import { kill, readQuietly } from './process-identity.ts';

/** The variable that every process of a run inherits: descendants that left their group are found by it. */
export const MARKER = 'BOWSPRIT_RUN';

/** The marker's value for one attempt of one run. */
export function markerOf(uuid: string, attempt: number): string {
  return `${uuid}.${attempt}`;
}

/** Ends every process that carries a run's marker, except this one; repeats until none is left. */
export async function endMarked(marker: string): Promise<void> {
  for (let round = 0; round < 50; round += 1) {
    const found = findMarked(marker);
    if (found.length === 0) return;
    for (const pid of found) kill(pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Processes that carry a run's marker; without `/proc` none are found. */
export function findMarked(marker: string): readonly number[] {
  const entry = `${MARKER}=${marker}`;
  return processNumbers().filter(
    (pid) =>
      pid !== process.pid &&
      (readQuietly(`/proc/${pid}/environ`)?.split('\0').includes(entry) ?? false),
  );
}

/** Numbers of all processes that this one can see. */
export function processNumbers(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

import { join } from 'node:path';
import { observeAttempt } from './observe-attempt.ts';
import { signalProcess } from './process-identity.ts';
import { FILES, folderOf, listed, readChecked, supervisorClaim } from './run-folder.ts';

/**
 * Kills every run of this host with its supervisor, for the end of an all-in-one that leaves no process
 * behind. The runs are `missing` then, and start again under a new build id when somebody comes back.
 */
export async function endAllRuns(root: string): Promise<void> {
  for (const name of await listed(root, 'live')) {
    const file = join(folderOf(root, name), FILES.supervisor);
    const claim = await readChecked(file, supervisorClaim);
    if (claim !== undefined) signalProcess(claim, 'SIGKILL');
    // A killed process is seen for a moment longer; looking at a dead one ends what it had started.
    for (let look = 0; look < 100; look += 1) {
      const { phase } = await observeAttempt(root, name);
      if (phase === 'missing' || phase === 'finished') break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

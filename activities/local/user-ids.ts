import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, type ProcessIdentity } from './process-identity.ts';
import { readChecked, supervisorClaim, writeOnce } from './run-folder.ts';

const FIRST = 60_000;
const LAST = 64_999;

/** Takes a user id that no living run has; the claim is a file, so it holds over processes. */
export async function claimUid(root: string, owner: ProcessIdentity): Promise<number> {
  const folder = join(root, 'uids');
  await mkdir(folder, { recursive: true, mode: 0o711 });
  for (let uid = FIRST; uid <= LAST; uid += 1) {
    const file = join(folder, `${uid}`);
    if (await writeOnce(file, JSON.stringify(owner))) return uid;
    const holder = await readChecked(file, supervisorClaim).catch(() => undefined);
    // Of a run that died: freed here, claimed in a later round.
    if (holder === undefined || !isAlive(holder)) await rm(file, { force: true });
  }
  throw new Error('no user id is free for this run');
}

/** Gives a user id back. */
export async function releaseUid(root: string, uid: number): Promise<void> {
  await rm(join(root, 'uids', `${uid}`), { force: true });
}

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree } from './remove-tree.ts';
import { listed } from './run-folder.ts';

/** As long as Temporal keeps a run that has ended: afterwards nobody asks for it. */
const KEEP_MS = 8 * 24 * 3600 * 1000;

/** Deletes the folders of runs that ended long ago; their logs and results are in the bucket. */
export async function forgetOldRuns(root: string, now: number): Promise<void> {
  const lists = await Promise.all([listed(root, 'waiting'), listed(root, 'live')]);
  const living = new Set(lists.flat().map(({ uuid }) => uuid));
  const runs = join(root, 'runs');
  for (const uuid of await readdir(runs).catch((): string[] => [])) {
    if (living.has(uuid)) continue;
    const folder = join(runs, uuid);
    const found = await stat(folder).catch(() => undefined);
    if (found === undefined || now - found.mtimeMs < KEEP_MS) continue;
    // One that cannot be deleted does not keep the others.
    await removeTree(folder).catch(() => undefined);
  }
}

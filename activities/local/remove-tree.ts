import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Deletes a folder that a hostile job has filled. Node's own `rm` goes by paths and gives up where folders lie
 * deeper than the longest path; the program goes from folder to folder. Links are not followed.
 */
export async function removeTree(folder: string): Promise<void> {
  if (await removes(folder)) return;
  // A job that shares our user can have taken our rights to its folders away.
  await run('chmod', ['-R', 'u+rwX', '--', folder]).catch(() => undefined);
  if (!(await removes(folder))) throw new Error(`${folder} cannot be deleted`);
}

async function removes(folder: string): Promise<boolean> {
  await run('rm', ['-rf', '--', folder]).catch(() => undefined);
  return !existsSync(folder);
}

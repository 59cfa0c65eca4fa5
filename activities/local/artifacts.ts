import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isObjectName } from '../storage/object-path.ts';
import type { Storage } from '../storage/storage.ts';

/** What is kept of a job's artifacts. */
export interface ArtifactSetting {
  readonly storage: Storage;
  /** Folder in the bucket. */
  readonly folder: string;
  /** Bytes in all. */
  readonly limit: number;
  /** Only files of this user: a link to somebody else's file is none of the job's. */
  readonly uid: number | undefined;
}

const MOST_FILES = 10_000;
/** A job can leave more names than anybody wants to read: the rest is left out unseen. */
const MOST_OMITTED = 10_000;

/**
 * Stores the regular files below a folder that a hostile job has filled. Links are not followed, names
 * that no object can have are left out, and the sizes count against the limit. Answers what was left out.
 */
export async function storeArtifacts(
  root: string,
  setting: ArtifactSetting,
): Promise<readonly string[]> {
  const omitted: string[] = [];
  let left = setting.limit;
  let files = 0;
  for await (const path of walk(root, '')) {
    const name = path.split('/').every(isObjectName) ? path : undefined;
    const found = await lstat(join(root, path)).catch(() => undefined);
    const ours = setting.uid === undefined || found?.uid === setting.uid;
    if (
      name === undefined ||
      !found?.isFile() ||
      !ours ||
      found.size > left ||
      files >= MOST_FILES
    ) {
      omitted.push(path);
      if (omitted.length >= MOST_OMITTED) break;
      continue;
    }
    left -= found.size;
    files += 1;
    await setting.storage.upload(`${setting.folder}/${name}`, join(root, path));
  }
  return omitted;
}

async function* walk(root: string, folder: string): AsyncGenerator<string> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(root, path);
    else yield path;
  }
}

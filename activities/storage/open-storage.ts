import { openFileStorage } from './file-storage.ts';
import { ObjectPathError } from './object-path.ts';
import type { Storage } from './storage.ts';

/** Opens the storage that a URL names. Throws `ObjectPathError` for one that cannot be. */
export function openStorage(url: string): Storage {
  const scheme = /^([a-z0-9]+):\/\//.exec(url)?.[1];
  if (scheme === 'file') return openFileStorage(url);
  throw new ObjectPathError(
    scheme === 'gs' || scheme === 's3'
      ? `storage "${url}": ${scheme}:// is not built yet; use file:///SOME/FOLDER`
      : `storage "${url}" is not a storage URL; use file:///SOME/FOLDER`,
  );
}

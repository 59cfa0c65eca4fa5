import { StorageError } from './storage-error.ts';

/**
 * Looks whether a bucket is there until it was seen once: a missing object is an answer, a missing bucket
 * a mistake, and storages answer some questions alike in both cases. Throws `StorageError`.
 */
export function bucketProbe(look: () => Promise<unknown>): () => Promise<void> {
  let seen = false;
  return async () => {
    if (seen) return;
    try {
      await look();
    } catch (error) {
      // Who may not list cannot know; then the object is taken to be missing.
      if (!(error instanceof StorageError && error.trouble === 'forbidden')) throw error;
    }
    seen = true;
  };
}

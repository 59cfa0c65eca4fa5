import { LRUCache } from 'lru-cache';
import type { ChangedFile } from '../git/changes.ts';
import type { CommitRecord, TreeEntry } from '../git/history.ts';

/** Reads once per key and remembers the promise, but not a failure. */
export type Memo<T> = (key: string, read: () => Promise<T>) => Promise<T>;

/** What git said about things that cannot change. */
export interface Memos {
  readonly changes: Memo<readonly ChangedFile[]>;
  readonly commits: Memo<readonly CommitRecord[]>;
  readonly trees: Memo<readonly TreeEntry[] | undefined>;
  readonly texts: Memo<string>;
  readonly blobs: Memo<Buffer | undefined>;
}

function createMemo<T>(max: number): Memo<T> {
  const known = new LRUCache<string, { readonly value: Promise<T> }>({ max });
  return (key, read) => {
    const entry = known.get(key);
    if (entry) return entry.value;
    const value = read();
    known.set(key, { value });
    value.catch(() => known.delete(key));
    return value;
  };
}

/** Empty memories. */
export function createMemos(): Memos {
  return {
    changes: createMemo(2000),
    commits: createMemo(5000),
    trees: createMemo(2000),
    texts: createMemo(500),
    blobs: createMemo(1000),
  };
}

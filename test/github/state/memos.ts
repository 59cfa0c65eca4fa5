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
  clear(): void;
}

function createMemo<T>(max: number): { readonly memo: Memo<T>; clear(): void } {
  const known = new LRUCache<string, { readonly value: Promise<T> }>({ max });
  const memo: Memo<T> = (key, read) => {
    const entry = known.get(key);
    if (entry) return entry.value;
    const value = read();
    known.set(key, { value });
    value.catch(() => known.delete(key));
    return value;
  };
  return { memo, clear: () => known.clear() };
}

/** Empty memories. */
export function createMemos(): Memos {
  const changes = createMemo<readonly ChangedFile[]>(2000);
  const commits = createMemo<readonly CommitRecord[]>(5000);
  const trees = createMemo<readonly TreeEntry[] | undefined>(2000);
  const texts = createMemo<string>(5000);
  const blobs = createMemo<Buffer | undefined>(1000);
  return {
    changes: changes.memo,
    commits: commits.memo,
    trees: trees.memo,
    texts: texts.memo,
    blobs: blobs.memo,
    clear() {
      for (const memory of [changes, commits, trees, texts, blobs]) memory.clear();
    },
  };
}

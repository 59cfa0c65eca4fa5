import { LRUCache } from 'lru-cache';
import type { Queryable } from '../../database/database.ts';
import { readEtag, saveEtag } from '../../database/etags.ts';

/** An answer that a 304 confirms, as text. */
export interface StoredAnswer {
  readonly etag: string;
  readonly body: string;
}

/** Where answers with an ETag are kept; the key already tells accounts apart. */
export interface EtagStore {
  get(key: string): Promise<StoredAnswer | undefined>;
  set(key: string, etag: string, body: string): Promise<void>;
}

const MEMORY = 32 * 1024 * 1024;

/** Keeps answers in this process, those used last. */
export function memoryEtags(maxSize = MEMORY): EtagStore {
  const answers = new LRUCache<string, StoredAnswer>({
    maxSize,
    sizeCalculation: ({ body, etag }) => 2 * (body.length + etag.length) + 200,
  });
  return {
    get: async (key) => answers.get(key),
    async set(key, etag, body) {
      answers.set(key, { etag, body });
    },
  };
}

/** Keeps answers in the database, for all processes and over restarts. */
export function databaseEtags(db: Queryable): EtagStore {
  return {
    async get(key) {
      const stored = await readEtag(db, key);
      return stored && { etag: stored.etag, body: stored.body.toString('utf8') };
    },
    async set(key, etag, body) {
      await saveEtag(db, key, { etag, status: 200, headers: {}, body: Buffer.from(body) });
    },
  };
}

/** The near store first, the far one behind it; a far store that fails only costs the saving. */
export function layeredEtags(near: EtagStore, far: EtagStore): EtagStore {
  return {
    async get(key) {
      const found = await near.get(key);
      if (found !== undefined) return found;
      const stored = await far.get(key).catch(() => undefined);
      if (stored !== undefined) await near.set(key, stored.etag, stored.body);
      return stored;
    },
    async set(key, etag, body) {
      await near.set(key, etag, body);
      far.set(key, etag, body).catch(() => undefined);
    },
  };
}

import { createHash } from 'node:crypto';
import type { AsRow, Queryable } from './database.ts';
import { toJson } from './json-text.ts';

/** An answer of GitHub that a 304 confirms for free. */
export interface StoredResponse {
  readonly etag: string;
  readonly status: number;
  /** The few that matter to the reader, such as `link`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Larger answers are not worth their room. */
const MAX_BODY_BYTES = 256 * 1024;

/** The key of a request: never shared between accounts, since one may see what the other may not. */
export function etagKey(url: string, authScope: string): string {
  return createHash('sha256').update(`${authScope}\n${url}`).digest('hex');
}

/** The answer stored under a key; being looked at now and then keeps it from being trimmed. */
export async function readEtag(db: Queryable, key: string): Promise<StoredResponse | undefined> {
  const [row] = await db.query<AsRow<StoredResponse> & { resting: boolean }>(
    `SELECT etag, status, headers, body, used_at < now() - interval '10 minutes' AS resting
     FROM etags WHERE key = $1`,
    [key],
  );
  if (row === undefined) return undefined;
  const { resting, ...response } = row;
  // A write per read would cost more than exactness is worth.
  if (resting) await db.query('UPDATE etags SET used_at = now() WHERE key = $1', [key]);
  return response;
}

/** Stores an answer; one that is too large is forgotten instead, so that an old one cannot be confirmed. */
export async function saveEtag(
  db: Queryable,
  key: string,
  response: StoredResponse,
): Promise<boolean> {
  if (response.body.byteLength > MAX_BODY_BYTES) {
    await db.query('DELETE FROM etags WHERE key = $1', [key]);
    return false;
  }
  await db.query(
    `INSERT INTO etags (key, etag, status, headers, body) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (key) DO UPDATE SET etag = excluded.etag, status = excluded.status,
       headers = excluded.headers, body = excluded.body, used_at = now()`,
    [key, response.etag, response.status, toJson(response.headers), response.body],
  );
  return true;
}

/** Drops the answers unused longest until the rest fits; returns how many went. */
export async function trimEtags(db: Queryable, maxBytes: number): Promise<number> {
  const rows = await db.query(
    `DELETE FROM etags WHERE key IN (
       SELECT key FROM (
         SELECT key, sum(length(body)) OVER (ORDER BY used_at DESC, key) AS total FROM etags
       ) AS sized WHERE total > $1) RETURNING 1`,
    [maxBytes],
  );
  return rows.length;
}

import { announcement, announcing } from './change.ts';
import type { AsRow, Queryable } from './database.ts';
import { toJson } from './json-text.ts';
import type { PoolKey } from './pools.ts';

/** One thing a pool did: a merge, a batch, a trigger, a stop. Never changed after it is written. */
export interface MergeRecord extends PoolKey {
  /** Names the act, so that a retry is the same row. */
  readonly key: string;
  readonly at: string;
  readonly record: unknown;
}

const COLUMNS = 'key, org, repo, branch, at, record';

/** Appends to the history; a second time under the same key changes nothing. */
export async function appendMergeRecord(db: Queryable, merge: MergeRecord): Promise<void> {
  await db.query(
    announcing(
      `INSERT INTO merge_history (key, org, repo, branch, at, record)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (key) DO NOTHING RETURNING 1`,
      7,
    ),
    [
      merge.key,
      merge.org,
      merge.repo,
      merge.branch,
      merge.at,
      toJson(merge.record),
      announcement('merge', merge.org, merge.repo, merge.branch),
    ],
  );
}

/** The history, newest first, of all pools or of one; `before` is the last row of the page before. */
export async function listMergeHistory(
  db: Queryable,
  filter: Partial<PoolKey> = {},
  page: { readonly before?: Pick<MergeRecord, 'at' | 'key'>; readonly limit?: number } = {},
): Promise<readonly MergeRecord[]> {
  return db.query<AsRow<MergeRecord>>(
    `SELECT ${COLUMNS} FROM merge_history
     WHERE ($1::text IS NULL OR lower(org) = lower($1)) AND ($2::text IS NULL OR lower(repo) = lower($2))
       AND ($3::text IS NULL OR branch = $3)
       AND ($4::timestamptz IS NULL OR (at, key) < ($4, $5))
     ORDER BY at DESC, key DESC LIMIT $6`,
    [
      filter.org ?? null,
      filter.repo ?? null,
      filter.branch ?? null,
      page.before?.at ?? null,
      page.before?.key ?? null,
      page.limit ?? 100,
    ],
  );
}

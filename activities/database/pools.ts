import { announcement, announcing } from './change.ts';
import type { AsRow, Queryable } from './database.ts';
import { toJson } from './json-text.ts';

/** A merge pool by name. */
export interface PoolKey {
  readonly org: string;
  readonly repo: string;
  readonly branch: string;
}

/** What the pages show of a merge pool; `snapshot` is the pool's own, as it wrote it. */
export interface PoolRecord extends PoolKey {
  readonly version: number;
  readonly snapshot: unknown;
  /** When it was last written; set by the database. */
  readonly changedAt: string;
}

const COLUMNS = 'org, repo, branch, version, snapshot, changed_at AS "changedAt"';

/** Publishes a pool's snapshot; an older version changes nothing. */
export async function savePool(db: Queryable, pool: Omit<PoolRecord, 'changedAt'>): Promise<void> {
  await db.query(
    announcing(
      `INSERT INTO pools AS old (org, repo, branch, version, snapshot)
       VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (lower(org), lower(repo), branch) DO UPDATE SET
         org = excluded.org, repo = excluded.repo, version = excluded.version,
         snapshot = excluded.snapshot, changed_at = now()
       WHERE old.version < excluded.version RETURNING 1`,
      6,
    ),
    [
      pool.org,
      pool.repo,
      pool.branch,
      pool.version,
      toJson(pool.snapshot),
      announcement('pool', pool.org, pool.repo, pool.branch),
    ],
  );
}

/** One pool as it was last published. */
export async function readPool(
  db: Queryable,
  { org, repo, branch }: PoolKey,
): Promise<PoolRecord | undefined> {
  const [row] = await db.query<AsRow<PoolRecord>>(
    `SELECT ${COLUMNS} FROM pools WHERE lower(org) = lower($1) AND lower(repo) = lower($2) AND branch = $3`,
    [org, repo, branch],
  );
  return row;
}

/** All pools, by name. */
export async function listPools(db: Queryable): Promise<readonly PoolRecord[]> {
  return db.query<AsRow<PoolRecord>>(
    `SELECT ${COLUMNS} FROM pools ORDER BY lower(org), lower(repo), branch`,
  );
}

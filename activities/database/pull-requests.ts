import { announcement, announcing } from './change.ts';
import type { AsRow, Queryable } from './database.ts';
import { toJson } from './json-text.ts';
import type { PullRequestKey } from './open-heads.ts';

/** What the page of a pull request shows; `record` is the entity's own record, as it wrote it. */
export interface PullRequestRecord extends PullRequestKey {
  readonly version: number;
  readonly record: unknown;
  /** When it was last written; set by the database. */
  readonly changedAt: string;
}

const COLUMNS = 'org, repo, number, version, record, changed_at AS "changedAt"';

/** Publishes an entity's record; an older version changes nothing. */
export async function savePullRequest(
  db: Queryable,
  pull: Omit<PullRequestRecord, 'changedAt'>,
): Promise<void> {
  await db.query(
    announcing(
      `INSERT INTO pull_requests AS old (org, repo, number, version, record)
       VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (lower(org), lower(repo), number) DO UPDATE SET
         org = excluded.org, repo = excluded.repo, version = excluded.version,
         record = excluded.record, changed_at = now()
       WHERE old.version < excluded.version RETURNING 1`,
      6,
    ),
    [
      pull.org,
      pull.repo,
      pull.number,
      pull.version,
      toJson(pull.record),
      announcement('pull-request', pull.org, pull.repo, pull.number),
    ],
  );
}

/** The published record of one pull request. */
export async function readPullRequest(
  db: Queryable,
  { org, repo, number }: PullRequestKey,
): Promise<PullRequestRecord | undefined> {
  const [row] = await db.query<AsRow<PullRequestRecord>>(
    `SELECT ${COLUMNS} FROM pull_requests
     WHERE lower(org) = lower($1) AND lower(repo) = lower($2) AND number = $3`,
    [org, repo, number],
  );
  return row;
}

/** The pull requests that changed last, of all repositories or of one. */
export async function listPullRequests(
  db: Queryable,
  filter: { readonly org?: string; readonly repo?: string; readonly limit?: number } = {},
): Promise<readonly PullRequestRecord[]> {
  return db.query<AsRow<PullRequestRecord>>(
    `SELECT ${COLUMNS} FROM pull_requests
     WHERE ($1::text IS NULL OR lower(org) = lower($1)) AND ($2::text IS NULL OR lower(repo) = lower($2))
     ORDER BY changed_at DESC LIMIT $3`,
    [filter.org ?? null, filter.repo ?? null, filter.limit ?? 100],
  );
}

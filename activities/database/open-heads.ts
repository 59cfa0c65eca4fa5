import type { AsRow, Queryable } from './database.ts';

/** An open pull request by its head: how an event that knows only a SHA finds its pull requests. */
export interface OpenHead {
  readonly org: string;
  readonly repo: string;
  readonly number: number;
  /** Grows over the whole life of the pull request, also when it is closed and reopened. */
  readonly version: number;
  readonly repositoryId: number;
  readonly headSha: string;
  readonly baseRef: string;
  readonly title: string;
  readonly author: string;
}

/** A pull request by name. */
export interface PullRequestKey {
  readonly org: string;
  readonly repo: string;
  readonly number: number;
}

const COLUMNS = `org, repo, number, version, repository_id AS "repositoryId", head_sha AS "headSha",
  base_ref AS "baseRef", title, author`;

const UPSERT = `
  INSERT INTO open_heads AS old
    (org, repo, number, version, repository_id, head_sha, base_ref, title, author, state)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  ON CONFLICT (lower(org), lower(repo), number) DO UPDATE SET
    org = excluded.org, repo = excluded.repo, version = excluded.version,
    repository_id = excluded.repository_id, head_sha = excluded.head_sha, base_ref = excluded.base_ref,
    title = excluded.title, author = excluded.author, state = excluded.state, changed_at = now()
  WHERE old.version < excluded.version`;

/** Notes where an open pull request stands; an older version changes nothing. */
export async function saveOpenHead(db: Queryable, head: OpenHead): Promise<void> {
  await save(db, head, 'open');
}

/** Forgets a closed pull request. What is left is its version, so that a late `saveOpenHead` cannot bring it back. */
export async function forgetHead(
  db: Queryable,
  key: PullRequestKey & { readonly version: number },
): Promise<void> {
  const empty = { repositoryId: 0, headSha: '', baseRef: '', title: '', author: '' };
  await save(db, { ...empty, ...key }, 'closed');
}

async function save(db: Queryable, head: OpenHead, state: 'open' | 'closed'): Promise<void> {
  await db.query(UPSERT, [
    head.org,
    head.repo,
    head.number,
    head.version,
    head.repositoryId,
    head.headSha,
    head.baseRef,
    head.title,
    head.author,
    state,
  ]);
}

/** The open pull requests whose head is this commit. */
export async function pullRequestsByHead(
  db: Queryable,
  { org, repo, sha }: { readonly org: string; readonly repo: string; readonly sha: string },
): Promise<readonly OpenHead[]> {
  return db.query<AsRow<OpenHead>>(
    `SELECT ${COLUMNS} FROM open_heads WHERE head_sha = $3 AND state = 'open'
       AND lower(org) = lower($1) AND lower(repo) = lower($2) ORDER BY number`,
    [org, repo, sha],
  );
}

/** The open pull requests of a repository, or of one of its branches. */
export async function listOpenPulls(
  db: Queryable,
  {
    org,
    repo,
    baseRef,
  }: { readonly org: string; readonly repo: string; readonly baseRef?: string },
): Promise<readonly OpenHead[]> {
  return db.query<AsRow<OpenHead>>(
    `SELECT ${COLUMNS} FROM open_heads WHERE lower(org) = lower($1) AND lower(repo) = lower($2)
       AND state = 'open' AND ($3::text IS NULL OR base_ref = $3) ORDER BY number`,
    [org, repo, baseRef ?? null],
  );
}

/** The open pull requests of a branch that were last known not to merge onto it, by their published records. */
export async function listConflicts(
  db: Queryable,
  { org, repo, baseRef }: { readonly org: string; readonly repo: string; readonly baseRef: string },
): Promise<readonly Pick<OpenHead, 'number' | 'headSha'>[]> {
  return db.query<AsRow<Pick<OpenHead, 'number' | 'headSha'>>>(
    `SELECT h.number, h.head_sha AS "headSha" FROM open_heads h
       JOIN pull_requests p ON lower(p.org) = lower(h.org) AND lower(p.repo) = lower(h.repo)
         AND p.number = h.number
     WHERE lower(h.org) = lower($1) AND lower(h.repo) = lower($2) AND h.base_ref = $3
       AND h.state = 'open' AND p.record->'mergeable' = 'false'::jsonb ORDER BY h.number`,
    [org, repo, baseRef],
  );
}

/** Drops what is left of pull requests closed long ago. */
export async function purgeClosedHeads(db: Queryable, before: Date): Promise<number> {
  const rows = await db.query(
    `DELETE FROM open_heads WHERE state = 'closed' AND changed_at < $1 RETURNING 1`,
    [before],
  );
  return rows.length;
}

/** The open pull requests of all repositories after one of them, in the order of their names. */
export async function pageOpenPulls(
  db: Queryable,
  after: PullRequestKey,
  limit: number,
): Promise<readonly OpenHead[]> {
  return db.query<AsRow<OpenHead>>(
    `SELECT ${COLUMNS} FROM open_heads WHERE state = 'open'
       AND (lower(org), lower(repo), number) > (lower($1), lower($2), $3)
     ORDER BY lower(org), lower(repo), number LIMIT $4`,
    [after.org, after.repo, after.number, limit],
  );
}

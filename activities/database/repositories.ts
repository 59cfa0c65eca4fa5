import { type Database, only } from './database.ts';

/** A repository by name. */
interface Name {
  readonly org: string;
  readonly repo: string;
}

const KNOW = `
  INSERT INTO repositories AS old (org, repo, repository_id) VALUES ($1, $2, $3)
  ON CONFLICT (lower(org), lower(repo)) DO UPDATE SET
    repository_id = CASE WHEN excluded.repository_id = 0 THEN old.repository_id
                         ELSE excluded.repository_id END
  RETURNING to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since`;

/** When a repository came under Bowsprit, ISO (seconds): the first time that anybody asked or told. */
export async function adoptedSince(
  db: Database,
  { org, repo }: Name,
  repositoryId: number,
): Promise<string> {
  return only(await db.query<{ since: string }>(KNOW, [org, repo, repositoryId])).since;
}

/** Notes the repositories that a configuration names, so that their age as ours counts from now. */
export async function adoptRepositories(db: Database, names: readonly Name[]): Promise<void> {
  for (const name of names) await adoptedSince(db, name, 0);
}

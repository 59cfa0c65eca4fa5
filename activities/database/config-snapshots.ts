import { announcement, announcing } from './change.ts';
import { type AsRow, type Database, only, type Queryable } from './database.ts';

/** A configuration that was made active: by number (order in time) and hash (content). */
export interface ConfigSnapshot {
  /** Grows with every activation, also when an older content comes back. */
  readonly number: number;
  readonly hash: string;
}

const NEWEST = 'SELECT number, hash FROM config_snapshots ORDER BY number DESC LIMIT 1';

/** Makes a content the active one and numbers it; if it is active already, nothing changes. */
export async function activateConfig(
  db: Database,
  { hash, content }: { readonly hash: string; readonly content: string },
): Promise<ConfigSnapshot> {
  return db.transaction(async (transaction) => {
    await transaction.query(`SELECT pg_advisory_xact_lock(hashtext('bowsprit-config'))`);
    const [active] = await transaction.query<AsRow<ConfigSnapshot>>(NEWEST);
    if (active?.hash === hash) return active;
    await transaction.query(
      'INSERT INTO config_contents (hash, content) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      [hash, content],
    );
    await transaction.query(
      announcing('INSERT INTO config_snapshots (number, hash) VALUES ($1, $2) RETURNING 1', 3),
      [(active?.number ?? 0) + 1, hash, announcement('config', hash)],
    );
    return only(await transaction.query<AsRow<ConfigSnapshot>>(NEWEST));
  });
}

/** The active configuration; none before the first activation. */
export async function activeConfig(db: Queryable): Promise<ConfigSnapshot | undefined> {
  const [row] = await db.query<AsRow<ConfigSnapshot>>(NEWEST);
  return row;
}

/** The content under a hash: how a worker that never saw it catches up. */
export async function readConfigContent(db: Queryable, hash: string): Promise<string | undefined> {
  const [row] = await db.query<{ content: string }>(
    'SELECT content FROM config_contents WHERE hash = $1',
    [hash],
  );
  return row?.content;
}

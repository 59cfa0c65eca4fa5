import { announcement, announcing } from './change.ts';
import type { AsRow, Database, Queryable } from './database.ts';

/** A configuration that was made active: by number (order in time) and hash (content). */
export interface ConfigActivation {
  /** Grows with every activation, also when an older content comes back. */
  readonly number: number;
  readonly hash: string;
  /** ISO 8601. */
  readonly at: string;
  /** A worker, or the person who confirmed it. */
  readonly by: string;
  readonly why: string;
}

const COLUMNS = 'number, hash, activated_at AS at, activated_by AS by, why';
const NEWEST = `SELECT ${COLUMNS} FROM config_snapshots ORDER BY number DESC LIMIT 1`;

/** Keeps a content under its hash; the first text of a hash stays. */
export async function saveConfigContent(
  db: Queryable,
  { hash, content }: { readonly hash: string; readonly content: string },
): Promise<void> {
  await db.query(
    'INSERT INTO config_contents (hash, content) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    [hash, content],
  );
}

/**
 * Writes an activation down, once; its content must be kept already. Undefined if its number was given to
 * another content, or a higher one was given away: then the highest number comes back, and nothing changes.
 */
export async function saveActivation(
  db: Database,
  { number, hash, at, by, why }: ConfigActivation,
): Promise<{ readonly taken?: number }> {
  return db.transaction(async (transaction) => {
    await transaction.query(`SELECT pg_advisory_xact_lock(hashtext('bowsprit-config'))`);
    const [newest] = await transaction.query<AsRow<ConfigActivation>>(NEWEST);
    if (newest !== undefined && newest.number >= number) {
      return newest.number === number && newest.hash === hash ? {} : { taken: newest.number };
    }
    await transaction.query(
      announcing(
        `INSERT INTO config_snapshots (number, hash, activated_at, activated_by, why)
         VALUES ($1, $2, $3, $4, $5) RETURNING 1`,
        6,
      ),
      [number, hash, at, by, why, announcement('config', hash)],
    );
    return {};
  });
}

/** The active configuration; none before the first activation. */
export async function activeConfig(db: Queryable): Promise<ConfigActivation | undefined> {
  const [row] = await db.query<AsRow<ConfigActivation>>(NEWEST);
  return row;
}

/** The last activations, oldest first. */
export async function listActivations(
  db: Queryable,
  limit = 50,
): Promise<readonly ConfigActivation[]> {
  const rows = await db.query<AsRow<ConfigActivation>>(
    `SELECT ${COLUMNS} FROM config_snapshots ORDER BY number DESC LIMIT $1`,
    [limit],
  );
  return [...rows].reverse();
}

/** The content under a hash: how a worker that never saw it catches up. */
export async function readConfigContent(db: Queryable, hash: string): Promise<string | undefined> {
  const [row] = await db.query<{ content: string }>(
    'SELECT content FROM config_contents WHERE hash = $1',
    [hash],
  );
  return row?.content;
}

import { announcement, announcing } from './change.ts';
import type { AsRow, Queryable } from './database.ts';
import { toJson } from './json-text.ts';

/** A worker that is alive: what its files say, and which activation it works with. */
export interface ConfigWorker {
  readonly worker: string;
  readonly hash: string;
  /** 0 before the first. */
  readonly number: number;
  /** ISO 8601; set by the database. */
  readonly seenAt: string;
}

/** A line of the audit: what was activated, held back, refused, confirmed, rejected; and by whom. */
export interface ConfigEvent {
  readonly key: string;
  readonly at: string;
  readonly kind: string;
  readonly hash: string;
  /** 0 where no activation came of it. */
  readonly number: number;
  readonly by: string;
  readonly text: string;
}

/** A worker is taken for dead when it was silent for so long. */
const LEASE = '60 seconds';

/** Publishes what the `config` workflow remembers, for the pages. */
export async function saveConfigState(db: Queryable, state: unknown): Promise<void> {
  await db.query(
    announcing(
      `INSERT INTO config_state (single, state) VALUES (true, $1)
       ON CONFLICT (single) DO UPDATE SET state = excluded.state, changed_at = now() RETURNING 1`,
      2,
    ),
    [toJson(state), announcement('config', 'state')],
  );
}

/** The state as the workflow published it; undefined before the first time. */
export async function readConfigState(db: Queryable): Promise<unknown> {
  const [row] = await db.query<{ state: unknown }>('SELECT state FROM config_state');
  return row?.state;
}

/** A sign of life of a worker. */
export async function saveConfigWorker(
  db: Queryable,
  { worker, hash, number }: Omit<ConfigWorker, 'seenAt'>,
): Promise<void> {
  await db.query(
    `INSERT INTO config_workers (worker, hash, number) VALUES ($1, $2, $3)
     ON CONFLICT (worker) DO UPDATE SET
       hash = excluded.hash, number = excluded.number, seen_at = now()`,
    [worker, hash, number],
  );
}

/** A worker ends; those that died long ago go with it. */
export async function forgetConfigWorker(db: Queryable, worker: string): Promise<void> {
  await db.query(
    `DELETE FROM config_workers WHERE worker = $1 OR seen_at < now() - interval '1 day'`,
    [worker],
  );
}

/** The workers that are alive. */
export async function listConfigWorkers(db: Queryable): Promise<readonly ConfigWorker[]> {
  return db.query<AsRow<ConfigWorker>>(
    `SELECT worker, hash, number, seen_at AS "seenAt" FROM config_workers
     WHERE seen_at > now() - interval '${LEASE}' ORDER BY worker`,
  );
}

/** Adds to the audit; what is there already stays as it is. */
export async function saveConfigEvents(
  db: Queryable,
  events: readonly ConfigEvent[],
): Promise<void> {
  for (const { key, at, kind, hash, number, by, text } of events) {
    await db.query(
      `INSERT INTO config_events (key, at, kind, hash, number, actor, text)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
      [key, at, kind, hash, number, by, text],
    );
  }
}

/** The audit, newest first. */
export async function listConfigEvents(db: Queryable, limit = 50): Promise<readonly ConfigEvent[]> {
  return db.query<AsRow<ConfigEvent>>(
    `SELECT key, at, kind, hash, number, actor AS by, text FROM config_events
     ORDER BY at DESC, key DESC LIMIT $1`,
    [limit],
  );
}

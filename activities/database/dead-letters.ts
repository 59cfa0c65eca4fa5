import type { AsRow, Queryable } from './database.ts';
import { toJson } from './json-text.ts';

/** An event that could not be decided after several attempts: kept for a person to look at. */
export interface DeadLetter {
  /** Entity and key of the event. */
  readonly id: string;
  readonly entity: string;
  readonly at: string;
  readonly attempts: number;
  readonly event: unknown;
  readonly error: string;
}

const COLUMNS = 'id, entity, at, attempts, event, error';

/** Puts an event aside; `true` only the first time, so that the alarm sounds once. */
export async function saveDeadLetter(db: Queryable, letter: DeadLetter): Promise<boolean> {
  const rows = await db.query(
    `INSERT INTO dead_letters (id, entity, at, attempts, event, error)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING RETURNING 1`,
    [letter.id, letter.entity, letter.at, letter.attempts, toJson(letter.event), letter.error],
  );
  return rows.length > 0;
}

/** What waits for a person, newest first. */
export async function listDeadLetters(db: Queryable, limit = 100): Promise<readonly DeadLetter[]> {
  return db.query<AsRow<DeadLetter>>(
    `SELECT ${COLUMNS} FROM dead_letters WHERE resolved_at IS NULL ORDER BY at DESC LIMIT $1`,
    [limit],
  );
}

/** Marks a letter as dealt with; `false` if nothing waited under this id. */
export async function resolveDeadLetter(db: Queryable, id: string): Promise<boolean> {
  const rows = await db.query(
    `UPDATE dead_letters SET resolved_at = now() WHERE id = $1 AND resolved_at IS NULL RETURNING 1`,
    [id],
  );
  return rows.length > 0;
}

import { announcement, announcing } from './change.ts';
import type { AsRow, Queryable } from './database.ts';
import { toJson } from './json-text.ts';

/** One decision: what was asked, what came out, and why. Never changed after it is written. */
export interface DecisionRecord {
  readonly id: string;
  /** Workflow id of the entity that decided. */
  readonly entity: string;
  readonly at: string;
  readonly configHash: string;
  readonly events: unknown;
  readonly effects: unknown;
  readonly reasons: unknown;
}

const COLUMNS = 'id, entity, at, config_hash AS "configHash", events, effects, reasons';

/** Writes a decision down; a second time changes nothing. */
export async function saveDecision(db: Queryable, decision: DecisionRecord): Promise<void> {
  await db.query(
    announcing(
      `INSERT INTO decisions (id, entity, at, config_hash, events, effects, reasons)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING RETURNING 1`,
      8,
    ),
    [
      decision.id,
      decision.entity,
      decision.at,
      decision.configHash,
      toJson(decision.events),
      toJson(decision.effects),
      toJson(decision.reasons),
      announcement('decision', decision.entity),
    ],
  );
}

/** An entity's decisions, newest first; `before` is the last one of the page before. */
export async function listDecisions(
  db: Queryable,
  entity: string,
  page: { readonly before?: Pick<DecisionRecord, 'at' | 'id'>; readonly limit?: number } = {},
): Promise<readonly DecisionRecord[]> {
  return db.query<AsRow<DecisionRecord>>(
    `SELECT ${COLUMNS} FROM decisions WHERE entity = $1
       AND ($2::timestamptz IS NULL OR (at, id) < ($2, $3)) ORDER BY at DESC, id DESC LIMIT $4`,
    [entity, page.before?.at ?? null, page.before?.id ?? null, page.limit ?? 50],
  );
}

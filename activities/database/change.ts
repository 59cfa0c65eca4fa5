/** What a change is about; `resync` means that changes may have been missed: look again at everything. */
export type Topic = 'run' | 'pull-request' | 'pool' | 'merge' | 'decision' | 'config' | 'resync';

/** A row changed: enough to look it up, never its content. */
export interface Change {
  readonly topic: Topic;
  /** `UUID` for runs, `org/repo/number`, `org/repo/branch`, in lower case; an entity's id for decisions. */
  readonly key: string;
}

/** The channel that writers notify and `listen` hears. */
export const CHANNEL = 'bowsprit';

/**
 * Wraps a writing statement so that the change is announced in the same transaction, and only if a row
 * was written. The statement must end in `RETURNING 1`; `payload` is the number of the parameter that
 * `announcement` made.
 */
export function announcing(statement: string, payload: number): string {
  return `WITH written AS (${statement}) SELECT pg_notify('${CHANNEL}', $${payload}::text) FROM written`;
}

/** The parameter for `announcing`. */
export function announcement(topic: Topic, ...key: readonly (string | number)[]): string {
  const change: Change = { topic, key: key.join('/').toLowerCase() };
  return JSON.stringify(change);
}

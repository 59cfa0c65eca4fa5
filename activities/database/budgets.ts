import type { Queryable } from './database.ts';

/** A rate budget: of an installation (or token), for one of GitHub's resources (`core`, `graphql`, ...). */
export interface BudgetKey {
  readonly installation: string;
  readonly resource: string;
}

/** What GitHub said it has left, and until when. */
export interface Budget extends BudgetKey {
  readonly remaining: number;
  readonly resetAt: string;
}

/**
 * Notes what GitHub's headers said. Within one window the smaller figure wins, since answers overtake
 * each other; a later window replaces an earlier one.
 */
export async function noteBudget(db: Queryable, budget: Budget): Promise<void> {
  await db.query(
    `INSERT INTO budgets AS old (installation, resource, remaining, reset_at)
     VALUES ($1, $2, $3, $4)
     ON CONFLICT (installation, resource) DO UPDATE SET
       remaining = CASE WHEN old.reset_at < excluded.reset_at THEN excluded.remaining
                        ELSE least(old.remaining, excluded.remaining) END,
       reset_at = excluded.reset_at
     WHERE old.reset_at <= excluded.reset_at`,
    [budget.installation, budget.resource, budget.remaining, budget.resetAt],
  );
}

/** What a process may spend on its own until it asks again. */
export interface BudgetLease {
  /** Fewer than asked for when little is left; all that was asked for when nothing is known yet. */
  readonly granted: number;
  readonly resetAt?: string;
}

/** Takes a slice of a budget; several processes never get the same calls. */
export async function leaseBudget(
  db: Queryable,
  { installation, resource }: BudgetKey,
  amount: number,
): Promise<BudgetLease> {
  const [row] = await db.query<{ granted: number; resetAt: string }>(
    `WITH current AS (
       SELECT remaining FROM budgets
       WHERE installation = $1 AND resource = $2 AND reset_at > now() FOR UPDATE)
     UPDATE budgets SET remaining = budgets.remaining - least(current.remaining, $3)
     FROM current WHERE installation = $1 AND resource = $2
     RETURNING least(current.remaining, $3) AS granted, reset_at AS "resetAt"`,
    [installation, resource, amount],
  );
  return row ?? { granted: amount };
}

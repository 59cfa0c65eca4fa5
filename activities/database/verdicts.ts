import type { AsRow, Queryable } from './database.ts';

/** What is asked of the memory: did this job, as rendered, ever pass judgement on this tree? */
export interface VerdictKey {
  /** Git tree id: the content, whatever the commits are called. */
  readonly tree: string;
  readonly job: string;
  readonly specHash: string;
}

/** A judgement that was paid for once. `error` and `aborted` are none, so they cannot be stored. */
export interface Verdict extends VerdictKey {
  readonly state: 'success' | 'failure';
  /** The run that gave it. */
  readonly run: string;
  readonly at: string;
}

const COLUMNS = 'tree, job, spec_hash AS "specHash", state, run, at';

/** Remembers a verdict; a newer one (after a person's `/retest`) replaces an older. */
export async function saveVerdict(db: Queryable, verdict: Verdict): Promise<void> {
  await db.query(
    `INSERT INTO verdicts AS old (tree, job, spec_hash, state, run, at)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (tree, job, spec_hash) DO UPDATE SET
       state = excluded.state, run = excluded.run, at = excluded.at
     WHERE old.at < excluded.at`,
    [verdict.tree, verdict.job, verdict.specHash, verdict.state, verdict.run, verdict.at],
  );
}

/** All that is remembered of a tree. */
export async function readVerdicts(db: Queryable, tree: string): Promise<readonly Verdict[]> {
  return db.query<AsRow<Verdict>>(
    `SELECT ${COLUMNS} FROM verdicts WHERE tree = $1 ORDER BY job, spec_hash`,
    [tree],
  );
}

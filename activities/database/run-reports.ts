import type { RunState } from '../../workflows/domain/run.ts';
import type { AsRow, Queryable } from './database.ts';
import { isUuid } from './runs.ts';

/** What a reporter has told of a run last. */
export interface RunReported {
  /** Prow's name of it (J§1.6), as in `prev_report_states`. */
  readonly reporter: string;
  /** Of the run's report that was told. */
  readonly version: number;
  readonly state: string;
  /** What was told, to know it again: by default the state. */
  readonly mark: string;
  /** Why it could not be told, in words; empty if it was. */
  readonly problem: string;
}

const SELECT = 'SELECT reporter, version, state, mark, problem FROM run_reports WHERE uuid = $1';

/** The ledger of a run, by reporter. */
export async function readReports(db: Queryable, uuid: string): Promise<readonly RunReported[]> {
  if (!isUuid(uuid)) return [];
  return db.query<AsRow<RunReported>>(`${SELECT} ORDER BY reporter`, [uuid]);
}

/** Where one reporter stands with a run, and how new the run's own row is. */
export async function readStanding(
  db: Queryable,
  uuid: string,
  reporter: string,
): Promise<{ readonly last?: RunReported; readonly newest: number }> {
  const [last] = await db.query<AsRow<RunReported>>(`${SELECT} AND reporter = $2`, [
    uuid,
    reporter,
  ]);
  const [run] = await db.query<AsRow<{ version: number }>>(
    'SELECT version FROM runs WHERE uuid = $1',
    [uuid],
  );
  return { ...(last ? { last } : {}), newest: run?.version ?? 0 };
}

/** A run's state as its row has it. */
export async function readState(db: Queryable, uuid: string): Promise<RunState | undefined> {
  const [run] = await db.query<AsRow<{ state: RunState }>>(
    'SELECT state FROM runs WHERE uuid = $1',
    [uuid],
  );
  return run?.state;
}

/** Notes what was told; an older report changes nothing. */
export async function saveReported(
  db: Queryable,
  uuid: string,
  { reporter, version, state, mark, problem }: RunReported,
): Promise<void> {
  await db.query(
    `INSERT INTO run_reports AS old (uuid, reporter, version, state, mark, problem)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (uuid, reporter) DO UPDATE SET version = excluded.version, state = excluded.state,
       mark = excluded.mark, problem = excluded.problem, reported_at = now()
     WHERE old.version <= excluded.version`,
    [uuid, reporter, version, state, mark, problem],
  );
}

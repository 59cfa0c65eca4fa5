import type { RunState, RunType } from '../../workflows/domain/run.ts';
import { announcement, announcing } from './change.ts';
import type { AsRow, Queryable } from './database.ts';
import { toJson } from './json-text.ts';

/** What lists show of a run. */
export interface RunSummary {
  readonly uuid: string;
  /** Grows with every transition of the run. */
  readonly version: number;
  readonly org: string;
  readonly repo: string;
  /** Of the pull request; none for postsubmits and periodics, the first one's for a batch. */
  readonly number: number | null;
  readonly job: string;
  readonly type: RunType;
  readonly state: RunState;
  readonly context: string;
  readonly buildId: string;
  readonly description: string;
  readonly author: string;
  readonly baseRef: string;
  readonly headSha: string;
  readonly cluster: string;
  readonly url: string;
  /** Workflow id of the entity that asked for it. */
  readonly owner: string;
  /** Where the artifacts lie: `gs://`, `s3://` or `file://`, without a trailing slash. */
  readonly logLocation: string;
  readonly createdAt: string;
  readonly completedAt: string | null;
}

/** A run in full: with the ProwJob object in Prow's shape. */
export interface RunRecord extends RunSummary {
  readonly prowjob: unknown;
}

const SUMMARY = `uuid, version, org, repo, number, job, type, state, context, build_id AS "buildId",
  description, author, base_ref AS "baseRef", head_sha AS "headSha", cluster, url, owner,
  log_location AS "logLocation", created_at AS "createdAt", completed_at AS "completedAt"`;

/** The object as Prow shows it: with what each reporter was told last (J§1.1.2). */
const PROWJOB = `coalesce((SELECT jsonb_set(prowjob, '{status,prev_report_states}',
    jsonb_object_agg(reporter, reports.state)) FROM run_reports AS reports
  WHERE reports.uuid = runs.uuid AND problem = '' HAVING count(*) > 0), prowjob)`;

const UPSERT = `
  INSERT INTO runs AS old (uuid, version, org, repo, number, job, type, state, context, build_id,
    description, author, base_ref, head_sha, cluster, url, owner, log_location, prowjob, created_at,
    completed_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
  ON CONFLICT (uuid) DO UPDATE SET
    version = excluded.version, org = excluded.org, repo = excluded.repo, number = excluded.number,
    job = excluded.job, type = excluded.type, state = excluded.state, context = excluded.context,
    build_id = excluded.build_id, description = excluded.description, author = excluded.author,
    base_ref = excluded.base_ref, head_sha = excluded.head_sha, cluster = excluded.cluster,
    url = excluded.url, owner = excluded.owner, log_location = excluded.log_location,
    prowjob = excluded.prowjob, created_at = excluded.created_at, completed_at = excluded.completed_at
  WHERE old.version < excluded.version RETURNING 1`;

/** Publishes a run; an older version changes nothing. */
export async function saveRun(db: Queryable, run: RunRecord): Promise<void> {
  await db.query(announcing(UPSERT, 22), [
    run.uuid,
    run.version,
    run.org,
    run.repo,
    run.number,
    run.job,
    run.type,
    run.state,
    run.context,
    run.buildId,
    run.description,
    run.author,
    run.baseRef,
    run.headSha,
    run.cluster,
    run.url,
    run.owner,
    run.logLocation,
    toJson(run.prowjob),
    run.createdAt,
    run.completedAt,
    announcement('run', run.uuid),
  ]);
}

/** Whether the database would take a text for a UUID: strangers ask for anything. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** One run in full. */
export async function readRun(db: Queryable, uuid: string): Promise<RunRecord | undefined> {
  if (!isUuid(uuid)) return undefined;
  const [row] = await db.query<AsRow<RunRecord>>(
    `SELECT ${SUMMARY}, ${PROWJOB} AS prowjob FROM runs WHERE uuid = $1`,
    [uuid],
  );
  return row;
}

/** The run that a page's address names: job and build id, as in Prow's URLs. */
export async function readRunByBuild(
  db: Queryable,
  { job, buildId }: { readonly job: string; readonly buildId: string },
): Promise<RunRecord | undefined> {
  const [row] = await db.query<AsRow<RunRecord>>(
    `SELECT ${SUMMARY}, ${PROWJOB} AS prowjob FROM runs WHERE build_id = $2 AND job = $1
     ORDER BY created_at DESC LIMIT 1`,
    [job, buildId],
  );
  return row;
}

/** Which runs are wanted; a field that is absent does not filter. */
export interface RunFilter {
  readonly org?: string;
  readonly repo?: string;
  readonly number?: number;
  readonly job?: string;
  /** Job names with `*` for any text. */
  readonly jobGlob?: string;
  readonly type?: RunType;
  readonly state?: RunState;
  readonly author?: string;
  readonly cluster?: string;
}

/** Which part of a list: what follows the row `after`, newest first. */
export interface RunPage {
  readonly after?: Pick<RunSummary, 'createdAt' | 'uuid'>;
  readonly limit?: number;
}

const WHERE = `
  ($1::text IS NULL OR lower(org) = lower($1)) AND ($2::text IS NULL OR lower(repo) = lower($2))
  AND ($3::integer IS NULL OR number = $3) AND ($4::text IS NULL OR job = $4)
  AND ($5::text IS NULL OR type = $5) AND ($6::text IS NULL OR state = $6)
  AND ($7::text IS NULL OR lower(author) = lower($7)) AND ($8::text IS NULL OR cluster = $8)
  AND ($9::text IS NULL OR job LIKE $9)`;

const ORDER = `AND ($10::timestamptz IS NULL OR (created_at, uuid) < ($10, $11::uuid))
  ORDER BY created_at DESC, uuid DESC LIMIT $12`;

/** Runs, newest first. */
export async function listRuns(
  db: Queryable,
  filter: RunFilter = {},
  page: RunPage = {},
): Promise<readonly RunSummary[]> {
  return db.query<AsRow<RunSummary>>(`SELECT ${SUMMARY} FROM runs WHERE ${WHERE} ${ORDER}`, [
    ...filterValues(filter),
    ...pageValues(page),
  ]);
}

/** ProwJob objects, newest first: what `/prowjobs.js` serves. */
export async function listProwJobs(
  db: Queryable,
  filter: RunFilter = {},
  page: RunPage = {},
): Promise<readonly unknown[]> {
  const rows = await db.query<{ prowjob: unknown }>(
    `SELECT ${PROWJOB} AS prowjob FROM runs WHERE ${WHERE} ${ORDER}`,
    [...filterValues(filter), ...pageValues(page)],
  );
  return rows.map((row) => row.prowjob);
}

/** The newest run of each job, of what the filter names: a pull request's or a branch's present state. */
export async function latestRuns(db: Queryable, filter: RunFilter): Promise<readonly RunSummary[]> {
  return db.query<AsRow<RunSummary>>(
    `SELECT DISTINCT ON (job) ${SUMMARY} FROM runs WHERE ${WHERE}
     ORDER BY job, created_at DESC, uuid DESC`,
    filterValues(filter),
  );
}

/** How often a value of a field occurs. */
export interface Facet {
  readonly field: 'state' | 'type' | 'repository' | 'job';
  readonly value: string;
  readonly count: number;
}

/** Facets count the newest runs only: a list of choices need not be exact, and must be quick. */
const FACET_ROWS = 20_000;

/** What one can filter by, and how many runs that would leave, most frequent first. */
export async function countRuns(db: Queryable, filter: RunFilter = {}): Promise<readonly Facet[]> {
  return db.query<AsRow<Facet>>(
    `WITH newest AS (
       SELECT state, type, job, org || '/' || repo AS repository FROM runs WHERE ${WHERE}
       ORDER BY created_at DESC LIMIT ${FACET_ROWS})
     SELECT field, value, count(*) AS count FROM newest, LATERAL (VALUES
       ('state', state), ('type', type), ('repository', repository), ('job', job)) AS f (field, value)
     GROUP BY field, value ORDER BY field, count DESC, value`,
    filterValues(filter),
  );
}

function filterValues(filter: RunFilter): readonly unknown[] {
  return [
    filter.org ?? null,
    filter.repo ?? null,
    filter.number ?? null,
    filter.job ?? null,
    filter.type ?? null,
    filter.state ?? null,
    filter.author ?? null,
    filter.cluster ?? null,
    filter.jobGlob?.replace(/[\\%_]/g, '\\$&').replaceAll('*', '%') ?? null,
  ];
}

function pageValues({ after, limit }: RunPage): readonly unknown[] {
  return [after?.createdAt ?? null, after?.uuid ?? null, limit ?? 100];
}

import { z } from 'zod';
import type { RunFilter, RunSummary } from '../../activities/database/runs.ts';

const word = z.string().trim().max(300).optional().catch(undefined);

/** The parameters of the list of runs; the first seven are Prow's. */
const schema = z.object({
  type: z.enum(['presubmit', 'postsubmit', 'periodic', 'batch']).optional().catch(undefined),
  state: z
    .enum(['scheduling', 'triggered', 'pending', 'success', 'failure', 'aborted', 'error'])
    .optional()
    .catch(undefined),
  repo: word,
  pull: z.coerce.number().int().positive().max(2_147_483_647).optional().catch(undefined),
  author: word,
  job: word,
  cluster: word,
  after: word,
});

/** What is asked for in the address of the list of runs. */
export type RunQuery = z.output<typeof schema>;

/** Reads the address; what makes no sense is as if it were not there. */
export function parseRunQuery(query: unknown): RunQuery {
  return schema.parse(query ?? {});
}

/** The query for the database. */
export function filterOf({ repo, pull, job, after: _, ...rest }: RunQuery): RunFilter {
  const [org = '', name = ''] = (repo ?? '').split('/');
  return present({
    ...rest,
    org: org || undefined,
    repo: name || undefined,
    number: pull,
    ...(job?.includes('*') ? { jobGlob: job } : { job: job || undefined }),
    author: rest.author || undefined,
    cluster: rest.cluster || undefined,
  });
}

/** Fields that say something. */
function present(filter: { readonly [K in keyof RunFilter]: RunFilter[K] | undefined }): RunFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

/** Where the next page of a list begins, as a parameter. */
export function cursorOf({ createdAt, uuid }: RunSummary): string {
  return `${createdAt}_${uuid}`;
}

const cursor =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The row that a page begins after. */
export function afterOf({ after }: RunQuery): Pick<RunSummary, 'createdAt' | 'uuid'> | undefined {
  const [, createdAt, uuid] = cursor.exec(after ?? '') ?? [];
  if (createdAt === undefined || uuid === undefined) return undefined;
  return Number.isNaN(Date.parse(createdAt)) ? undefined : { createdAt, uuid };
}

/** The address of a list of runs; `change` overrides, and undefined in it removes. */
export function runsAddress(
  query: RunQuery,
  change: { readonly [K in keyof RunQuery]: RunQuery[K] | undefined },
): string {
  const merged = { ...query, after: undefined, ...change };
  const given = Object.entries(merged).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [[key, String(value)]],
  );
  const text = new URLSearchParams(given).toString();
  return text === '' ? '/' : `/?${text}`;
}

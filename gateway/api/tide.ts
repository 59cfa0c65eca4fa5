import type { FastifyInstance } from 'fastify';
import { listMergeHistory, type MergeRecord } from '../../activities/database/merge-history.ts';
import { listPools, type PoolRecord } from '../../activities/database/pools.ts';
import type { TideQuery } from '../../config/prow/tide.ts';
import { tideQueries } from '../../config/tide.ts';
import type { PageDependencies } from '../dependencies.ts';
import { type ShownMember, type ShownMergeEntry, shownMergeEntry, shownPool } from '../records.ts';
import { sendJson } from './answers.ts';

const HISTORY = 1_000;
const TENANTS = ['GlobalDefaultID'];

/** `/tide.js` and `/tide-history.js` in Prow's shape (S§2): Go's field names, empty lists are null. */
export function serveTideJson(app: FastifyInstance, deps: PageDependencies): void {
  app.get<{ Querystring: { var?: unknown } }>('/tide.js', async (request, reply) => {
    const snapshot = deps.snapshot();
    const queries = snapshot ? tideQueries(snapshot) : [];
    const pools = await listPools(deps.database);
    return sendJson(request, reply, {
      Queries: orNull(queries.map(searchText)),
      TideQueries: orNull(queries.map(queryJson)),
      Pools: orNull(pools.map(poolJson).filter((pool) => pool !== undefined)),
    });
  });
  app.get<{ Querystring: { var?: unknown } }>('/tide-history.js', async (request, reply) => {
    const records = await listMergeHistory(deps.database, {}, { limit: HISTORY });
    return sendJson(request, reply, { History: historyJson(records) });
  });
}

function historyJson(records: readonly MergeRecord[]): Record<string, object[]> {
  const history: Record<string, object[]> = {};
  for (const { org, repo, branch, at, record } of records) {
    const entry = entryJson(at, shownMergeEntry(record));
    if (entry === undefined) continue;
    const pool = `${org}/${repo}:${branch}`;
    history[pool] ??= [];
    history[pool]?.push(entry);
  }
  return history;
}

/** Only what Prow keeps: triggers and merges (J§2.7). */
function entryJson(time: string, entry: ShownMergeEntry): object | undefined {
  const { action, baseSha, target, error } = entry;
  if (!/^(TRIGGER|MERGE)(_BATCH)?$/.test(action)) return undefined;
  return {
    time,
    action,
    ...(baseSha ? { baseSHA: baseSha } : {}),
    ...(target.length > 0 ? { target } : {}),
    ...(error ? { err: error } : {}),
    tenantids: TENANTS,
  };
}

/** A pool, in Prow's words; one without members that may merge is none for Prow. */
function poolJson({ org, repo, branch, snapshot }: PoolRecord): object | undefined {
  const shown = shownPool(snapshot);
  const members = shown.members.filter(({ eligible }) => eligible);
  if (members.length === 0) return undefined;
  const passing = members.filter((member) => standing(member) === 'passing');
  const pending = members.filter((member) => standing(member) === 'pending');
  const missing = members.filter((member) => standing(member) === 'missing');
  const batch = shown.batches.find(({ state }) => state === 'pending');
  const inBatch = new Set(batch?.pulls.map(({ number }) => number));
  const target = new Set(shown.target);
  return {
    Org: org,
    Repo: repo,
    Branch: branch,
    SuccessPRs: orNull(passing.map(pullJson)),
    PendingPRs: orNull(pending.map(pullJson)),
    MissingPRs: orNull(missing.map(pullJson)),
    BatchPending: orNull(shown.members.filter(({ number }) => inBatch.has(number)).map(pullJson)),
    Action: shown.action,
    Target: orNull(shown.members.filter(({ number }) => target.has(number)).map(pullJson)),
    Blockers: null,
    Error: shown.error,
    TenantIDs: TENANTS,
  };
}

function standing({ contexts, unfinished }: ShownMember): 'passing' | 'pending' | 'missing' {
  if (contexts.every(({ state }) => state === 'success')) return 'passing';
  if (contexts.some(({ state }) => state === 'missing' || state === 'failure')) return 'missing';
  return unfinished.length > 0 || contexts.some(({ state }) => state === 'pending')
    ? 'pending'
    : 'missing';
}

function pullJson({ title, number, headSha }: ShownMember): object {
  return { Title: title, Number: number, HeadRefOID: headSha, Mergeable: 'MERGEABLE' };
}

/** Fields that say nothing are left out, as Go's `omitempty` does. */
function queryJson(query: TideQuery): object {
  return Object.fromEntries(
    Object.entries(query).filter(([, value]) =>
      Array.isArray(value) ? value.length > 0 : Boolean(value),
    ),
  );
}

/** The GitHub search that a query stands for. */
function searchText(query: TideQuery): string {
  const quoted = (term: string, values: readonly string[]): readonly string[] =>
    values.map((value) => `${term}:"${value}"`);
  return [
    'is:pr',
    'state:open',
    'archived:false',
    ...quoted('org', query.orgs),
    ...quoted('repo', query.repos),
    ...quoted('-repo', query.excludedRepos),
    ...(query.author ? quoted('author', [query.author]) : []),
    ...quoted('-base', query.excludedBranches),
    ...quoted('base', query.includedBranches),
    ...query.labels.map((entry) => `label:${entry.split(',').map(quote).join(',')}`),
    ...quoted('-label', query.missingLabels),
    ...(query.milestone ? quoted('milestone', [query.milestone]) : []),
    ...(query.reviewApprovedRequired ? ['review:approved'] : []),
  ].join(' ');
}

function quote(label: string): string {
  return `"${label.trim()}"`;
}

function orNull<T>(list: readonly T[]): readonly T[] | null {
  return list.length === 0 ? null : list;
}

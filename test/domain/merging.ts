import type {
  EligibilityInput,
  MergePolicy,
  PoolQuery,
} from '../../workflows/domain/merge-policy.ts';
import type { PoolBatch, PoolMember } from '../../workflows/domain/pool.ts';
import type { PullRequestRecord, StatusFact } from '../../workflows/domain/record.ts';
import type { RunReport } from '../../workflows/domain/run.ts';

/** A base SHA, and one that is newer. */
export const BASE = 'b'.repeat(40);
export const NEWER = 'c'.repeat(40);

/** The head of pull request `number`. */
export function head(number: number): string {
  return String(number).padStart(40, '0');
}

/** A run of presubmit `job` for pull request 1 at its head. */
export function run(job: string, change: Partial<RunReport> = {}): RunReport {
  return {
    uuid: `run-${job}`,
    version: 1,
    type: 'presubmit',
    job,
    context: job,
    state: 'success',
    description: 'Job succeeded.',
    url: `https://ci/${job}/1`,
    buildId: '1',
    complete: true,
    createdAt: 1_000,
    headSha: head(1),
    baseRef: 'main',
    baseSha: BASE,
    pulls: [{ number: 1, sha: head(1) }],
    optional: false,
    report: true,
    rerunCommand: `/test ${job}`,
    cause: 'test',
    ...change,
  };
}

/** A status of somebody. */
export function status(state: StatusFact['state'], description = ''): StatusFact {
  return { state, description, targetUrl: 'https://elsewhere', at: '2026-01-01T00:00:00Z' };
}

/** An open pull request about which everything is known. */
export function record(change: Partial<PullRequestRecord> = {}): PullRequestRecord {
  return {
    number: 1,
    title: 'A change',
    author: 'Ann',
    authorType: 'User',
    state: 'open',
    merged: false,
    draft: false,
    headSha: head(1),
    headRef: 'topic',
    headRepository: 'ann/app',
    baseRef: 'main',
    baseSha: BASE,
    mergeable: null,
    htmlUrl: 'https://github.com/acme/app/pull/1',
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-01T00:00:00Z',
    labels: labels('lgtm', 'approved'),
    labelsComplete: true,
    assignees: [],
    milestone: '',
    comments: [],
    commentsComplete: true,
    statuses: {},
    statusesComplete: true,
    runs: {},
    adopted: false,
    generation: 1,
    ...change,
  };
}

/** Labels that are there. */
export function labels(...names: readonly string[]): PullRequestRecord['labels'] {
  return Object.fromEntries(
    names.map((name) => [name, { present: true, at: '2026-01-01T00:00:00Z' }]),
  );
}

/** A query that asks for nothing. */
export function query(change: Partial<PoolQuery> = {}): PoolQuery {
  return {
    author: '',
    milestone: '',
    labels: [],
    missingLabels: [],
    includedBranches: [],
    excludedBranches: [],
    reviewApprovedRequired: false,
    ...change,
  };
}

/** A policy with one query that asks for nothing. */
export function policy(change: Partial<MergePolicy> = {}): MergePolicy {
  return {
    configNumber: 3,
    configHash: 'hash',
    queries: [query()],
    displayAllQueries: false,
    requiredContexts: [],
    optionalContexts: [],
    requiredIfPresent: [],
    skipUnknown: false,
    mergeMethod: 'merge',
    blocksPolicy: 'permit',
    ...change,
  };
}

/** A question about pull request 1 at base `BASE`. */
export function question(change: Partial<EligibilityInput> = {}): EligibilityInput {
  return { record: record(), policy: policy(), baseSha: BASE, ...change };
}

/** A required presubmit. */
export function presubmit(job: string, conditional = false) {
  return { context: job, job, conditional };
}

/** A member of a pool, eligible, with one required job that is green on `baseSha` (empty: on no base). */
export function member(number: number, change: Partial<PoolMember> & { baseSha?: string } = {}) {
  const { baseSha = '', ...rest } = change;
  const result: PoolMember = {
    number,
    generation: 1,
    title: `Change ${number}`,
    author: 'ann',
    headSha: head(number),
    headRef: `topic-${number}`,
    baseRef: 'main',
    htmlUrl: `https://github.com/acme/app/pull/${number}`,
    labels: [],
    updatedAt: '2026-01-01T00:00:00Z',
    eligible: true,
    explanation: 'In merge pool.',
    requirements: [],
    contexts: [{ context: 'unit', job: 'unit', state: 'success', baseSha, anyBase: false }],
    unfinished: [],
    mergeMethod: 'merge',
    configNumber: 1,
    configHash: 'hash',
    ...rest,
  };
  return result;
}

/** A batch of pull requests on `BASE`. */
export function batch(numbers: readonly number[], state: PoolBatch['state']): PoolBatch {
  return {
    id: `${BASE} ${numbers.join(',')}`,
    baseSha: BASE,
    pulls: numbers.map((number) => ({ number, sha: head(number) })),
    runs: {},
    contexts: ['unit'],
    state,
  };
}

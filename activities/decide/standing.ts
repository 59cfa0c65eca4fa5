import { contextPolicy, isOptionalContext } from '../../config/context-policy.ts';
import { jobsBeforeMerge } from '../../config/matching.ts';
import type { Presubmit } from '../../config/prow/jobs.ts';
import { presubmitsFor } from '../../config/snapshot.ts';
import { mergeMethod, queriesFor, tideSettings } from '../../config/tide.ts';
import { evaluate } from '../../workflows/domain/eligibility.ts';
import type { Facts } from '../../workflows/domain/facts.ts';
import { presentLabels } from '../../workflows/domain/label-facts.ts';
import { OK_TO_TEST } from '../../workflows/domain/label-names.ts';
import type { MergePolicy, RequiredContext } from '../../workflows/domain/merge-policy.ts';
import type { PoolMember } from '../../workflows/domain/pool.ts';
import { wish } from '../../workflows/domain/working-copy.ts';
import type { InRepoConfig } from '../in-repo.ts';
import type { Batch } from './batch.ts';
import { changedPaths } from './job-facts.ts';
import { ownJobsProblem, withOwnJobs } from './own-jobs.ts';
import { knowLabels, knowStatuses } from './reading.ts';

/** Prow's own context; it never counts for merging. */
const TIDE = 'tide';

/**
 * The pull request's standing for merging, and a wish for its `tide` status: one answer for the status, the
 * page and the pool (DESIGN §6). Undefined where nothing could ever merge.
 */
export async function wishStanding(batch: Batch, facts: Facts): Promise<PoolMember | undefined> {
  const { org, repo } = batch.input.repository;
  if (queriesFor(batch.snapshot, org, repo).length === 0) return undefined;
  if (batch.copy.wanted.state === 'closed') return undefined;
  await knowLabels(batch);
  await knowStatuses(batch);
  const record = batch.copy.wanted;
  const policy = await policyOf(batch);
  const candidate = evaluate({ record, policy });
  const member =
    candidate?.eligible === true
      ? evaluate({ record, policy: { ...policy, ...(await allowedMethods(batch)) } })
      : candidate;
  if (member === undefined) return undefined;
  if (candidate?.eligible === true && !member.eligible) batch.lookAgain = SETTINGS_LAST_MS;
  batch.copy = wish(
    batch.copy,
    {
      kind: 'set-status',
      sha: record.headSha,
      context: TIDE,
      state: member.statusState ?? 'pending',
      description: member.explanation,
      targetUrl: targetUrl(batch),
    },
    {
      plugin: 'tide',
      cause: batch.input.items.at(-1)?.event.key ?? '',
      ordinal: 0,
      order: '',
      reason: member.explanation,
    },
  );
  // Asked only of candidates: a batch with a stranger's code must not run where only trusted code may.
  return member.eligible ? { ...member, trusted: await isTrustedPull(facts) } : member;
}

/** For longer than settings are remembered; GitHub tells nobody when they change. */
const SETTINGS_LAST_MS = 11 * 60_000;

/** What the repository's settings allow is asked for candidates only: then a call is worth it (T20). */
async function allowedMethods(batch: Batch): Promise<Pick<MergePolicy, 'allowedMethods'>> {
  const allowed = await batch.sources.github.mergeMethods(batch.input.repository);
  return allowed === undefined ? {} : { allowedMethods: allowed };
}

/** TrustedPullRequest (W§1.1): the author is trusted, or the pull request was declared fit to be tested. */
export async function isTrustedPull(facts: Facts): Promise<boolean> {
  const { author } = facts.pullRequest;
  return (await facts.labels()).has(OK_TO_TEST) || (await facts.trust(author)).trusted;
}

/** What the configuration says about merging this pull request, with patterns resolved to plain lists. */
async function policyOf(batch: Batch): Promise<MergePolicy> {
  const { snapshot, config } = batch;
  const { org, repo } = batch.input.repository;
  const record = batch.copy.wanted;
  const scope = { org, repo, branch: record.baseRef };
  const own = await withOwnJobs(batch);
  const presubmits = presubmitsFor(own.snapshot, org, repo);
  const contexts = contextPolicy(snapshot, { ...scope, presubmits });
  const settings = tideSettings(snapshot, org, repo);
  const method = mergeMethod(snapshot, { ...scope, labels: [...presentLabels(record)] });
  const seen = Object.keys(record.statuses);
  return {
    configNumber: config.number,
    configHash: snapshot.hash,
    queries: queriesFor(snapshot, org, repo),
    displayAllQueries: settings.displayAllQueries,
    requiredContexts: await requiredContexts(batch, presubmits, contexts.required),
    optionalContexts: [
      ...contexts.optional,
      ...seen.filter((context) => isOptionalContext(contexts, context)),
    ],
    requiredIfPresent: contexts.requiredIfPresent,
    skipUnknown: contexts.skipUnknown,
    mergeMethod: method.kind === 'conflict' ? 'conflict' : method.method,
    blocksPolicy: settings.mergeBlocksPolicy,
    ...problemOf(contexts.problems, own),
  };
}

/** Where the repository's own jobs are refused, nobody knows which are required (T39). */
function problemOf(contexts: readonly string[], own: InRepoConfig): { readonly problem?: string } {
  const refused = ownJobsProblem(own);
  const problems = refused === undefined ? contexts : [...contexts, refused];
  return problems.length === 0 ? {} : { problem: problems.join('; ') };
}

async function requiredContexts(
  batch: Batch,
  presubmits: readonly Presubmit[],
  policy: readonly string[],
): Promise<readonly RequiredContext[]> {
  const jobs = await jobsBeforeMerge(presubmits, {
    branch: batch.copy.wanted.baseRef,
    files: () => changedPaths(batch),
  });
  const byContext = new Map(jobs.map((job) => [job.context, job]));
  const names = [...new Set([...policy, ...byContext.keys()])].sort();
  return names.map((context) => {
    // A job that only runs for some changes keeps nobody out by its absence: the pool starts it.
    return {
      context,
      job: byContext.get(context)?.name ?? '',
      conditional: !policy.includes(context),
    };
  });
}

/** Where the status leads: the configured page, or the page of pull requests with a query for this one. */
function targetUrl(batch: Batch): string {
  const { org, repo } = batch.input.repository;
  const { targetUrl: fixed, prStatusBaseUrl } = tideSettings(batch.snapshot, org, repo);
  if (fixed !== '' || prStatusBaseUrl === '') return fixed;
  const { author, headRef } = batch.copy.wanted;
  const name = author.endsWith('[bot]') ? `app/${author.slice(0, -'[bot]'.length)}` : author;
  const query = `is:pr repo:${org}/${repo} author:${name} head:${headRef}`;
  return `${prStatusBaseUrl}?query=${encodeURIComponent(query)}`;
}

import type { PoolQuery } from '../../workflows/domain/merge-policy.ts';
import { objectionToLabels } from '../../workflows/domain/query-labels.ts';
import type { RepositoryName } from '../../workflows/domain/repository.ts';
import type { MergeOutcome, PoolPorts } from '../../workflows/ports.ts';
import type { GitHub } from './client.ts';
import { type Refusal, refusalOf, toFailure } from './http/failure.ts';
import { readBranchHead } from './read/commits.ts';
import { type PullRequestRead, readPull } from './read/pulls.ts';
import { pullPath } from './read/reading.ts';
import { READ_LAG, settled } from './settling.ts';

/** What merging needs. */
export interface MergeDependencies {
  readonly github: GitHub;
  /** The repository's tide queries: one of them must still allow the labels. */
  readonly queries: (
    repository: RepositoryName,
    configHash: string,
  ) => Promise<readonly PoolQuery[]> | readonly PoolQuery[];
  readonly readLagMs?: number;
}

type MergeOrder = Parameters<PoolPorts['mergePullRequest']>[0];
type Method = 'merge' | 'squash' | 'rebase';

const METHODS: readonly Method[] = ['merge', 'squash', 'rebase'];
const CONFLICT = 'PR has a merge conflict.';
const NOT_MERGEABLE = /not mergeable/i;
const BASE_MODIFIED = /base branch was modified/i;
/** Refusals that every other pull request of the batch would get too (J§2.2.5). */
const HOPELESS =
  /not authorized to push|(merge commits|squash merges|rebase merges) are not allowed/i;

function refused(message: string): MergeOutcome {
  return { kind: 'refused', message };
}

function classify({ status, message }: Refusal): MergeOutcome {
  if (status === 409) return refused(`the pull request was modified: ${message}`);
  if (status === 405 && BASE_MODIFIED.test(message)) return { kind: 'base-modified', message };
  if (status === 405 && HOPELESS.test(message)) return { kind: 'stop', message };
  return refused(message);
}

/** GitHub says so of a conflict, and of what it has not looked at yet; which of the two it is it knows a while later. */
function withReason(outcome: MergeOutcome, mergeable: boolean | null | undefined): MergeOutcome {
  if (outcome.kind !== 'refused' || !NOT_MERGEABLE.test(outcome.message)) return outcome;
  if (mergeable === false) return { kind: 'conflict', message: outcome.message };
  return mergeable === null ? { kind: 'outdated', message: outcome.message } : outcome;
}

function alreadyMerged({ mergeCommitSha }: PullRequestRead): MergeOutcome {
  return { kind: 'merged', sha: mergeCommitSha, already: true };
}

/** What forbids merging in the pull request as it is right now. */
function objection(
  pull: PullRequestRead,
  order: MergeOrder,
  queries: readonly PoolQuery[],
): string | undefined {
  if (pull.state !== 'open') return 'the pull request is closed';
  if (pull.headSha !== order.headSha) {
    return `the head moved from ${order.headSha} to ${pull.headSha}`;
  }
  if (pull.baseRef !== order.branch) return `the base branch is ${pull.baseRef} now`;
  return objectionToLabels(queries, pull);
}

async function check(
  { github, queries }: MergeDependencies,
  order: MergeOrder,
): Promise<MergeOutcome | undefined> {
  const { repository, branch, number } = order;
  const options = { purpose: 'merge-check', fresh: true };
  const [pull, base, wanted] = await Promise.all([
    readPull(github, { repository, number }, options),
    readBranchHead(github, { repository, branch }, options),
    queries(repository, order.configHash),
  ]);
  if (pull === undefined) return refused('GitHub does not know this pull request');
  if (pull.merged) return alreadyMerged(pull);
  const reason = objection(pull, order, wanted);
  // A read may lag behind our own writes: a label that we took away may still be there (DESIGN §4).
  if (reason !== undefined) return { kind: 'outdated', message: reason };
  if (pull.mergeable === false) return { kind: 'conflict', message: CONFLICT };
  if (base === order.baseSha) return undefined;
  const message = `${branch} is at ${base ?? 'nothing'}, the tests ran on ${order.baseSha}`;
  return { kind: 'base-modified', message };
}

async function put(github: GitHub, order: MergeOrder, method: Method): Promise<MergeOutcome> {
  const ask = github.ask({ purpose: 'merge', lane: 'merge' });
  try {
    const { data } = await ask('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge', {
      ...pullPath(order),
      sha: order.headSha,
      merge_method: method,
    });
    return { kind: 'merged', sha: data.sha, already: false };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    // A merge whose answer was lost is refused the second time.
    const pull = await readPull(github, order, { purpose: 'merge-check', fresh: true });
    if (pull?.merged === true) return alreadyMerged(pull);
    return withReason(classify(refusal), pull?.mergeable);
  }
}

/** Merges a pull request if it still is what was tested; reads first, so a lost answer does no harm. */
export function createMergeActivity(
  dependencies: MergeDependencies,
): Pick<PoolPorts, 'mergePullRequest'> {
  const { github, readLagMs = READ_LAG } = dependencies;
  return {
    async mergePullRequest(order) {
      const method = METHODS.find((known) => known === order.mergeMethod);
      if (method === undefined) return refused(`no such merge method: ${order.mergeMethod}`);
      if (github.dryRun) return { kind: 'stop', message: 'dry run: nothing is merged' };
      try {
        await settled(readLagMs);
        return (await check(dependencies, order)) ?? (await put(github, order, method));
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal !== undefined) return classify(refusal);
        throw toFailure(error);
      }
    },
  };
}

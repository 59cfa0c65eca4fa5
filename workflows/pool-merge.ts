import { ActivityFailure, condition, isCancellation } from '@temporalio/workflow';
import type { MergeAnswer } from './contract.ts';
import type { PoolMember } from './domain/pool.ts';
import type { PullAtHead } from './domain/pool-action.ts';
import { memberAt, withMerge } from './domain/pool-state.ts';
import { historyOf, type Pool, poolId, publish, stepName } from './pool.ts';
import { mergePullRequest } from './pool-proxies.ts';
import { REFUSED_MS, refuse, refuseConflict } from './pool-refusal.ts';
import type { MergeOutcome, PoolOrder } from './ports.ts';
import { tell } from './proxies.ts';

type MergeOrder = Extract<PoolOrder, { readonly kind: 'merge' | 'merge-batch' }>;

/** What came of one pull request. */
type Result =
  | { readonly kind: 'merged'; readonly sha: string }
  /** GitHub refused: the next one of the batch may still go. */
  | { readonly kind: 'failed'; readonly message: string }
  /** Nothing more of this batch may go. */
  | { readonly kind: 'stop'; readonly message: string };

const ANSWER_MS = 20_000;
/** GitHub needs a moment after a merge before it takes the next one (J§2.2.5). */
const PAUSES_MS = [0, 4_000, 8_000];
/** A pull request that was busy is asked again after this, then after twice as long. */
const BUSY_MS = 15_000;
/** GitHub's reads lag behind its writes by less than this (DESIGN §4). */
const LAG_MS = 5_000;

/** Merges one pull request or a batch in order, each after it said that it may be merged. */
export async function carryOutMerge(pool: Pool, order: MergeOrder): Promise<void> {
  const action = order.kind === 'merge' ? 'MERGE' : 'MERGE_BATCH';
  const record = historyOf(pool, action, order);
  const target = order.pulls.map(({ number }) => number);
  pool.state = { ...pool.state, action, target, reason: order.reason, error: '' };
  // Pages hear of it meanwhile: a merge waits for no database.
  void publish(pool);

  const merged: number[] = [];
  const failures: { readonly number: number; readonly message: string }[] = [];
  let { baseSha } = order;
  for (const pull of order.pulls) {
    const result = await mergeOne(pool, pull, baseSha);
    if (result.kind === 'merged') {
      const { number } = pull;
      const merge = { number, from: baseSha, to: result.sha, now: Date.now() };
      pool.state = withMerge(pool.state, merge);
      merged.push(number);
      baseSha = result.sha;
      continue;
    }
    failures.push({ number: pull.number, message: result.message });
    if (result.kind === 'stop') break;
  }
  const error = errorText(target, merged, failures);
  pool.state = { ...pool.state, error };
  record(error);
  pool.dirty = true;
}

/** Prow's words for a merge that was not whole (J§2.2.5). */
function errorText(
  target: readonly number[],
  merged: readonly number[],
  failures: readonly { readonly number: number; readonly message: string }[],
): string {
  if (failures.length === 0) return '';
  const reasons = failures.map(({ number, message }) => `#${number}: ${message}`).join('; ');
  const failed = failures.map(({ number }) => number).join(' ');
  if (target.length === 1) return `failed merging [${failed}]: ${reasons}`;
  const partial = merged.length === 0 ? '' : `, partial merge [${merged.join(' ')}]`;
  return `failed merging [${failed}] from batch [${target.join(' ')}]${partial}: ${reasons}`;
}

/** Asks and merges, up to three times while GitHub says that the base was modified. */
async function mergeOne(pool: Pool, pull: PullAtHead, baseSha: string): Promise<Result> {
  let message = '';
  for (const [index, pause] of PAUSES_MS.entries()) {
    // A push of somebody else ends the pause: then waiting does not help.
    if (pause > 0 && (await condition(() => movedElsewhere(pool, baseSha), pause))) {
      return refuse(pool, pull, { message: `the base moved to ${pool.pushed}`, pause: BUSY_MS });
    }
    const result = await tryOnce(pool, pull, {
      baseSha,
      token: stepName(pool, `${pull.number}/${index}`),
    });
    if (result.kind !== 'again') return result;
    message = result.message;
  }
  return { ...refuse(pool, pull, { message, pause: REFUSED_MS }), kind: 'failed' };
}

/** One question to the pull request and, if it agrees, one to GitHub. */
async function tryOnce(
  pool: Pool,
  pull: PullAtHead,
  { baseSha, token }: { readonly baseSha: string; readonly token: string },
): Promise<Result | { readonly kind: 'again'; readonly message: string }> {
  const answer = await ask(pool, pull, token);
  if (!answer.allowed) return refuse(pool, pull, { message: answer.reason, pause: BUSY_MS });
  const member = memberAt(pool.state, pull);
  if (member === undefined) return { kind: 'stop', message: 'it left the pool or its head moved' };
  const outcome = await merge(pool, member, baseSha);
  switch (outcome.kind) {
    case 'merged':
      return { kind: 'merged', sha: outcome.sha };
    case 'base-modified':
      return { kind: 'again', message: outcome.message };
    case 'outdated':
    case 'refused': {
      const pause = outcome.kind === 'outdated' ? LAG_MS : REFUSED_MS;
      return { ...refuse(pool, pull, { message: outcome.message, pause }), kind: 'failed' };
    }
    case 'conflict': {
      const { message } = outcome;
      await refuseConflict(pool, pull, { message, baseSha });
      return { kind: 'failed', message };
    }
    case 'stop':
      return refuse(pool, pull, { message: outcome.message, pause: REFUSED_MS });
  }
}

/** The pull request's word, given after it has dealt with all that it was told before (DESIGN §6). */
async function ask(
  pool: Pool,
  pull: PullAtHead,
  token: string,
): Promise<Pick<MergeAnswer, 'allowed' | 'reason'>> {
  const { repository, repositoryId } = pool.input;
  const { number, sha: headSha } = pull;
  await tell({
    to: 'pullRequest',
    input: { repository, repositoryId, number },
    signal: 'mayMerge',
    body: { token, headSha, pool: poolId(pool.input) },
  });
  await condition(() => pool.answer?.token === token, ANSWER_MS);
  const { answer } = pool;
  if (answer?.token !== token) {
    return { allowed: false, reason: 'the pull request did not answer in time' };
  }
  return answer.headSha === headSha ? answer : { allowed: false, reason: 'its head moved' };
}

async function merge(pool: Pool, member: PoolMember, baseSha: string): Promise<MergeOutcome> {
  const { repository, branch } = pool.input;
  const { number, headSha, mergeMethod, configHash } = member;
  try {
    return await mergePullRequest({
      repository,
      branch,
      number,
      headSha,
      baseSha,
      mergeMethod,
      configHash,
    });
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    return { kind: 'stop', message: error.cause?.message ?? error.message };
  }
}

/** Whether somebody else pushed, as far as a push event told. */
function movedElsewhere({ pushed, state }: Pool, baseSha: string): boolean {
  return pushed !== '' && pushed !== baseSha && !state.ownMerges.includes(pushed);
}

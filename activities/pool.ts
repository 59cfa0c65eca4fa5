import { setTimeout as delay } from 'node:timers/promises';
import { v5 as uuidv5 } from 'uuid';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import { tideSettings } from '../config/tide.ts';
import { ids } from '../workflows/contract.ts';
import type { PoolMember } from '../workflows/domain/pool.ts';
import {
  batchId,
  type PoolFacts,
  type PoolStep,
  type PullAtHead,
  takeAction,
  untried,
  withoutBatch,
} from '../workflows/domain/pool-action.ts';
import type { RepositoryName } from '../workflows/domain/repository.ts';
import type { Pull, Refs, RunRequest } from '../workflows/domain/run.ts';
import type { PoolOrder, PoolPorts, PoolQuestion } from '../workflows/ports.ts';
import type { Queryable } from './database/database.ts';
import { appendMergeRecord } from './database/merge-history.ts';
import { savePool } from './database/pools.ts';
import type { BatchCandidate, MergeMethod } from './git/batch.ts';
import type { Mirror } from './git/mirror.ts';
import type { InRepoSource } from './in-repo.ts';

/** What the pool's activities need of the world. */
export interface PoolSources {
  /** The active configuration, at least this number. */
  config(atLeast: number): Promise<{ readonly number: number; readonly snapshot: ConfigSnapshot }>;
  /** Head of a branch, read from GitHub now: never from a cache of ours. */
  readBaseSha(repository: RepositoryName, branch: string): Promise<string>;
  /** Which candidates merge cleanly, alone and one after the other. */
  readonly git: Pick<Mirror, 'pickBatch' | 'mergeTree'>;
  /** For so long tests wait for git to say whether the candidate merges at all; milliseconds, 20 s by default. */
  readonly mergePatience?: number;
  /** Jobs that repositories hold themselves. */
  readonly inRepo?: InRepoSource;
  readonly db: Queryable;
}

/** Namespace of the ids of batch runs. */
const BATCHES = '0b9f6c3e-5a55-5d0b-9f0f-3f6a4d7f2b66';
const LAG_MS = 1_000;
const METHODS: readonly MergeMethod[] = ['merge', 'squash', 'rebase'];

/** The pool's activities, without merging itself (activities/github/merge.ts). */
export function createPoolActivities(
  sources: PoolSources,
): Pick<PoolPorts, 'decidePool' | 'publishPool' | 'recordMerge'> {
  return {
    decidePool: (question) => decidePool(sources, question),
    publishPool: (snapshot) => {
      const { org, repo, branch, version } = snapshot;
      return savePool(sources.db, { org, repo, branch, version, snapshot });
    },
    recordMerge: ({ entry, ...pool }) =>
      appendMergeRecord(sources.db, { ...pool, key: entry.key, at: entry.time, record: entry }),
  };
}

async function decidePool(sources: PoolSources, question: PoolQuestion): Promise<PoolOrder> {
  const { repository, branch, members } = question;
  const baseSha = await sources.readBaseSha(repository, branch);
  const newest = question.ownMerges.at(-1);
  if (newest !== undefined && newest !== baseSha && question.ownMerges.includes(baseSha)) {
    const reason = `GitHub still answers ${baseSha} as head of ${branch}: waiting for our merge ${newest}`;
    return { kind: 'wait', baseSha: newest, reason, againAfter: LAG_MS };
  }
  const numbers = members.map(({ configNumber }) => configNumber);
  const { snapshot } = await sources.config(Math.max(question.configNumber ?? 0, ...numbers));
  const facts = factsOf(question, snapshot, baseSha);
  const step = takeAction(facts);
  if (step.kind !== 'pick-batch') return unlessConflict(sources, question, orderOf(step, baseSha));
  const picked = await sources.git.pickBatch(repository, {
    base: baseSha,
    candidates: step.candidates.flatMap(candidateOf),
    limit: facts.batchLimit,
  });
  const pulls = untried(
    picked.pulls.map(({ number, sha }) => ({ number, sha })),
    question.failedBatches,
    baseSha,
  );
  const alone = (): Promise<PoolOrder> =>
    unlessConflict(sources, question, orderOf(withoutBatch(facts), baseSha));
  if (pulls.length < 2) return alone();
  const own = await sources.inRepo?.read(snapshot, { repository, branch, baseSha, heads: pulls });
  // What each of them may have alone they need not have together.
  if (own !== undefined && own.problems.length > 0) return alone();
  return batchOrder({ question, snapshot: own?.snapshot ?? snapshot, baseSha, pulls });
}

/** Tests of what does not merge would only fail to clone. */
async function unlessConflict(
  { git, mergePatience = 20_000 }: PoolSources,
  { repository }: PoolQuestion,
  order: PoolOrder,
): Promise<PoolOrder> {
  if (order.kind !== 'trigger') return order;
  const { baseSha, number, headSha } = order;
  // What git cannot say just now, or has to clone for, holds no tests up: they find out.
  const late = delay(mergePatience, undefined, { ref: false });
  const asked = git.mergeTree(repository, baseSha, headSha).catch(() => undefined);
  const merged = await Promise.race([asked, late]);
  if (merged?.kind !== 'conflict') return order;
  const reason = `#${number} does not merge onto base ${baseSha}`;
  return { kind: 'conflict', baseSha, number, headSha, reason };
}

function candidateOf({ number, headSha: sha, mergeMethod }: PoolMember): readonly BatchCandidate[] {
  const method = METHODS.find((known) => known === mergeMethod);
  return method === undefined ? [] : [{ number, sha, method }];
}

function factsOf(question: PoolQuestion, snapshot: ConfigSnapshot, baseSha: string): PoolFacts {
  const { org, repo } = question.repository;
  const settings = tideSettings(snapshot, org, repo);
  return {
    baseSha,
    members: question.members,
    batches: question.batches,
    failedBatches: question.failedBatches,
    refused: question.refused ?? [],
    batchLimit: settings.batchSizeLimit,
    priority: settings.priority,
    blocked: '',
    ...(question.serial === undefined ? {} : { serial: question.serial }),
  };
}

function orderOf(step: PoolStep, baseSha: string): PoolOrder {
  switch (step.kind) {
    case 'merge':
      return { kind: 'merge', baseSha, pulls: [step.pull], reason: step.reason };
    case 'merge-batch':
      return { kind: 'merge-batch', baseSha, pulls: step.pulls, reason: step.reason };
    case 'trigger': {
      const { number, sha: headSha } = step.pull;
      return { ...step, number, headSha, baseSha };
    }
    case 'pick-batch':
      return { kind: 'wait', baseSha, reason: 'no batch can be made' };
    case 'blocked':
    case 'wait':
      return { kind: 'wait', baseSha, reason: step.reason };
  }
}

interface BatchPlan {
  readonly question: PoolQuestion;
  readonly snapshot: ConfigSnapshot;
  readonly baseSha: string;
  readonly pulls: readonly PullAtHead[];
}

/** One run per required context of any member: the union of their files asks for the union of their jobs. */
function batchOrder(plan: BatchPlan): PoolOrder {
  const { question, baseSha, pulls } = plan;
  const members = pulls.flatMap(({ number }) =>
    question.members.filter((member) => member.number === number),
  );
  const jobs = new Map(
    members.flatMap(({ contexts }) =>
      contexts.filter(({ job }) => job !== '').map(({ context, job }) => [context, job] as const),
    ),
  );
  const runs = [...jobs].sort().map(([context, job]) => batchRun(plan, members, { context, job }));
  const names = pulls.map(({ number }) => `#${number}`).join(', ');
  const reason = `${names} need ${[...jobs.keys()].sort().join(', ')} together on base ${baseSha}`;
  return { kind: 'trigger-batch', baseSha, pulls, runs, reason };
}

function batchRun(
  { question, snapshot, baseSha, pulls }: BatchPlan,
  members: readonly PoolMember[],
  { context, job }: { readonly context: string; readonly job: string },
): RunRequest {
  const { repository, branch } = question;
  const cause = `pool:${question.cause ?? ''}:${batchId(baseSha, pulls)}`;
  const identity = [cause, `${repository.org}/${repository.repo}`, branch, job, 1];
  return {
    uuid: uuidv5(identity.join(' '), BATCHES),
    type: 'batch',
    job,
    context,
    refs: refsOf(question, { baseSha, link: snapshot.prow.github.link_url, members }),
    configHash: snapshot.hash,
    cause,
    guid: '',
    optional: false,
    report: false,
    rerunCommand: '',
    retest: false,
    byPool: true,
    createdAt: Date.now(),
    trusted: members.every(({ trusted }) => trusted === true),
    owner: ids.pool(repository, branch),
  };
}

function refsOf(
  { repository: { org, repo }, branch }: PoolQuestion,
  {
    baseSha,
    link,
    members,
  }: {
    readonly baseSha: string;
    readonly link: string;
    readonly members: readonly PoolMember[];
  },
): Refs {
  const home = `${link}/${org}/${repo}`;
  return {
    org,
    repo,
    repo_link: home,
    base_ref: branch,
    base_sha: baseSha,
    base_link: `${home}/commit/${baseSha}`,
    pulls: members.map(
      (member): Pull => ({
        number: member.number,
        author: member.author,
        sha: member.headSha,
        title: member.title,
        head_ref: member.headRef,
        link: `${home}/pull/${member.number}`,
        commit_link: `${home}/pull/${member.number}/commits/${member.headSha}`,
        author_link: `${link}/${member.author}`,
      }),
    ),
  };
}

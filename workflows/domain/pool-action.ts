import { countsAt } from './context-standing.ts';
import type { PoolBatch, PoolMember } from './pool.ts';

/** A pull request at a head. */
export interface PullAtHead {
  readonly number: number;
  readonly sha: string;
}

/** All that the next step of a pool depends on. */
export interface PoolFacts {
  readonly baseSha: string;
  /** Eligible pull requests. */
  readonly members: readonly PoolMember[];
  readonly batches: readonly PoolBatch[];
  /** Sets that failed at a base. */
  readonly failedBatches: readonly PoolBatch[];
  /** The serial test that the pool asked for, until it has ended. */
  readonly serial?: PullAtHead;
  /** Not to be merged for now: GitHub or the pull request itself refused (T24). */
  readonly refused: readonly number[];
  /** Below zero: no batches; 0: no limit (J§2.2.4). */
  readonly batchLimit: number;
  /** `tide.priority`: labels that let a pull request go first; entries may hold alternatives. */
  readonly priority: readonly { readonly labels: readonly string[] }[];
  /** Why nothing may merge here, empty if something may. */
  readonly blocked: string;
}

/** What the pool does next. `pick-batch`: git must say which of the candidates merge cleanly together. */
export type PoolStep =
  | { readonly kind: 'blocked' | 'wait'; readonly reason: string }
  | { readonly kind: 'merge-batch'; readonly pulls: readonly PullAtHead[]; readonly reason: string }
  | { readonly kind: 'merge'; readonly pull: PullAtHead; readonly reason: string }
  | { readonly kind: 'pick-batch'; readonly candidates: readonly PoolMember[] }
  | {
      readonly kind: 'trigger';
      readonly pull: PullAtHead;
      readonly contexts: readonly string[];
      readonly reason: string;
    };

/** How a member stands at a base (J§2.2.1); pages group by it. */
export type MemberClass = 'success' | 'pending' | 'missing';

/** Classifies a member: any required job without a result on this base is missing, unless it runs on it. */
export function classOf(member: PoolMember, baseSha: string): MemberClass {
  const open = member.contexts.filter((context) => !countsAt(context, baseSha));
  if (open.length === 0) return 'success';
  return open.every(({ state }) => state === 'pending') ? 'pending' : 'missing';
}

/** The table of J§2.2.3, with one batch or one serial test at a time (DESIGN §6). */
export function takeAction(facts: PoolFacts): PoolStep {
  const { baseSha } = facts;
  if (facts.blocked !== '') return { kind: 'blocked', reason: facts.blocked };
  const current = facts.batches.filter((batch) => batch.baseSha === baseSha);
  const good = current.find((batch) => isMergeable(batch, facts));
  if (good !== undefined) {
    return { kind: 'merge-batch', pulls: good.pulls, reason: `the batch ${list(good)} is green` };
  }
  const pending = current.find(({ state }) => state === 'pending');
  if (pending !== undefined) {
    return { kind: 'wait', reason: `the batch ${list(pending)} is being tested` };
  }
  return mergeOne(facts) ?? testMore(facts);
}

/** The step after git could not make a batch of two: the rest of the table. */
export function withoutBatch(facts: PoolFacts): PoolStep {
  return takeAction({ ...facts, batchLimit: -1 });
}

function isMergeable(batch: PoolBatch, { members, refused }: PoolFacts): boolean {
  const present = batch.pulls.every(({ number, sha }) =>
    members.some((member) => member.number === number && member.headSha === sha),
  );
  return (
    batch.state === 'success' &&
    present &&
    !batch.pulls.some(({ number }) => refused.includes(number))
  );
}

function mergeOne(facts: PoolFacts): PoolStep | undefined {
  const ready = facts.members.filter(
    (member) =>
      classOf(member, facts.baseSha) === 'success' && !facts.refused.includes(member.number),
  );
  const chosen = first(ready, facts.priority);
  if (chosen === undefined) return undefined;
  const reason = `all that #${chosen.number} needs is green on base ${facts.baseSha}`;
  return { kind: 'merge', pull: atHead(chosen), reason };
}

function testMore(facts: PoolFacts): PoolStep {
  const { baseSha, serial } = facts;
  const candidates = facts.members
    .filter((member) => isTestable(member, facts))
    .sort((a, b) => a.number - b.number);
  if (serial !== undefined && isUnderTest(serial, facts)) {
    return { kind: 'wait', reason: `#${serial.number} is being tested on base ${baseSha}` };
  }
  if (facts.batchLimit >= 0 && facts.batchLimit !== 1 && candidates.length > 1) {
    return { kind: 'pick-batch', candidates };
  }
  const chosen = first(candidates, facts.priority);
  return chosen === undefined ? idle(facts) : trigger(chosen, baseSha);
}

/**
 * Fit for a retest: nothing but the base is in its way, and nothing of it runs that the pool did not ask
 * for. What GitHub refused to merge is not tested again either, until something changes.
 */
function isTestable(member: PoolMember, { baseSha, refused }: PoolFacts): boolean {
  if (refused.includes(member.number) || classOf(member, baseSha) !== 'missing') return false;
  return member.contexts.every(({ state }) => state !== 'failure' && state !== 'pending');
}

/** A serial test runs while the pull request is there at the same head and not yet judged at this base. */
function isUnderTest(serial: PullAtHead, { members, baseSha }: PoolFacts): boolean {
  const member = members.find(({ number }) => number === serial.number);
  return member?.headSha === serial.sha && classOf(member, baseSha) !== 'success';
}

function trigger(member: PoolMember, baseSha: string): PoolStep {
  const contexts = member.contexts
    .filter((context) => context.job !== '' && !countsAt(context, baseSha))
    .map(({ context }) => context)
    .sort();
  const reason = `#${member.number} needs ${contexts.join(', ')} on base ${baseSha}`;
  return { kind: 'trigger', pull: atHead(member), contexts, reason };
}

function idle({ members, baseSha, refused }: PoolFacts): PoolStep {
  if (members.length === 0) return { kind: 'wait', reason: 'the pool is empty' };
  const pending = members.filter((member) => classOf(member, baseSha) !== 'success');
  const runs = pending
    .filter(({ number }) => !refused.includes(number))
    .map(({ number }) => number);
  const reason =
    runs.length > 0 ? `tests run for ${numbers(runs)}` : `refused: ${numbers(refused)}`;
  return { kind: 'wait', reason };
}

/** For each entry of the priority list, then for all: the lowest number that has its labels. */
function first(
  members: readonly PoolMember[],
  priority: PoolFacts['priority'],
): PoolMember | undefined {
  const sorted = [...members].sort((a, b) => a.number - b.number);
  for (const { labels } of [...priority, { labels: [] }]) {
    const match = sorted.find((member) => labels.every((entry) => hasOneOf(member, entry)));
    if (match !== undefined) return match;
  }
  return undefined;
}

function hasOneOf({ labels }: PoolMember, entry: string): boolean {
  const wanted = entry.split(',').map((label) => label.trim().toLowerCase());
  return labels.some((label) => wanted.includes(label.toLowerCase()));
}

/**
 * Splits a set until it holds no set that failed at this base: its first half, of at least two. A failed
 * set, or a larger one, would fail again. Empty: nothing is left to test as a batch.
 */
export function untried(
  pulls: readonly PullAtHead[],
  failedBatches: readonly PoolBatch[],
  baseSha: string,
): readonly PullAtHead[] {
  const failed = failedBatches.filter((batch) => batch.baseSha === baseSha);
  let left = pulls;
  while (left.length > 1 && failed.some((batch) => holds(left, batch))) {
    left = left.slice(0, Math.ceil(left.length / 2));
  }
  return left.length > 1 ? left : [];
}

function holds(pulls: readonly PullAtHead[], batch: PoolBatch): boolean {
  return batch.pulls.every((wanted) =>
    pulls.some(({ number, sha }) => number === wanted.number && sha === wanted.sha),
  );
}

/** Identity of a batch: the base and the set of heads. */
export function batchId(baseSha: string, pulls: readonly PullAtHead[]): string {
  const heads = pulls.map(({ number, sha }) => `${number}@${sha}`).sort();
  return `${baseSha} ${heads.join(' ')}`;
}

function atHead({ number, headSha }: PoolMember): PullAtHead {
  return { number, sha: headSha };
}

function list({ pulls }: PoolBatch): string {
  return numbers(pulls.map(({ number }) => number));
}

function numbers(all: readonly number[]): string {
  return all.map((number) => `#${number}`).join(', ');
}

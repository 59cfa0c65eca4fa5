import { askedReport } from './asked-report.ts';
import type { PoolActionName, PoolBatch, PoolMember, PoolRecordEntry } from './pool.ts';
import { batchId, classOf, type PullAtHead } from './pool-action.ts';
import type { RunReport, RunRequest } from './run.ts';

/** Why a member is not merged for now. */
export interface Refusal {
  readonly number: number;
  /** What the member looked like: another look is another chance. */
  readonly look: string;
  readonly baseSha: string;
  readonly message: string;
  /** Milliseconds since 1970: tried again from then on, even if nothing changed that we can see. */
  readonly until: number;
  readonly tries: number;
}

/** A serial test that the pool asked for. */
export interface SerialTest extends PullAtHead {
  readonly baseSha: string;
  readonly askedAt: number;
}

/** All that a pool remembers; plain data, so that it can continue as new. */
export interface PoolState {
  readonly shape: 1;
  readonly baseSha: string;
  /** By number. Only the eligible are kept. */
  readonly members: readonly PoolMember[];
  /** Generation at which a number was last heard of, member or not. */
  readonly generations: Readonly<Record<string, number>>;
  /** Numbers that the pool merged: whatever is still heard of them is late. */
  readonly merged: readonly number[];
  readonly batches: readonly PoolBatch[];
  readonly failedBatches: readonly PoolBatch[];
  /** Bases that the pool merged onto and made, oldest first. */
  readonly ownMerges: readonly string[];
  readonly mergedAt: number;
  readonly refusals: readonly Refusal[];
  readonly serial?: SerialTest;
  /** Grows with every step: names decisions, tokens and history entries. */
  readonly steps: number;
  readonly version: number;
  readonly action: PoolActionName;
  readonly target: readonly number[];
  readonly reason: string;
  readonly error: string;
  /** History that the database has not taken yet. */
  readonly unrecorded: readonly PoolRecordEntry[];
}

/** A state, and the runs that nobody needs any more. */
export interface Settled {
  readonly state: PoolState;
  readonly obsolete: readonly RunReport[];
}

const LONGEST_PAUSE_MS = 6 * 3_600_000;
const REMEMBERED = 500;
const REMEMBERED_BASES = 50;
/** After so long without a sign, a serial test is asked for again. */
const SERIAL_PATIENCE_MS = 600_000;

/** A pool that knows nothing. */
export function emptyPool(): PoolState {
  return {
    shape: 1,
    baseSha: '',
    members: [],
    generations: {},
    merged: [],
    batches: [],
    failedBatches: [],
    ownMerges: [],
    mergedAt: 0,
    refusals: [],
    steps: 0,
    version: 0,
    action: 'WAIT',
    target: [],
    reason: '',
    error: '',
    unrecorded: [],
  };
}

/** Takes over what a pull request says of itself; the highest generation wins, the later of equals. */
export function withMember(state: PoolState, member: PoolMember): PoolState {
  if (isLate(state, member.number, member.generation)) return state;
  if (!member.eligible) return gone(state, member.number, member.generation);
  const others = state.members.filter(({ number }) => number !== member.number);
  const members = [...others, member].sort((a, b) => a.number - b.number);
  const look = lookOf(member);
  return {
    ...heard(state, member.number, member.generation),
    members,
    refusals: state.refusals.filter((one) => one.number !== member.number || one.look === look),
  };
}

/** Lets a pull request go. */
export function withoutMember(
  state: PoolState,
  left: { readonly number: number; readonly generation: number },
): PoolState {
  if (isLate(state, left.number, left.generation)) return state;
  return gone(state, left.number, left.generation);
}

function isLate(state: PoolState, number: number, generation: number): boolean {
  return state.merged.includes(number) || generation < (state.generations[number] ?? 0);
}

function gone(state: PoolState, number: number, generation: number): PoolState {
  return {
    ...heard(state, number, generation),
    members: state.members.filter((member) => member.number !== number),
    refusals: state.refusals.filter((refusal) => refusal.number !== number),
  };
}

/** Members are always remembered; of the others the oldest numbers are forgotten first. */
function heard(state: PoolState, number: number, generation: number): PoolState {
  const members = new Set(state.members.map((member) => String(member.number)));
  const all: Readonly<Record<string, number>> = { ...state.generations, [number]: generation };
  const known = Object.entries(all);
  const others = known.filter(([key]) => !members.has(key) && key !== String(number));
  const forgotten = new Set(others.slice(0, -REMEMBERED).map(([key]) => key));
  return {
    ...state,
    generations: Object.fromEntries(known.filter(([key]) => !forgotten.has(key))),
  };
}

/** The member at a head, if it still is one. */
export function memberAt(
  { members }: PoolState,
  { number, sha }: PullAtHead,
): PoolMember | undefined {
  return members.find((member) => member.number === number && member.headSha === sha);
}

/** A batch whose runs were asked for. */
export function withBatch(
  state: PoolState,
  { baseSha, pulls }: { readonly baseSha: string; readonly pulls: readonly PullAtHead[] },
  runs: readonly RunRequest[],
): PoolState {
  const batch: PoolBatch = {
    id: batchId(baseSha, pulls),
    baseSha,
    pulls,
    runs: Object.fromEntries(runs.map((run) => [run.context, askedReport(run)])),
    contexts: runs.map(({ context }) => context),
    state: 'pending',
  };
  return { ...state, batches: [...state.batches, batch] };
}

/** What one of the pool's runs says. */
export function withRun(state: PoolState, report: RunReport): PoolState {
  return { ...state, batches: state.batches.map((batch) => judged(batch, report)) };
}

function judged(batch: PoolBatch, report: RunReport): PoolBatch {
  const known = batch.runs[report.context];
  if (known?.uuid !== report.uuid || known.version >= report.version) return batch;
  const runs = { ...batch.runs, [report.context]: report };
  const all = batch.contexts.map((context) => runs[context]);
  if (all.some((run) => run?.complete && run.state !== 'success')) {
    return { ...batch, runs, state: 'failure' };
  }
  const done = all.every((run) => run?.state === 'success');
  return { ...batch, runs, state: done ? 'success' : 'pending' };
}

/**
 * Forgets what the newest facts have made void: batches of another base or of members that left or moved,
 * failures and refusals of another base. A failed batch is remembered, so that its set is not tried again.
 */
export function settle(state: PoolState, baseSha: string): Settled {
  const isCurrent = (batch: PoolBatch): boolean =>
    batch.baseSha === baseSha && batch.pulls.every((pull) => memberAt(state, pull) !== undefined);
  const failed = state.batches.filter((batch) => batch.state === 'failure');
  const kept = state.batches.filter((batch) => batch.state !== 'failure' && isCurrent(batch));
  const dropped = state.batches.filter((batch) => !kept.includes(batch));
  const { serial, ...rest } = state;
  const tests = serial !== undefined && serial.baseSha === baseSha ? { serial } : {};
  return {
    state: {
      ...rest,
      ...tests,
      baseSha,
      batches: kept,
      failedBatches: [...state.failedBatches, ...failed].filter((one) => one.baseSha === baseSha),
      refusals: state.refusals.filter((refusal) => refusal.baseSha === baseSha),
    },
    obsolete: dropped.flatMap(({ runs }) => Object.values(runs)).filter((run) => !run.complete),
  };
}

/** A merge of our own; what was the base and what is now are both remembered. */
export function withMerge(
  state: PoolState,
  merge: {
    readonly number: number;
    readonly from: string;
    readonly to: string;
    readonly now: number;
  },
): PoolState {
  const bases = state.ownMerges.at(-1) === merge.from ? [merge.to] : [merge.from, merge.to];
  const { [merge.number]: generation = 0 } = state.generations;
  return {
    ...gone(state, merge.number, generation),
    merged: [...state.merged, merge.number].slice(-REMEMBERED),
    ownMerges: [...state.ownMerges, ...bases].slice(-REMEMBERED_BASES),
    mergedAt: merge.now,
    baseSha: merge.to,
  };
}

/** A refusal, with how long to leave the pull request alone: longer each time in a row. */
export function withRefusal(
  state: PoolState,
  member: PoolMember,
  why: { readonly message: string; readonly now: number; readonly firstPause: number },
): PoolState {
  const before = state.refusals.find(({ number }) => number === member.number);
  const tries = (before?.tries ?? 0) + 1;
  const pause = Math.min(
    why.firstPause * 2 ** (tries - 1),
    Math.max(LONGEST_PAUSE_MS, why.firstPause),
  );
  const refusal: Refusal = {
    number: member.number,
    look: lookOf(member),
    baseSha: state.baseSha,
    message: why.message,
    until: why.now + pause,
    tries,
  };
  const others = state.refusals.filter(({ number }) => number !== member.number);
  return { ...state, refusals: [...others, refusal] };
}

/** Whether something can be merged, or a batch split, at once: then waiting for more facts wins nothing. */
export function isReady({ members, batches, baseSha }: PoolState): boolean {
  const judged = batches.some(({ state }) => state !== 'pending');
  return judged || (baseSha !== '' && members.some((one) => classOf(one, baseSha) === 'success'));
}

/** Whether the next step would be to ask for tests, on a base that is known. */
export function wantsTests({ members, batches, serial, baseSha }: PoolState): boolean {
  if (baseSha === '' || batches.length > 0 || serial !== undefined) return false;
  return members.some((one) => classOf(one, baseSha) === 'missing');
}

/** Numbers to leave alone now. */
export function refusedNow({ refusals }: PoolState, now: number): readonly number[] {
  return refusals.filter(({ until }) => until > now).map(({ number }) => number);
}

/** The serial test that is still worth waiting for. */
export function serialNow({ serial, members }: PoolState, now: number): SerialTest | undefined {
  if (serial === undefined) return undefined;
  const member = members.find(({ number }) => number === serial.number);
  const runs = member?.contexts.some(({ state }) => state === 'pending') === true;
  return runs || now - serial.askedAt < SERIAL_PATIENCE_MS ? serial : undefined;
}

/** When the next timer is due, milliseconds since 1970; undefined if nothing has a time. */
export function nextDue({ refusals, serial }: PoolState, now: number): number | undefined {
  const times = [
    ...refusals.map(({ until }) => until),
    ...(serial === undefined ? [] : [serial.askedAt + SERIAL_PATIENCE_MS]),
  ].filter((time) => time > now);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** What of a member merging depends on. */
function lookOf({
  headSha,
  labels,
  contexts,
  mergeMethod,
  title,
  statusState,
}: PoolMember): string {
  return JSON.stringify({ headSha, labels, contexts, mergeMethod, title, statusState });
}

import {
  ActivityFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  isCancellation,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import {
  type BaseMoved,
  type ConfigChanged,
  type MemberLeft,
  type MergeAnswer,
  type PoolInput,
  SIGNALS,
  STATE_QUERY,
} from './contract.ts';
import type { PoolMember } from './domain/pool.ts';
import {
  emptyPool,
  isReady,
  nextDue,
  type PoolState,
  refusedNow,
  serialNow,
  settle,
  wantsTests,
  withBatch,
  withMember,
  withoutMember,
  withRun,
} from './domain/pool-state.ts';
import type { RunReport } from './domain/run.ts';
import {
  abortRuns,
  announce,
  historyOf,
  lookAgainIn,
  type Pool,
  publish,
  recordHistory,
  stepName,
} from './pool.ts';
import { carryOutMerge } from './pool-merge.ts';
import { decidePool } from './pool-proxies.ts';
import { refuseConflict } from './pool-refusal.ts';
import type { PoolOrder, PoolQuestion } from './ports.ts';
import { startRuns } from './start-runs.ts';
import { tellPull } from './tell-pull.ts';

/** Facts that come together are looked at together. A server's timers are late by up to a second. */
const DEBOUNCE_MS = 200;
/** Before tests are asked for, others get a moment to come along: tested together they cost one test. */
const GATHER_MS = 1_500;
const EMPTY_LINGER_MS = 60_000;
/** Without any event the base is read this often. */
const SLOW_LOOK_MS = 600_000;
const AFTER_FAILURE_MS = 15_000;
const CONTINUE_AT_EVENTS = 1_000;
/** A read that is older than our own merge for longer than this was moved back by somebody. */
const LONGEST_LAG_MS = 300_000;

/**
 * The pool of one branch: what may merge into it, tested on its newest head and merged, one order at a time
 * (DESIGN §6). Its id `pool/ORG/REPO/BRANCH` makes it the only merger of that branch.
 */
export async function mergePool(input: PoolInput): Promise<void> {
  const pool = openPool(input);
  for (;;) {
    const woken = await condition(() => pool.dirty, patience(pool));
    if (!woken && isOver(pool)) return;
    if (woken && !isReady(pool.state)) {
      await sleep(wantsTests(pool.state) ? GATHER_MS : DEBOUNCE_MS);
    }
    pool.dirty = false;
    pool.lookAgain = undefined;
    await takeStep(pool);
    await Promise.all([recordHistory(pool), publish(pool)]);
    if (shouldContinue()) {
      await continueAsNew<typeof mergePool>({ ...input, carried: pool.state });
    }
  }
}

function openPool(input: PoolInput): Pool {
  const pool: Pool = {
    input,
    state: isPoolState(input.carried) ? input.carried : emptyPool(),
    dirty: true,
    pushed: '',
    answer: undefined,
    published: '',
    lookAgain: undefined,
    configNumber: 0,
  };
  const change = (next: PoolState): void => {
    if (next === pool.state) return;
    pool.state = next;
    pool.dirty = true;
  };
  setHandler(defineSignal<[PoolMember]>(SIGNALS.memberChanged), (member) =>
    change(withMember(pool.state, member)),
  );
  setHandler(defineSignal<[MemberLeft]>(SIGNALS.memberLeft), (left) =>
    change(withoutMember(pool.state, left)),
  );
  setHandler(defineSignal<[RunReport]>(SIGNALS.runChanged), (report) =>
    change(withRun(pool.state, report)),
  );
  setHandler(defineSignal<[BaseMoved]>(SIGNALS.baseMoved), ({ after }) => {
    pool.pushed = after;
    pool.dirty = true;
  });
  setHandler(defineSignal<[ConfigChanged]>(SIGNALS.configChanged), ({ number }) => {
    pool.configNumber = Math.max(pool.configNumber, number);
    pool.dirty = true;
  });
  setHandler(defineSignal<[MergeAnswer]>(SIGNALS.mergeAnswer), (answer) => {
    pool.answer = answer;
  });
  setHandler(defineQuery<PoolState>(STATE_QUERY), () => pool.state);
  return pool;
}

function isPoolState(carried: unknown): carried is PoolState {
  return (
    typeof carried === 'object' && carried !== null && 'shape' in carried && carried.shape === 1
  );
}

function isOver({ state, dirty }: Pool): boolean {
  return !dirty && state.members.length === 0 && state.unrecorded.length === 0;
}

function patience(pool: Pool): number {
  const now = Date.now();
  const due = nextDue(pool.state, now) ?? now + SLOW_LOOK_MS;
  const quiet = isOver(pool) ? EMPTY_LINGER_MS : SLOW_LOOK_MS;
  return Math.min(pool.lookAgain ?? quiet, due - now, quiet);
}

function shouldContinue(): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return allHandlersFinished() && (continueAsNewSuggested || historyLength > CONTINUE_AT_EVENTS);
}

/** Looks at everything, decides one order and carries it out. */
async function takeStep(pool: Pool): Promise<void> {
  pool.state = { ...pool.state, steps: pool.state.steps + 1 };
  await settleAt(pool, pool.state.baseSha);
  if (pool.state.members.length === 0) {
    await announce(pool, { action: 'WAIT', target: [], reason: 'the pool is empty' });
    return;
  }
  const order = await decide(pool);
  if (order === undefined) return;
  await settleAt(pool, order.baseSha);
  await carryOut(pool, order);
}

/** Drops what is void at this base, and ends its runs. */
async function settleAt(pool: Pool, baseSha: string): Promise<void> {
  const { state, obsolete } = settle(pool.state, baseSha);
  pool.state = state;
  await abortRuns(obsolete);
}

async function decide(pool: Pool): Promise<PoolOrder | undefined> {
  try {
    return await decidePool(questionOf(pool));
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    const message = error.cause?.message ?? error.message;
    lookAgainIn(pool, AFTER_FAILURE_MS);
    const reason = 'the pool could not be decided; it is tried again';
    await announce(pool, { action: 'WAIT', target: [], reason }, message);
    return undefined;
  }
}

function questionOf(pool: Pool): PoolQuestion {
  const { state, input } = pool;
  const now = Date.now();
  const serial = serialNow(state, now);
  return {
    repository: input.repository,
    branch: input.branch,
    // Requirements are words for people: the decision does not need them.
    members: state.members.map((member) => ({ ...member, requirements: [] })),
    batches: state.batches,
    failedBatches: state.failedBatches,
    ownMerges: now - state.mergedAt < LONGEST_LAG_MS ? state.ownMerges : [],
    merging: false,
    refused: refusedNow(state, now),
    cause: stepName(pool, 'batch'),
    ...(pool.configNumber === 0 ? {} : { configNumber: pool.configNumber }),
    ...(serial === undefined ? {} : { serial: { number: serial.number, sha: serial.sha } }),
  };
}

async function carryOut(pool: Pool, order: PoolOrder): Promise<void> {
  switch (order.kind) {
    case 'wait':
      if (order.againAfter !== undefined) {
        // The longer a read lags, the less often it is worth asking.
        lookAgainIn(pool, Math.max(order.againAfter, (Date.now() - pool.state.mergedAt) / 4));
      }
      return announce(pool, { action: 'WAIT', target: [], reason: order.reason }, pool.state.error);
    case 'merge':
    case 'merge-batch':
      return carryOutMerge(pool, order);
    case 'trigger':
      return carryOutTrigger(pool, order);
    case 'trigger-batch':
      return carryOutBatch(pool, order);
    case 'conflict':
      return carryOutConflict(pool, order);
  }
}

/** Asks a pull request to run its jobs again on the base. */
async function carryOutTrigger(
  pool: Pool,
  order: Extract<PoolOrder, { readonly kind: 'trigger' }>,
): Promise<void> {
  const { number, headSha, baseSha, contexts } = order;
  const pull = { number, sha: headSha };
  historyOf(pool, 'TRIGGER', { baseSha, pulls: [pull] })('');
  pool.state = { ...pool.state, serial: { ...pull, baseSha, askedAt: Date.now() } };
  await tellPull(pool.input, number, {
    kind: 'retest-asked',
    key: `retest:${stepName(pool, `${number}:${headSha}:${baseSha}`)}`,
    guid: '',
    at: new Date().toISOString(),
    sender: '',
    contexts,
    headSha,
    baseSha,
  });
  await announce(pool, { action: 'TRIGGER', target: [number], reason: order.reason });
}

/** The next one may have its turn: this one has something to mend first. */
async function carryOutConflict(
  pool: Pool,
  { number, headSha, baseSha, reason }: Extract<PoolOrder, { readonly kind: 'conflict' }>,
): Promise<void> {
  await refuseConflict(pool, { number, sha: headSha }, { message: reason, baseSha });
  pool.dirty = true;
  await announce(pool, { action: 'WAIT', target: [], reason });
}

/** Starts the runs of a batch. */
async function carryOutBatch(
  pool: Pool,
  order: Extract<PoolOrder, { readonly kind: 'trigger-batch' }>,
): Promise<void> {
  historyOf(pool, 'TRIGGER_BATCH', order)('');
  pool.state = withBatch(pool.state, order, order.runs);
  await startRuns(order.runs);
  const target = order.pulls.map(({ number }) => number);
  await announce(pool, { action: 'TRIGGER_BATCH', target, reason: order.reason });
}

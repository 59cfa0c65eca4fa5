import {
  ActivityFailure,
  ApplicationFailure,
  allHandlersFinished,
  condition,
  defineQuery,
  defineSignal,
  isCancellation,
  log,
  setHandler,
  sleep,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import { applyEffects, type EffectSink, type Parking, park, withdraw } from './apply-effects.ts';
import {
  type AddressedMail,
  type CarriedEntity,
  type EntityInput,
  type MergeQuestion,
  SIGNALS,
  STATE_QUERY,
  type ToldPool,
} from './contract.ts';
import type { Applied } from './domain/applied.ts';
import { withApplied } from './domain/apply-result.ts';
import type { Decision, DecisionInput, MailItem, Undecided } from './domain/decision.ts';
import type { KeyedEffect } from './domain/effect.ts';
import type { DomainEvent } from './domain/event.ts';
import type { PoolMember } from './domain/pool.ts';
import type { PullRequestRecord } from './domain/record.ts';
import { refusalComment } from './domain/refusal.ts';
import { type Mailbox, newsOf, openMailbox, post, takeBatch } from './mailbox.ts';
import { buryEvent, quickly, tell, thoroughly } from './proxies.ts';
import { startRuns } from './start-runs.ts';

/** An event that fails for reasons of its own is tried so often (DESIGN §2.6). */
const TRIES = 5;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 300_000;
/** An event that GitHub or the network keeps from being decided is given up after a day. */
const TRANSIENT_TRIES = 300;
/** Failure types of GitHub, git and the database being away or busy. */
const TRANSIENT = /(Unavailable|Limited|GitFailure)$/;
const CONTINUE_AT_EVENTS = 1_000;
const CONTINUE_AFTER_MS = 7 * 24 * 3_600_000;

/** The state of an entity that decides events: a pull request, an issue, a branch. */
export interface Entity {
  readonly scope: DecisionInput['scope'];
  readonly input: EntityInput;
  readonly mailbox: Mailbox;
  readonly questions: MergeQuestion[];
  readonly parking: Parking;
  /** Events that wait for another try. */
  readonly delayed: Set<MailItem>;
  /** What effects taught while a decision was on its way. */
  readonly late: { readonly keyed: KeyedEffect; readonly applied: Applied }[];
  record: PullRequestRecord | undefined;
  member: PoolMember | undefined;
  told: ToldPool | undefined;
  /** Milliseconds; see `Decision`. */
  lookAgain: number | undefined;
  configNumber: number;
  configHash: string;
  deciding: boolean;
  readonly startedAt: number;
}

/** Opens an entity, registers its handlers, and takes up what the run before left waiting. */
export function openEntity(scope: Entity['scope'], input: EntityInput): Entity {
  const { carried } = input;
  const entity: Entity = {
    scope,
    input,
    mailbox: openMailbox(carried),
    questions: [],
    parking: { effects: new Map() },
    delayed: new Set(),
    late: [],
    record: carried?.record,
    member: carried?.member,
    told: carried?.told,
    lookAgain: carried?.lookAgain,
    configNumber: carried?.configNumber ?? 0,
    configHash: '',
    deciding: false,
    startedAt: Date.now(),
  };
  setHandler(defineSignal<[AddressedMail]>(SIGNALS.mail), (mail) =>
    post(entity.mailbox, mail.events),
  );
  setHandler(defineSignal<[MergeQuestion]>(SIGNALS.mayMerge), (question) => {
    entity.questions.push(question);
  });
  setHandler(defineQuery<CarriedEntity>(STATE_QUERY), () => carry(entity));
  for (const keyed of carried?.parked ?? []) park(sinkOf(entity), { ...keyed, again: true });
  return entity;
}

/** Waits for something to do; false when nothing came for `idle` (undefined: for ever). */
export async function waitForWork(entity: Entity, idle?: number): Promise<boolean> {
  if (idle !== undefined) return condition(() => hasWork(entity), idle);
  await condition(() => hasWork(entity));
  return true;
}

/** Whether events or questions wait. */
export function hasWork(entity: Entity): boolean {
  return entity.mailbox.items.length > 0 || entity.questions.length > 0;
}

/** Whether the history is long or old enough to begin a new run. */
export function shouldContinue(entity: Entity): boolean {
  const info = workflowInfo();
  return (
    allHandlersFinished() &&
    (info.continueAsNewSuggested ||
      info.historyLength > CONTINUE_AT_EVENTS ||
      Date.now() - entity.startedAt > CONTINUE_AFTER_MS)
  );
}

/** What the next run begins with. No await may stand between this and `continueAsNew`. */
export function carry(entity: Entity): CarriedEntity {
  return {
    ...(entity.record === undefined ? {} : { record: entity.record }),
    ...(entity.member === undefined ? {} : { member: entity.member }),
    ...(entity.told === undefined ? {} : { told: entity.told }),
    ...(entity.lookAgain === undefined ? {} : { lookAgain: entity.lookAgain }),
    mailbox: [...entity.mailbox.items, ...entity.delayed],
    seen: [...entity.mailbox.seen],
    configNumber: entity.configNumber,
    parked: [...entity.parking.effects.values()].map(({ keyed }) => keyed),
  };
}

/** Decides all waiting events and carries the decisions out; gives back what it decided. */
export async function drainMailbox(entity: Entity): Promise<readonly DomainEvent[]> {
  const drained: DomainEvent[] = [];
  while (entity.mailbox.items.length > 0) {
    const batch = takeBatch(entity.mailbox);
    drained.push(...batch.map(({ event }) => event));
    const news = newsOf(batch, entity.record);
    if (news.length === 0) continue;
    for (const decision of await decideBatch(entity, news)) await carryOut(entity, news, decision);
  }
  return drained;
}

async function decideBatch(
  entity: Entity,
  items: readonly MailItem[],
): Promise<readonly Decision[]> {
  entity.deciding = true;
  entity.late.length = 0;
  try {
    return [await decideOnce(entity, items)];
  } catch (error) {
    if (isCancellation(error)) throw error;
    entity.deciding = false;
    if (items.length > 1) return decideOneByOne(entity, items);
    const [item] = items;
    if (item !== undefined) await tryLater(entity, item, complaint(error));
    return [];
  }
}

/** One bad event does not take its neighbours along. */
async function decideOneByOne(
  entity: Entity,
  items: readonly MailItem[],
): Promise<readonly Decision[]> {
  for (const item of items) {
    for (const decision of await decideBatch(entity, [item])) {
      await carryOut(entity, [item], decision);
    }
  }
  return [];
}

async function decideOnce(entity: Entity, items: readonly MailItem[]): Promise<Decision> {
  const info = workflowInfo();
  const question: DecisionInput = {
    entity: info.workflowId,
    scope: entity.scope,
    repository: entity.input.repository,
    repositoryId: entity.input.repositoryId,
    number: entity.input.number,
    ...(entity.record === undefined ? {} : { record: entity.record }),
    items,
    waiting: [...entity.parking.effects.values()].map(({ keyed }) => keyed),
    now: Date.now(),
    configNumber: Math.max(entity.configNumber, ...items.map(askedConfig)),
    quick: true,
  };
  const quick = await decideQuickly(question);
  const decision = quick ?? (await thoroughly.decide({ ...question, quick: false }));
  if (decision.configNumber >= question.configNumber) return decision;
  // Taken, it would bring back what a newer configuration has changed.
  throw ApplicationFailure.create({
    type: 'ConfigUnavailable',
    message: `the answer is of configuration ${decision.configNumber}, but ${question.configNumber} is known`,
  });
}

/** What an event tells of the configuration: an answer of an older one would not be about it. */
function askedConfig({ event }: MailItem): number {
  return event.kind === 'recheck' ? (event.configNumber ?? 0) : 0;
}

async function decideQuickly(question: DecisionInput): Promise<Decision | undefined> {
  try {
    const decision = await quickly.decide(question);
    return decision.needsOrdinary ? undefined : decision;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return undefined;
  }
}

async function carryOut(
  entity: Entity,
  items: readonly MailItem[],
  decision: Decision,
): Promise<void> {
  entity.deciding = false;
  entity.configNumber = Math.max(entity.configNumber, decision.configNumber);
  entity.configHash = decision.configHash;
  entity.record = decision.record;
  entity.member = decision.member;
  entity.lookAgain = decision.lookAgain;
  for (const key of decision.heard) entity.mailbox.seen.add(key);
  for (const { keyed, applied } of entity.late.splice(0)) learn(entity, keyed, applied);

  for (const key of decision.withdrawn) await withdraw(entity.parking, key);
  await Promise.all([
    applyEffects(sinkOf(entity), decision.effects),
    startRuns(decision.runs),
    ...decision.aborts.map(({ uuid, description, superseded }) =>
      tell({ to: 'job', uuid, signal: 'abort', body: { description, superseded } }),
    ),
  ]);
  const decided = [...items, ...(decision.madeUp ?? [])];
  for (const undecided of decision.undecided) await retryUndecided(entity, decided, undecided);
}

function sinkOf(entity: Entity): EffectSink {
  return {
    target: {
      repository: entity.input.repository,
      number: entity.input.number,
      entity: workflowInfo().workflowId,
      configHash: entity.configHash,
    },
    parking: entity.parking,
    learn: (keyed, applied) => learn(entity, keyed, applied),
  };
}

function learn(entity: Entity, keyed: KeyedEffect, applied: Applied): void {
  if (entity.deciding) entity.late.push({ keyed, applied });
  if (entity.record !== undefined) entity.record = withApplied(entity.record, keyed, applied);
  if (applied.kind === 'done') return;
  log.warn('effect not carried out', { key: keyed.key, ...applied });
  const answer = refusalComment(keyed, applied);
  if (answer !== undefined) park(sinkOf(entity), answer);
}

async function retryUndecided(
  entity: Entity,
  items: readonly MailItem[],
  undecided: Undecided,
): Promise<void> {
  const item = items.find(({ event }) => event.key === undecided.eventKey);
  if (item === undefined) return;
  await tryLater(entity, { ...item, plugins: [undecided.plugin] }, undecided);
}

interface Complaint {
  readonly message: string;
  readonly transient: boolean;
}

function complaint(error: unknown): Complaint {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const message = cause instanceof Error ? cause.message : String(cause);
  const type = cause instanceof ApplicationFailure ? (cause.type ?? '') : '';
  // That the worker died while it decided says nothing of the event.
  const died = cause instanceof TimeoutFailure && cause.timeoutType === 'HEARTBEAT';
  return { message, transient: died || TRANSIENT.test(type) };
}

async function tryLater(entity: Entity, item: MailItem, why: Complaint): Promise<void> {
  const most = why.transient ? TRANSIENT_TRIES : TRIES;
  if (item.attempt >= most) {
    await bury(entity, item, why.message);
    return;
  }
  const again: MailItem = { ...item, attempt: item.attempt + 1 };
  entity.delayed.add(again);
  void sleep(pauseBefore(again.attempt)).then(() => {
    entity.delayed.delete(again);
    entity.mailbox.items.push(again);
  });
}

function pauseBefore(attempt: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 2), LONGEST_PAUSE_MS);
}

async function bury(entity: Entity, item: MailItem, message: string): Promise<void> {
  const plugin = item.plugins?.join(', ') ?? '';
  log.error('event given up', { key: item.event.key, plugin });
  const { repository, number } = entity.input;
  await buryEvent({
    entity: workflowInfo().workflowId,
    repository,
    number,
    event: item.event,
    plugin,
    message,
  });
}

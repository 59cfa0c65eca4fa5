import { continueAsNew } from '@temporalio/workflow';
import { type EntityInput, ids, type MergeAnswer, type MergeQuestion } from './contract.ts';
import type { PoolMember } from './domain/pool.ts';
import {
  carry,
  drainMailbox,
  type Entity,
  hasWork,
  openEntity,
  shouldContinue,
  waitForWork,
} from './entity.ts';
import { post } from './mailbox.ts';
import { tell } from './proxies.ts';

/** A closed pull request is kept in mind this long: late events need no re-reading. */
const CLOSED_LINGER_MS = 120_000;

/**
 * One pull request, from opened to closed: the order of its events, its runs, its statuses and its own
 * standing for merging (DESIGN §3). Its id `pr/ORG/REPO/N` is its lock.
 */
export async function pullRequest(input: EntityInput): Promise<void> {
  const entity = openEntity('pull-request', input);
  for (;;) {
    const woken = await waitForWork(entity, patienceOf(entity));
    if (!woken) lookAgain(entity);
    await work(entity);
    if (hasWork(entity)) continue;
    if (!woken && isOver(entity)) return;
    if (shouldContinue(entity)) {
      await continueAsNew<typeof pullRequest>({ ...input, carried: carry(entity) });
    }
  }
}

function patienceOf(entity: Entity): number | undefined {
  return isOver(entity) ? CLOSED_LINGER_MS : entity.lookAgain;
}

async function work(entity: Entity): Promise<void> {
  await drainMailbox(entity);
  await tellPool(entity);
  // A /hold that came while the pool was told is decided before any question is answered (DESIGN §6).
  if (entity.mailbox.items.length > 0) return;
  const question = entity.questions.shift();
  if (question !== undefined) await answer(entity, question);
}

function isOver(entity: Entity): boolean {
  const idle = entity.parking.effects.size === 0 && entity.delayed.size === 0;
  return idle && (entity.record === undefined || entity.record.state === 'closed');
}

/** What its standing rests on may have changed without a sign. */
function lookAgain(entity: Entity): void {
  if (isOver(entity)) return;
  const at = new Date().toISOString();
  const why = 'what nobody tells of may have changed';
  post(entity.mailbox, [{ kind: 'recheck', key: `again:${at}`, guid: '', at, sender: '', why }]);
}

/** Tells the pool the whole standing when it changed, and takes leave when it is no candidate any more. */
async function tellPool(entity: Entity): Promise<void> {
  const { record, member, told } = entity;
  if (record === undefined) return;
  const candidate = record.state === 'open' && member?.eligible === true;
  const branch = candidate ? record.baseRef : undefined;
  if (told !== undefined && told.branch !== branch) {
    await leavePool(entity, told.branch);
    entity.told = undefined;
  }
  if (!candidate || member === undefined) return;
  const content = contentOf(member);
  if (entity.told?.content === content) return;
  await tell({
    to: 'mergePool',
    input: poolInput(entity, record.baseRef),
    signal: 'memberChanged',
    body: { ...member, generation: record.generation },
  });
  entity.told = { branch: record.baseRef, content };
}

async function leavePool(entity: Entity, branch: string): Promise<void> {
  const { record } = entity;
  await tell({
    to: 'mergePool',
    input: poolInput(entity, branch),
    signal: 'memberLeft',
    body: {
      number: entity.input.number,
      generation: record?.generation ?? 0,
      merged: record?.merged ?? false,
    },
  });
}

function contentOf(member: PoolMember): string {
  const { generation: _generation, updatedAt: _updatedAt, ...rest } = member;
  return JSON.stringify(rest);
}

function poolInput({ input }: Entity, branch: string) {
  return { repository: input.repository, repositoryId: input.repositoryId, branch };
}

/** Answers the pool after all that arrived before the question has been decided. */
async function answer(entity: Entity, question: MergeQuestion): Promise<void> {
  const reason = objection(entity, question);
  const body: MergeAnswer = {
    token: question.token,
    number: entity.input.number,
    headSha: question.headSha,
    allowed: reason === '',
    reason,
  };
  const branch = question.pool.split('/').slice(3).join('/');
  await tell({
    to: 'mergePool',
    input: poolInput(entity, branch),
    signal: 'mergeAnswer',
    body,
  });
}

function objection(entity: Entity, question: MergeQuestion): string {
  const { record, member } = entity;
  if (record === undefined) return 'nothing is known of this pull request yet';
  if (record.state !== 'open') return 'it is closed';
  if (record.headSha !== question.headSha) return `its head is ${record.headSha} now`;
  if (ids.pool(entity.input.repository, record.baseRef) !== question.pool) {
    return `it goes to ${record.baseRef} now`;
  }
  if (member === undefined || !member.eligible) return member?.explanation ?? 'no query wants it';
  const unsettled = [...entity.parking.effects.keys()].filter((key) => key.startsWith('label:'));
  if (unsettled.length > 0) return `GitHub has not taken ${unsettled.join(', ')} yet`;
  if (entity.delayed.size > 0) return `${entity.delayed.size} event(s) wait to be decided again`;
  return '';
}

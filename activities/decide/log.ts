import { causeInWords } from '../../workflows/domain/cause-words.ts';
import type { Decision, MailItem } from '../../workflows/domain/decision.ts';
import { effectInWords } from '../../workflows/domain/effect-words.ts';
import type { Batch } from './batch.ts';

/**
 * Writes a decision down for the pages: what was asked, what came out, why. A database that is away loses
 * no intent (the answer is in the workflow's history), so it only costs a line in the log.
 */
export async function writeDown(
  batch: Batch,
  items: readonly MailItem[],
  decision: Decision,
): Promise<void> {
  const { input, sources } = batch;
  const { record } = decision;
  const writes: Promise<void>[] = [];
  if (isWorthALine(decision)) writes.push(sources.log.record(lineOf(batch, items, decision)));
  if (record !== undefined) {
    const key = { ...input.repository, repositoryId: input.repositoryId };
    writes.push(sources.log.publish(key, { record, member: decision.member ?? null }));
  }
  for (const result of await Promise.allSettled(writes)) {
    if (result.status === 'rejected') {
      sources.warn('decision not written down', {
        entity: input.entity,
        error: `${result.reason}`,
      });
    }
  }
}

function isWorthALine({ effects, runs, aborts, undecided }: Decision): boolean {
  return effects.length + runs.length + aborts.length + undecided.length > 0;
}

function lineOf(batch: Batch, items: readonly MailItem[], decision: Decision) {
  const { input } = batch;
  const first = items[0]?.event.key ?? '';
  return {
    id: `${input.entity} ${input.now} ${first} ${items[0]?.attempt ?? 1}`,
    entity: input.entity,
    at: new Date(input.now).toISOString(),
    configHash: decision.configHash,
    events: items.map(({ event }) => ({
      kind: event.kind,
      key: event.key,
      guid: event.guid,
      at: event.at,
      sender: event.sender,
    })),
    effects: [
      ...decision.effects.map(({ key, effect }) => ({ key, kind: effect.kind })),
      ...decision.runs.map(({ uuid, job }) => ({ key: `run:${job}`, kind: 'start-run', uuid })),
      ...decision.aborts.map(({ uuid }) => ({ key: `run:${uuid}`, kind: 'abort-run', uuid })),
    ],
    reasons: [
      ...decision.effects.map(({ key, plugin, reason, effect }) => ({
        key,
        plugin,
        reason,
        effect: effectInWords(effect),
      })),
      ...decision.runs.map(({ job, cause }) => ({
        key: `run:${job}`,
        plugin: 'trigger',
        reason: `Asked for by: ${causeInWords(cause)}.`,
        effect: `run ${job}`,
      })),
      ...decision.undecided.map(({ plugin, message }) => ({
        key: 'undecided',
        plugin,
        reason: message,
      })),
    ],
  };
}

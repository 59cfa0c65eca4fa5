import { z } from 'zod';
import type { EventText } from '../../workflows/domain/event.ts';
import type { Database } from '../database/database.ts';
import { saveDecision } from '../database/decisions.ts';
import { readDelivery } from '../database/deliveries.ts';
import { forgetHead, saveOpenHead } from '../database/open-heads.ts';
import { savePullRequest } from '../database/pull-requests.ts';
import { adoptedSince } from '../database/repositories.ts';
import type { DecisionLog, PublishedPull } from './sources.ts';

const spoken = z.object({ body: z.string().nullish() });

/** Where a webhook keeps the text that somebody wrote, most particular first. */
const delivered = z.object({
  comment: spoken.optional(),
  review: spoken.optional(),
  pull_request: spoken.optional(),
  issue: spoken.optional(),
});

const paths = z.array(z.string()).default([]);
const pushed = z.object({
  commits: z.array(z.object({ added: paths, removed: paths, modified: paths })).default([]),
});

/** The decision log on the database. */
export function createDecisionLog(database: Database): DecisionLog {
  return {
    textOf: (text) => textOf(database, text),
    pushedFiles: (deliveryId) => pushedFiles(database, deliveryId),
    adoptedSince: (repository, repositoryId) => adoptedSince(database, repository, repositoryId),
    record: (decision) => saveDecision(database, decision),
    publish: (key, pull) => publish(database, key, pull),
  };
}

async function payloadOf(database: Database, deliveryId: string): Promise<unknown> {
  const delivery = await readDelivery(database, deliveryId);
  if (delivery === undefined) {
    throw new Error(`the delivery ${deliveryId} is not stored any more, and with it what it said`);
  }
  return JSON.parse(Buffer.from(delivery.body).toString('utf8'));
}

async function pushedFiles(database: Database, deliveryId: string): Promise<readonly string[]> {
  const { commits } = pushed.parse(await payloadOf(database, deliveryId));
  return [...new Set(commits.flatMap((one) => [...one.added, ...one.removed, ...one.modified]))];
}

async function textOf(database: Database, text: EventText): Promise<string> {
  if (text.kind === 'inline') return text.text;
  const payload = delivered.parse(await payloadOf(database, text.deliveryId));
  const said = payload.comment ?? payload.review ?? payload.pull_request ?? payload.issue;
  return said?.body ?? '';
}

async function publish(
  database: Database,
  { org, repo, repositoryId }: Parameters<DecisionLog['publish']>[0],
  { record, member }: PublishedPull,
): Promise<void> {
  const key = { org, repo, number: record.number, version: record.generation };
  const head =
    record.state === 'open'
      ? saveOpenHead(database, { ...key, repositoryId, ...record })
      : forgetHead(database, key);
  await Promise.all([
    head,
    savePullRequest(database, { ...key, record: { ...record, member: member ?? null } }),
  ]);
}

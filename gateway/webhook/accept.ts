import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import { deliveryId, storeDelivery } from '../../activities/database/deliveries.ts';
import type { DomainEvent } from '../../workflows/domain/event.ts';
import type { WebhookDependencies } from '../dependencies.ts';
import { eventLabel, type GatewayMetrics } from '../metrics.ts';
import type { Postbox } from './postbox.ts';
import { isKnownEvent, type Reduced, reduce } from './reduce/reduce.ts';

/** A webhook whose signature is right. */
export interface VerifiedWebhook {
  readonly event: string;
  readonly guid: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly payload: unknown;
}

/** The answer to a webhook: 200 means that it is stored durably. */
export interface Answer {
  readonly status: 200 | 503;
  readonly message: string;
}

const OK: Answer = { status: 200, message: 'Event received. Have a nice day.' };

/** What accepting needs. */
export interface AcceptDependencies extends WebhookDependencies {
  readonly log: FastifyBaseLogger;
  readonly metrics: GatewayMetrics;
  readonly postbox: Postbox;
}

/** Without the database a text travels in the signal up to this size (DESIGN §2.1). */
const TRAVELLING_BYTES = 60_000;

/** GitHub gives up after 10 s, and the database may have taken 4; what we cannot place by then it shall see as failed. */
const SIGNAL_TIMEOUT_MS = 5_000;

/** Stores a webhook and hands it to its entity; only then the answer is 200. */
export async function acceptWebhook(
  webhook: VerifiedWebhook,
  deps: AcceptDependencies,
): Promise<Answer> {
  const { event, guid } = webhook;
  const log = deps.log.child({ 'event-type': event, 'event-GUID': guid });
  if (!isKnownEvent(event)) {
    if (event !== 'ping') deps.metrics.dropped.inc({ event_type: eventLabel(event) });
    log.debug('event of a kind that no handler knows');
    return OK;
  }
  const id = deliveryId(guid, header(webhook, 'x-github-hook-installation-target-id'));
  const receivedAt = new Date().toISOString();
  const reduced = reduce(webhook.payload, { event, guid, deliveryId: id, receivedAt });
  if (reduced.kind === 'undecodable') {
    deps.metrics.undecodable.inc({ event_type: eventLabel(event) });
    log.warn({ problem: reduced.problem }, 'event does not have the shape of its kind');
  }
  const storing = store(webhook, { id, receivedAt }, { ...deps, log });
  if (reduced.kind !== 'message') return (await storing) ? OK : unavailable('The database');
  // Whoever takes the event up needs nothing of the delivery: both are stored at the same time.
  if (isWhole(reduced)) {
    const [stored, answer] = await Promise.all([storing, signal(reduced, { ...deps, log })]);
    if (!stored) deps.metrics.degraded.inc();
    return answer;
  }
  if (await storing) return signal(reduced, { ...deps, log });
  deps.metrics.degraded.inc();
  const whole = reduce(webhook.payload, { event, guid, deliveryId: undefined, receivedAt });
  return travel(whole, { ...deps, log });
}

/** Without the database an event takes its text along, if it is not too long. */
async function travel(whole: ReturnType<typeof reduce>, deps: AcceptDependencies): Promise<Answer> {
  if (whole.kind !== 'message' || !travels(whole)) return unavailable('The database');
  return signal(whole, deps);
}

async function store(
  { event, guid, headers, body }: VerifiedWebhook,
  { id, receivedAt }: { readonly id: string; readonly receivedAt: string },
  { database, log }: AcceptDependencies,
): Promise<boolean> {
  const kept = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, String(value)]),
  );
  try {
    await storeDelivery(database, { id, guid, event, headers: kept, body, receivedAt });
    return true;
  } catch (error) {
    log.error({ err: error }, 'the delivery could not be stored');
    return false;
  }
}

async function signal(
  { message, place }: Reduced & { readonly kind: 'message' },
  { postbox, log }: AcceptDependencies,
): Promise<Answer> {
  try {
    await withTimeout(postbox.post(message), SIGNAL_TIMEOUT_MS);
    log.info({ ...place, to: message.to }, 'event handed to its entity');
    return OK;
  } catch (error) {
    log.error({ ...place, err: error }, 'the entity could not be signalled');
    return unavailable('Temporal');
  }
}

/** Whether a message says all that it has to say, and leaves nothing to be read in its delivery. */
function isWhole({ message }: Reduced & { readonly kind: 'message' }): boolean {
  if (message.signal !== 'mail' || !('events' in message.body)) return false;
  return message.body.events.every(
    (event) =>
      !('body' in event && event.body.kind === 'stored') &&
      !(event.kind === 'push' && event.changedFiles === undefined),
  );
}

function travels({ message }: Reduced & { readonly kind: 'message' }): boolean {
  if (message.signal !== 'mail' || !('events' in message.body)) return false;
  return message.body.events.every((event) => textBytes(event) <= TRAVELLING_BYTES);
}

function textBytes(event: DomainEvent): number {
  if (!('body' in event) || event.body.kind === 'stored') return 0;
  return Buffer.byteLength(event.body.text);
}

function unavailable(what: string): Answer {
  return { status: 503, message: `${what} is not available; deliver this event again later.` };
}

async function withTimeout(work: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), milliseconds);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function header({ headers }: VerifiedWebhook, name: string): string {
  return String(headers[name] ?? '');
}

import { confirms } from './domain/absorb.ts';
import type { MailItem } from './domain/decision.ts';
import type { DomainEvent } from './domain/event.ts';
import type { PullRequestRecord } from './domain/record.ts';

/** How many keys an entity remembers: two deliveries of one fact come close together. */
const REMEMBERED_KEYS = 512;
/** One decision takes at most so many events: 2 KB each, far from Temporal's 2 MB. */
const BATCH = 200;

/** An entity's waiting events, each meaning once. */
export interface Mailbox {
  readonly items: MailItem[];
  readonly seen: Set<string>;
}

/** A mailbox, empty or as carried over from the run before. */
export function openMailbox(carried?: {
  readonly mailbox: readonly MailItem[];
  readonly seen: readonly string[];
}): Mailbox {
  return { items: [...(carried?.mailbox ?? [])], seen: new Set(carried?.seen ?? []) };
}

/** Puts events in, except those whose meaning was here before. */
export function post(mailbox: Mailbox, events: readonly DomainEvent[]): void {
  for (const event of events) {
    // Heard again, it is remembered anew: what still comes is what may come once more.
    const isKnown = mailbox.seen.delete(event.key);
    mailbox.seen.add(event.key);
    if (!isKnown) mailbox.items.push({ event, attempt: 1 });
  }
  for (const key of mailbox.seen) {
    if (mailbox.seen.size <= REMEMBERED_KEYS) break;
    mailbox.seen.delete(key);
  }
}

/** Takes the next batch out, oldest first. */
export function takeBatch(mailbox: Mailbox): readonly MailItem[] {
  return mailbox.items.splice(0, BATCH);
}

/**
 * The part of a batch that has to be decided: what the record says already is left out, but only up to the
 * first news, which may change what the record says.
 */
export function newsOf(
  items: readonly MailItem[],
  record: PullRequestRecord | undefined,
): readonly MailItem[] {
  const first = items.findIndex(({ event }) => record === undefined || !confirms(record, event));
  return first < 0 ? [] : items.slice(first);
}

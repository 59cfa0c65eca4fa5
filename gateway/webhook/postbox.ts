import type { AddressedMail, Message } from '../../workflows/contract.ts';
import type { DomainEvent } from '../../workflows/domain/event.ts';
import type { Mailer } from '../dependencies.ts';

/** Messages to the entities that take events. */
export type Mail = Extract<Message, { to: 'pullRequest' | 'issue' | 'commit' | 'branch' }>;

/** One signal carries at most so many events, and about so much text: far below Temporal's 2 MB. */
const MOST_EVENTS = 100;
const MOST_TEXT = 200_000;

/** Hands mail to its entities. */
export interface Postbox {
  /** Resolves when Temporal has the events stored. */
  post(message: Mail): Promise<void>;
}

interface Waiting {
  readonly message: Mail;
  readonly stored: () => void;
  readonly failed: (error: unknown) => void;
}

interface Line {
  readonly waiting: Waiting[];
}

/**
 * One signal per entity at a time: what comes meanwhile goes with the next one. A single webhook is not
 * slowed down, and a burst costs as many signals as Temporal can take.
 */
export function createPostbox(mailer: Mailer): Postbox {
  const lines = new Map<string, Line>();

  async function work(key: string, line: Line): Promise<void> {
    while (line.waiting.length > 0) await send(mailer, takeTogether(line.waiting));
    lines.delete(key);
  }

  return {
    post: (message) =>
      new Promise((stored, failed) => {
        const key = addressOf(message);
        const line = lines.get(key);
        if (line !== undefined) {
          line.waiting.push({ message, stored, failed });
          return;
        }
        const opened: Line = { waiting: [{ message, stored, failed }] };
        lines.set(key, opened);
        void work(key, opened);
      }),
  };
}

function addressOf({ to, input }: Mail): string {
  return JSON.stringify([to, input]);
}

function eventsOf({ body }: Mail): readonly DomainEvent[] {
  return 'events' in body ? body.events : [];
}

function takeTogether(waiting: Waiting[]): readonly Waiting[] {
  let events = 0;
  let size = 0;
  const fits = waiting.findIndex(({ message }, index) => {
    events += eventsOf(message).length;
    size += JSON.stringify(message.body).length;
    return index > 0 && (events > MOST_EVENTS || size > MOST_TEXT);
  });
  return waiting.splice(0, fits < 0 ? waiting.length : fits);
}

async function send(mailer: Mailer, together: readonly Waiting[]): Promise<void> {
  const [first] = together;
  if (first === undefined) return;
  const events = together.flatMap(({ message }) => eventsOf(message));
  try {
    await mailer.signalWithStart(withEvents(first.message, events));
    for (const { stored } of together) stored();
  } catch (error) {
    for (const { failed } of together) failed(error);
  }
}

/** The same envelope with other events in it. */
function withEvents(message: Mail, events: readonly DomainEvent[]): Mail {
  if (message.signal !== 'mail' || !('events' in message.body)) return message;
  const body: AddressedMail = { ...message.body, events };
  switch (message.to) {
    case 'pullRequest':
      return { ...message, signal: 'mail', body };
    case 'issue':
    case 'commit':
    case 'branch':
      return { ...message, body };
  }
}

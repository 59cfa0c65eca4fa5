import type { DomainEvent, EventText } from '../../../workflows/domain/event.ts';
import type { RepositoryName } from '../../../workflows/domain/repository.ts';

/** What is known of a delivery besides its payload. */
export interface Envelope {
  readonly event: string;
  readonly guid: string;
  /** Key of the stored delivery; undefined when it could not be stored, so that texts must travel along. */
  readonly deliveryId: string | undefined;
  readonly receivedAt: string;
}

/** The entity that a delivery belongs to. */
export type Addressee =
  | { readonly to: 'pullRequest' | 'issue'; readonly number: number }
  | { readonly to: 'branch'; readonly ref: string }
  | { readonly to: 'commit'; readonly sha: string };

/** What one delivery comes to: events for one entity. */
export interface Reduction {
  readonly addressee: Addressee;
  readonly events: readonly DomainEvent[];
}

/** What every payload gave: the place, and who did it. */
export interface Origin extends Envelope {
  readonly repository: RepositoryName;
  readonly repositoryId: number;
  readonly sender: string;
}

/** Reduces one kind of payload; undefined where nobody could want it. Throws a ZodError if it is not of its kind. */
export type Reducer = (payload: unknown, origin: Origin) => Reduction | undefined;

/** Texts up to this many bytes of UTF-8 travel in the event. */
const INLINE_BYTES = 1_000;
const MAX_LABELS = 30;
const MAX_ASSIGNEES = 20;

/** A text as the event carries it. */
export function eventText(text: string, { deliveryId }: Envelope): EventText {
  if (deliveryId === undefined || Buffer.byteLength(text) <= INLINE_BYTES) {
    return { kind: 'inline', text };
  }
  return { kind: 'stored', deliveryId, length: text.length };
}

/** Labels and assignees, where they are few enough to travel. */
export function people(of: {
  readonly labels?: readonly { readonly name: string }[] | null | undefined;
  readonly assignees?: readonly { readonly login: string }[] | null | undefined;
}): { readonly labels?: readonly string[]; readonly assignees?: readonly string[] } {
  return {
    ...(of.labels && of.labels.length <= MAX_LABELS
      ? { labels: of.labels.map(({ name }) => name) }
      : {}),
    ...(of.assignees && of.assignees.length <= MAX_ASSIGNEES
      ? { assignees: of.assignees.map(({ login }) => login) }
      : {}),
  };
}

// Blanks within the line only: `\s` would run over thousands of empty lines again from each of them.
const COMMAND_LINE = /^[^\S\n\r\u2028\u2029]*\//m;

/** Whether a text has a line that could be a command. */
export function hasCommandLine(text: string): boolean {
  return COMMAND_LINE.test(text);
}

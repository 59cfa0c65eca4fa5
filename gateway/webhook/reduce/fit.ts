import type {
  DomainEvent,
  EventText,
  PullRequestSnapshot,
} from '../../../workflows/domain/event.ts';

/**
 * An event is at most this big as JSON (DESIGN §2.1), unless its names alone are bigger; a text that could
 * not be stored is not counted.
 */
export const EVENT_BYTES = 2_048;

const CUT = 200;
const MAX_LABELS = 20;

/** Makes an event small enough, giving up first what can be read elsewhere. */
export function fitEvent(event: DomainEvent, deliveryId: string | undefined): DomainEvent {
  let fitted = event;
  for (const shrink of [withoutFiles, storeText(deliveryId), withoutLists, withShortTexts]) {
    if (sizeOf(fitted, deliveryId) <= EVENT_BYTES) return fitted;
    fitted = shrink(fitted);
  }
  return fitted;
}

function sizeOf(event: DomainEvent, deliveryId: string | undefined): number {
  const travelling = deliveryId === undefined && 'body' in event;
  return Buffer.byteLength(JSON.stringify(travelling ? { ...event, body: undefined } : event));
}

function withoutFiles(event: DomainEvent): DomainEvent {
  if (event.kind !== 'push') return event;
  const { changedFiles: _, ...rest } = event;
  return rest;
}

function storeText(deliveryId: string | undefined): (event: DomainEvent) => DomainEvent {
  return (event) => {
    if (deliveryId === undefined || !('body' in event) || event.body.kind === 'stored')
      return event;
    const body: EventText = { kind: 'stored', deliveryId, length: event.body.text.length };
    return { ...event, body };
  };
}

function withoutLists(event: DomainEvent): DomainEvent {
  if (event.kind === 'comment') {
    const { labels: _, assignees: __, ...rest } = event;
    return rest;
  }
  if (event.kind === 'pull-request' || event.kind === 'review') {
    return { ...event, pullRequest: bare(event.pullRequest) };
  }
  // An issue with so many labels shows its first ones; whoever acts on labels asks GitHub.
  if (event.kind === 'issue') return { ...event, labels: event.labels.slice(0, MAX_LABELS) };
  return event;
}

function bare(pull: PullRequestSnapshot): PullRequestSnapshot {
  const { labels: _, assignees: __, ...rest } = pull;
  return rest;
}

/** Texts that only people read, cut where they are long. */
function withShortTexts(event: DomainEvent): DomainEvent {
  switch (event.kind) {
    case 'pull-request':
    case 'review': {
      const { pullRequest: pull } = event;
      return { ...event, pullRequest: { ...pull, title: cut(pull.title) } };
    }
    case 'issue':
      return { ...event, title: cut(event.title) };
    case 'status':
      return { ...event, description: cut(event.description), targetUrl: cutLink(event.targetUrl) };
    case 'push':
      return { ...event, compareUrl: cutLink(event.compareUrl) };
    case 'comment':
    case 'run-changed':
    case 'retest-asked':
    case 'mergeability':
    case 'recheck':
      return event;
  }
}

function cut(text: string): string {
  return text.length <= CUT ? text : `${text.slice(0, CUT - 1)}…`;
}

/** Half a link is none. */
function cutLink(url: string): string {
  return url.length <= 1_000 ? url : '';
}

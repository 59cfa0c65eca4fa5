import { firstRecord } from '../../workflows/domain/absorb.ts';
import type { DecisionInput, MailItem } from '../../workflows/domain/decision.ts';
import type {
  DomainEvent,
  PullRequestEvent,
  PullRequestSnapshot,
} from '../../workflows/domain/event.ts';
import type { PullRequestRecord } from '../../workflows/domain/record.ts';
import type { DecisionSources } from './sources.ts';

/** What a batch begins with: the record, and the events with a lost `opened` put back in front. */
export interface Start {
  readonly record: PullRequestRecord;
  readonly items: readonly MailItem[];
}

/**
 * The record to begin with. A pull request that nobody knew is read once: a young one is a lost `opened`
 * and is treated as such; an older one is adopted, never greeted or tested for being seen (DESIGN §3).
 * Undefined if GitHub does not know it.
 */
export async function startOf(
  input: DecisionInput,
  sources: DecisionSources,
): Promise<Start | undefined> {
  const { record, items } = input;
  if (record !== undefined) return { record, items };
  const opened = items.map(({ event }) => event).find(isOpened);
  if (opened !== undefined) {
    return { record: firstRecord(opened.pullRequest, { sinceOpened: true }), items };
  }
  const snapshot = await sources.github.pullRequest(input.repository, input.number);
  if (snapshot === undefined) return undefined;
  const since = await sources.log.adoptedSince(input.repository, input.repositoryId);
  const lost = snapshot.state === 'open' && snapshot.createdAt >= since;
  const start = firstRecord(snapshot, { sinceOpened: false });
  if (!lost) return { record: start, items };
  return {
    record: { ...start, adopted: false },
    items: [{ event: lostOpened(snapshot), attempt: 1 }, ...items],
  };
}

function isOpened(event: DomainEvent): event is PullRequestEvent {
  return event.kind === 'pull-request' && event.action === 'opened';
}

function lostOpened(snapshot: PullRequestSnapshot): PullRequestEvent {
  return {
    kind: 'pull-request',
    key: `pr:${snapshot.number}:opened`,
    guid: '',
    at: snapshot.createdAt,
    sender: snapshot.author,
    action: 'opened',
    pullRequest: snapshot,
  };
}

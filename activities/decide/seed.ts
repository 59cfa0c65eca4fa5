import { firstRecord } from '../../workflows/domain/absorb.ts';
import type { DecisionInput, MailItem } from '../../workflows/domain/decision.ts';
import type {
  DomainEvent,
  PullRequestEvent,
  PullRequestSnapshot,
} from '../../workflows/domain/event.ts';
import type { PullRequestRecord } from '../../workflows/domain/record.ts';
import type { DecisionSources } from './sources.ts';

/** An opening that is older when it is heard of says nothing of how things stand now. */
const LATE_MS = 10 * 60_000;

/** What a batch begins with: the record, and the events with a lost `opened` put back in front. */
export interface Start {
  readonly record: PullRequestRecord;
  readonly items: readonly MailItem[];
}

/**
 * The record to begin with. A pull request that nobody knew is read once: a young one is a lost `opened`
 * and is treated as such; an older one is adopted, never greeted or tested for being seen (DESIGN §3).
 */
export async function startOf(input: DecisionInput, sources: DecisionSources): Promise<Start> {
  const { record, items } = input;
  if (record !== undefined) return { record, items };
  const opened = items.map(({ event }) => event).find(isOpened);
  if (opened !== undefined && input.now - Date.parse(opened.at) < LATE_MS) {
    return { record: firstRecord(opened.pullRequest, { sinceOpened: true }), items };
  }
  const snapshot = await sources.github.pullRequest(input.repository, input.number);
  if (snapshot === undefined) {
    const { org, repo } = input.repository;
    throw new Error(
      `GitHub does not show the pull request ${org}/${repo}#${input.number} to this bot`,
    );
  }
  if (opened !== undefined) return startLate(snapshot, items);
  const since = await sources.log.adoptedSince(input.repository, input.repositoryId);
  const lost = snapshot.state === 'open' && snapshot.createdAt >= since;
  const start = firstRecord(snapshot, { sinceOpened: false });
  if (!lost) return { record: start, items };
  return {
    record: { ...start, adopted: false },
    items: [{ event: lostOpened(snapshot), attempt: 1 }, ...items],
  };
}

/** Opened a while ago, and heard of only now: as it is today, and never opened again if it is closed. */
function startLate(snapshot: PullRequestSnapshot, items: readonly MailItem[]): Start {
  const record = { ...firstRecord(snapshot, { sinceOpened: false }), adopted: false };
  if (snapshot.state === 'open') return { record, items };
  return { record, items: items.filter(({ event }) => !isOpened(event)) };
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

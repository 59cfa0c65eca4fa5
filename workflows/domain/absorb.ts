import { parseCommands, spokenText } from './command.ts';
import { familyOf } from './comment-family.ts';
import type {
  CommentEvent,
  DomainEvent,
  PullRequestEvent,
  PullRequestSnapshot,
  ReviewEvent,
  StatusEvent,
} from './event.ts';
import { timeOf, withLabelEvent, withLabelSnapshot } from './label-facts.ts';
import type { CommentNote, PullRequestRecord } from './record.ts';
import type { RunReport } from './run.ts';

/** A record made of the first thing that was seen of a pull request. */
export function firstRecord(
  snapshot: PullRequestSnapshot,
  seen: { readonly sinceOpened: boolean },
): PullRequestRecord {
  const empty: PullRequestRecord = {
    ...identity(snapshot),
    labels: {},
    labelsComplete: snapshot.labels !== undefined,
    assignees: snapshot.assignees ?? [],
    milestone: snapshot.milestone ?? '',
    comments: [],
    commentsComplete: seen.sinceOpened,
    // Others may have reported on the commit before it was this pull request's head.
    statuses: {},
    statusesComplete: false,
    runs: {},
    adopted: !seen.sinceOpened,
    generation: 0,
  };
  return withLabelSnapshot(empty, snapshot.labels, snapshot.updatedAt);
}

/** The record after an event: pure, and the same in whatever batch the event comes. */
export function absorb(
  record: PullRequestRecord,
  event: DomainEvent,
  isBot: (login: string) => boolean,
): PullRequestRecord {
  switch (event.kind) {
    case 'pull-request':
      return absorbPullRequest(record, event, isBot);
    case 'comment':
      return absorbComment(record, event, isBot);
    case 'review':
      return absorbReview(record, event);
    case 'status':
      return absorbStatus(record, event, isBot);
    case 'run-changed':
      return absorbRun(record, event.run);
    case 'mergeability':
      return event.headSha === record.headSha ? { ...record, mergeable: event.mergeable } : record;
    case 'push':
    case 'issue':
    case 'retest-asked':
    case 'recheck':
      return record;
  }
}

function identity(snapshot: PullRequestSnapshot) {
  const { labels: _labels, assignees: _assignees, milestone: _milestone, ...rest } = snapshot;
  return rest;
}

function absorbPullRequest(
  record: PullRequestRecord,
  event: PullRequestEvent,
  isBot: (login: string) => boolean,
): PullRequestRecord {
  const labelled = absorbLabelAction(record, event, isBot);
  const { pullRequest } = event;
  if (timeOf(pullRequest.updatedAt) < timeOf(record.updatedAt)) return labelled;

  const moved = pullRequest.headSha !== record.headSha;
  const onOther = moved || pullRequest.baseRef !== record.baseRef;
  const fresh: PullRequestRecord = {
    ...labelled,
    ...identity(pullRequest),
    mergeable: pullRequest.mergeable ?? (onOther ? null : record.mergeable),
    assignees: pullRequest.assignees ?? record.assignees,
    milestone: pullRequest.milestone ?? '',
    ...(moved ? { statuses: {}, statusesComplete: false } : {}),
  };
  return withLabelSnapshot(fresh, pullRequest.labels, pullRequest.updatedAt);
}

function absorbLabelAction(
  record: PullRequestRecord,
  event: PullRequestEvent,
  isBot: (login: string) => boolean,
): PullRequestRecord {
  if (event.label === undefined) return record;
  const known = record.labels[event.label];
  // The echo of our own write, which GitHub's answer already told us of, and which says nothing against what we
  // want since: a comment's delivery may be late, so that its echo is younger than the command.
  const isOld = known?.wished === true || timeOf(known?.at ?? '') >= timeOf(event.at);
  if (isBot(event.sender) && known !== undefined && isOld) return record;
  if (event.action === 'labeled') return withLabelEvent(record, event.label, true, event.at);
  if (event.action === 'unlabeled') return withLabelEvent(record, event.label, false, event.at);
  return record;
}

function absorbComment(
  record: PullRequestRecord,
  event: CommentEvent,
  isBot: (login: string) => boolean,
): PullRequestRecord {
  const labelled = withLabelSnapshot(record, event.labels, event.issueUpdatedAt ?? '');
  if (event.source === 'pull-request-body' || event.source === 'issue-body') return labelled;
  const others = labelled.comments.filter(
    (note) => note.id !== event.id || isReview(note) !== isReview(event),
  );
  if (event.action === 'deleted' && event.source !== 'review') {
    return { ...labelled, comments: others };
  }
  const known = labelled.comments.find(
    (note) => note.id === event.id && isReview(note) === isReview(event),
  );
  const note = noteOf(event, known, isBot);
  return { ...labelled, comments: note === undefined ? others : inOrder([...others, note]) };
}

function isReview(comment: { readonly source: string }): boolean {
  return comment.source === 'review';
}

function noteOf(
  event: CommentEvent,
  known: CommentNote | undefined,
  isBot: (login: string) => boolean,
): CommentNote | undefined {
  const text = event.body.kind === 'inline' ? event.body.text : '';
  const note = {
    id: event.id,
    source: event.source,
    author: event.author,
    authorType: event.authorType,
    createdAt: known?.createdAt ?? event.createdAt,
    updatedAt: event.at,
    htmlUrl: event.htmlUrl,
    ...(known?.reviewState === undefined ? {} : { reviewState: known.reviewState }),
  };
  if (isBot(event.author)) {
    const family = familyOf(text);
    return family === undefined ? undefined : { ...note, body: text, family };
  }
  const body = commandLines(text);
  return body === '' && note.reviewState === undefined ? undefined : { ...note, body };
}

/** The command lines of a comment: all that plugins remember of what people say. */
export function commandLines(text: string): string {
  return parseCommands(spokenText(text))
    .map((command) => command.line)
    .join('\n');
}

function absorbReview(record: PullRequestRecord, event: ReviewEvent): PullRequestRecord {
  const known = record.comments.find((note) => note.id === event.id && isReview(note));
  const text = event.body.kind === 'inline' ? event.body.text : '';
  const note: CommentNote = {
    id: event.id,
    source: 'review',
    author: event.author,
    authorType: event.authorType,
    createdAt: known?.createdAt ?? event.at,
    updatedAt: event.at,
    htmlUrl: event.htmlUrl,
    body: commandLines(text),
    reviewState: event.state,
  };
  const others = record.comments.filter((other) => other !== known);
  return { ...record, comments: inOrder([...others, note]) };
}

function inOrder(notes: readonly CommentNote[]): readonly CommentNote[] {
  return [...notes].sort((a, b) =>
    a.createdAt === b.createdAt ? a.id - b.id : a.createdAt < b.createdAt ? -1 : 1,
  );
}

function absorbStatus(
  record: PullRequestRecord,
  event: StatusEvent,
  isBot: (login: string) => boolean,
): PullRequestRecord {
  if (event.sha !== record.headSha) return record;
  const known = record.statuses[event.context];
  // The echo of our own write: several may bear one second, and the last write is what we know.
  if (known !== undefined && isBot(event.sender)) return record;
  if (known !== undefined && timeOf(known.at) > timeOf(event.at)) return record;
  const { state, description, targetUrl, at } = event;
  return {
    ...record,
    statuses: { ...record.statuses, [event.context]: { state, description, targetUrl, at } },
  };
}

function absorbRun(record: PullRequestRecord, run: RunReport): PullRequestRecord {
  const known = record.runs[run.job];
  const newer =
    known === undefined ||
    run.createdAt > known.createdAt ||
    (run.uuid === known.uuid && run.version > known.version);
  return newer ? { ...record, runs: { ...record.runs, [run.job]: run } } : record;
}

/** Whether the record already says what the event says, so that nothing needs deciding (DESIGN §2.7). */
export function confirms(record: PullRequestRecord, event: DomainEvent): boolean {
  if (event.kind !== 'status') return false;
  if (event.sha !== record.headSha) return true;
  const known = record.statuses[event.context];
  return (
    known !== undefined &&
    known.state === event.state &&
    known.description === event.description &&
    known.targetUrl === event.targetUrl
  );
}

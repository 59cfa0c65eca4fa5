import type { Applied } from './applied.ts';
import type { KeyedEffect } from './effect.ts';
import { withLabelsRead } from './label-facts.ts';
import type { CommentNote, PullRequestRecord } from './record.ts';

/** The record after an effect was carried out: the entity knows at once, the webhook only confirms. */
export function withApplied(
  record: PullRequestRecord,
  keyed: KeyedEffect,
  applied: Applied,
): PullRequestRecord {
  if (applied.kind !== 'done') return record;
  const { effect } = keyed;
  switch (effect.kind) {
    case 'add-label':
    case 'remove-label':
      return withLabelWritten(record, effect, applied);
    case 'assign':
      return { ...record, assignees: applied.assignees ?? record.assignees };
    case 'comment':
    case 'replace-comment':
    case 'prune-comments':
      return withCommentWritten(record, effect, applied);
    case 'edit-comment':
      return {
        ...record,
        comments: record.comments.map((note) =>
          note.id === effect.id ? edited(note, effect.body, applied) : note,
        ),
      };
    case 'set-status':
      return effect.sha === record.headSha ? withStatusWritten(record, effect, applied.at) : record;
    case 'request-review':
    case 'start-run':
    case 'abort-runs':
    case 'approve-workflow-runs':
    case 'rerun-workflow-runs':
      return record;
  }
}

/** A comment that somebody deleted was written anew: then it has another id. */
function edited(note: CommentNote, body: string, applied: Done): CommentNote {
  return {
    ...note,
    id: applied.commentId ?? note.id,
    htmlUrl: applied.commentUrl ?? note.htmlUrl,
    body,
    updatedAt: applied.at,
  };
}

type Done = Extract<Applied, { kind: 'done' }>;

function withLabelWritten(
  record: PullRequestRecord,
  effect: Extract<KeyedEffect['effect'], { kind: 'add-label' | 'remove-label' }>,
  applied: Done,
): PullRequestRecord {
  if (applied.labels !== undefined) {
    return withLabelsRead(record, applied.labels, { at: applied.at, written: effect.label });
  }
  const known = record.labels[effect.label];
  const present = effect.kind === 'add-label';
  return {
    ...record,
    labels: { ...record.labels, [effect.label]: { ...known, present, at: applied.at } },
  };
}

function withStatusWritten(
  record: PullRequestRecord,
  {
    context,
    state,
    description,
    targetUrl,
  }: Extract<KeyedEffect['effect'], { kind: 'set-status' }>,
  at: string,
): PullRequestRecord {
  return {
    ...record,
    statuses: { ...record.statuses, [context]: { state, description, targetUrl, at } },
  };
}

function withCommentWritten(
  record: PullRequestRecord,
  effect: Extract<
    KeyedEffect['effect'],
    { kind: 'comment' | 'replace-comment' | 'prune-comments' }
  >,
  applied: Done,
): PullRequestRecord {
  const gone = new Set(applied.deletedIds ?? []);
  const kept = record.comments.filter(
    (note) => note.source !== 'comment' || (!gone.has(note.id) && note.id !== applied.commentId),
  );
  if (effect.kind === 'prune-comments' || effect.marker === undefined) {
    return { ...record, comments: kept };
  }
  if (applied.commentId === undefined) return { ...record, comments: kept };
  const note: CommentNote = {
    id: applied.commentId,
    source: 'comment',
    author: '',
    authorType: 'Bot',
    createdAt: applied.at,
    updatedAt: applied.at,
    htmlUrl: applied.commentUrl ?? '',
    body: effect.body,
    family: effect.marker,
  };
  return { ...record, comments: [...kept, note] };
}

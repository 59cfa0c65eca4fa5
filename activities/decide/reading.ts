import { commandLines } from '../../workflows/domain/absorb.ts';
import { familyOf } from '../../workflows/domain/comment-family.ts';
import { timeOf, withLabelsRead } from '../../workflows/domain/label-facts.ts';
import type { CommentNote, PullRequestRecord, StatusFact } from '../../workflows/domain/record.ts';
import { learn } from '../../workflows/domain/working-copy.ts';
import { baseHead } from './base-head.ts';
import { type Batch, memoised } from './batch.ts';
import { NeedsOrdinary } from './needs-ordinary.ts';

/** Reads the labels from GitHub, once, where the entity has not seen them all. */
export async function knowLabels(batch: Batch): Promise<void> {
  if (batch.copy.actual.labelsComplete || batch.copy.actual.number === 0) return;
  const { repository, number, now } = batch.input;
  const names = await memoised(batch, 'labels', () =>
    batch.sources.github.labels(repository, number),
  );
  if (batch.copy.actual.labelsComplete) return;
  const at = new Date(now).toISOString();
  batch.copy = learn(batch.copy, (record) => withLabelsRead(record, names, { at }));
}

/** Reads the thread from GitHub, once, where the entity has not seen it from the beginning. */
export async function knowComments(batch: Batch): Promise<void> {
  if (batch.copy.actual.commentsComplete || batch.copy.actual.number === 0) return;
  const { repository, number } = batch.input;
  const read = await memoised(batch, 'comments', () =>
    batch.sources.github.comments(repository, number),
  );
  if (batch.copy.actual.commentsComplete) return;
  const notes = read.flatMap((comment) => remembered(batch, comment));
  batch.copy = learn(batch.copy, (record) => withThread(record, notes));
}

function remembered(batch: Batch, comment: CommentNote): readonly CommentNote[] {
  if (batch.isBot(comment.author)) {
    const family = familyOf(comment.body);
    return family === undefined ? [] : [{ ...comment, family }];
  }
  const body = commandLines(comment.body);
  return body === '' && comment.reviewState === undefined ? [] : [{ ...comment, body }];
}

function withThread(record: PullRequestRecord, notes: readonly CommentNote[]): PullRequestRecord {
  const known = new Set(notes.map((note) => `${note.source} ${note.id}`));
  const newer = record.comments.filter((note) => !known.has(`${note.source} ${note.id}`));
  const comments = [...notes, ...newer].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  return { ...record, comments, commentsComplete: true };
}

/** Reads the statuses of the head from GitHub, once, where the entity has not seen them all. */
export async function knowStatuses(batch: Batch): Promise<void> {
  const { actual } = batch.copy;
  if (actual.statusesComplete || actual.number === 0) return;
  const statuses = await memoised(batch, `statuses ${actual.headSha}`, () =>
    batch.sources.github.statuses(batch.input.repository, actual.headSha),
  );
  // An event of this batch may be about to tell of the younger ones; deciding must not depend on the batch.
  const isPast = ({ at }: StatusFact) => batch.at === '' || timeOf(at) <= timeOf(batch.at);
  const past = Object.entries(statuses).filter(([, status]) => isPast(status));
  batch.copy = learn(batch.copy, (record) => ({
    ...record,
    statuses: { ...Object.fromEntries(past), ...record.statuses },
    statusesComplete: past.length === Object.keys(statuses).length,
  }));
}

/** The files that the pull request changes; inside a workflow task only if they are remembered. */
export async function changedFilesOf(batch: Batch) {
  const comparison = comparisonOf(batch);
  const known = batch.sources.git.knownChangedFiles(comparison);
  if (known !== undefined) return known;
  if (batch.input.quick) throw new NeedsOrdinary('changed files');
  return memoised(batch, `files ${comparison.headSha} ${comparison.baseRef}`, () =>
    batch.sources.git.changedFiles(comparison),
  );
}

/** What the head is compared with. */
export function comparisonOf(batch: Batch) {
  const { baseRef, headSha, number } = batch.copy.wanted;
  const baseSha = () => baseHead(batch, baseRef);
  return { repository: batch.input.repository, number, baseRef, headSha, baseSha };
}

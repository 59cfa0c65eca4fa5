import { refuse } from '../http/errors.ts';
import { timestamp } from '../hub.ts';
import { renderPull, renderReview, renderReviewComment } from '../render/pull.ts';
import type { PullIssue } from '../state/model.ts';
import type { Review, ReviewComment } from '../state/reviews.ts';
import { emit, type Scene } from './emit.ts';
import { touchIssue } from './issues.ts';

const STATES = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
} as const;

/** A comment on the diff before it has an id. */
export interface NewReviewComment {
  readonly path: string;
  readonly body: string;
  readonly line?: number | null | undefined;
  readonly side?: string | undefined;
  readonly inReplyTo?: number | undefined;
}

/** What a review says. */
export interface NewReview {
  /** Without it the review waits until it is submitted. */
  readonly event?: keyof typeof STATES | undefined;
  readonly body?: string | undefined;
  readonly commitId?: string | undefined;
  readonly comments?: readonly NewReviewComment[] | undefined;
}

function emitReview(
  scene: Scene,
  place: { issue: PullIssue; review: Review },
  action: string,
  changes?: Record<string, unknown>,
): void {
  const { hub, repo } = scene;
  emit(scene, {
    event: 'pull_request_review',
    about: `#${place.issue.number} review ${place.review.id}`,
    action,
    payload: () => {
      const review = renderReview(hub, repo, place);
      return {
        review: { ...review, state: place.review.state.toLowerCase() },
        pull_request: renderPull(hub, repo, place.issue),
        ...(changes ? { changes } : {}),
      };
    },
  });
}

function emitReviewComment(
  scene: Scene,
  place: { issue: PullIssue; comment: ReviewComment },
  action: string,
  changes?: Record<string, unknown>,
): void {
  const { hub, repo } = scene;
  emit(scene, {
    event: 'pull_request_review_comment',
    about: `#${place.issue.number} comment ${place.comment.id}`,
    action,
    payload: () => ({
      comment: renderReviewComment(hub, repo, place),
      pull_request: renderPull(hub, repo, place.issue),
      ...(changes ? { changes } : {}),
    }),
  });
}

/** Writes a comment on the diff. */
export function addReviewComment(
  scene: Scene,
  issue: PullIssue,
  input: NewReviewComment & { readonly reviewId?: number },
): ReviewComment {
  const now = timestamp();
  const comment: ReviewComment = {
    id: scene.hub.store.nextId(),
    reviewId: input.reviewId ?? null,
    author: scene.actor.login,
    body: input.body,
    path: input.path,
    line: input.line ?? null,
    side: input.side ?? 'RIGHT',
    commitId: issue.pull.head.sha,
    ...(input.inReplyTo ? { inReplyTo: input.inReplyTo } : {}),
    createdAt: now,
    updatedAt: now,
  };
  issue.pull.reviewComments.push(comment);
  touchIssue(issue);
  emitReviewComment(scene, { issue, comment }, 'created');
  return comment;
}

/** Nobody approves or refuses the own pull request. */
export function refuseOwnReview(
  { actor }: Scene,
  issue: PullIssue,
  event: NewReview['event'],
): void {
  if (event === undefined || event === 'COMMENT' || issue.author !== actor.login) return;
  const verb = event === 'APPROVE' ? 'approve' : 'request changes on';
  refuse(422, `Can not ${verb} your own pull request`);
}

/** Submits a review; the reviewer is no longer asked for one. */
export function submitReview(scene: Scene, issue: PullIssue, input: NewReview): Review {
  const review: Review = {
    id: scene.hub.store.nextId(),
    author: scene.actor.login,
    body: input.body ?? '',
    state: input.event === undefined ? 'PENDING' : STATES[input.event],
    commitId: input.commitId ?? issue.pull.head.sha,
    submittedAt: timestamp(),
  };
  issue.pull.reviews.push(review);
  if (review.state !== 'PENDING') announceReview(scene, { issue, review });
  for (const comment of input.comments ?? []) {
    addReviewComment(scene, issue, { ...comment, reviewId: review.id });
  }
  return review;
}

function announceReview(scene: Scene, place: { issue: PullIssue; review: Review }): void {
  const { pull } = place.issue;
  pull.requestedReviewers = pull.requestedReviewers.filter((login) => login !== scene.actor.login);
  touchIssue(place.issue);
  emitReview(scene, place, 'submitted');
}

/** Submits a review that waited. */
export function submitPending(
  scene: Scene,
  place: { readonly issue: PullIssue; readonly review: Review },
  input: { readonly event: keyof typeof STATES; readonly body?: string | undefined },
): void {
  const { review } = place;
  review.state = STATES[input.event];
  review.body = input.body ?? review.body;
  review.submittedAt = timestamp();
  announceReview(scene, place);
}

/** Changes the text of a review. */
export function editReview(
  scene: Scene,
  place: { readonly issue: PullIssue; readonly review: Review },
  body: string,
): void {
  const { review, issue } = place;
  const from = review.body;
  review.body = body;
  touchIssue(issue);
  if (review.state !== 'PENDING') emitReview(scene, place, 'edited', { body: { from } });
}

/** Changes the text of a comment on the diff. */
export function editReviewComment(
  scene: Scene,
  place: { readonly issue: PullIssue; readonly comment: ReviewComment },
  body: string,
): void {
  const { comment, issue } = place;
  const from = comment.body;
  comment.body = body;
  comment.updatedAt = timestamp();
  touchIssue(issue);
  emitReviewComment(scene, place, 'edited', { body: { from } });
}

/** Deletes a comment on the diff. */
export function deleteReviewComment(
  scene: Scene,
  place: { readonly issue: PullIssue; readonly comment: ReviewComment },
): void {
  const { reviewComments } = place.issue.pull;
  reviewComments.splice(reviewComments.indexOf(place.comment), 1);
  touchIssue(place.issue);
  emitReviewComment(scene, place, 'deleted');
}

/** Dismisses a review. */
export function dismissReview(scene: Scene, issue: PullIssue, review: Review): void {
  review.state = 'DISMISSED';
  touchIssue(issue);
  emitReview(scene, { issue, review }, 'dismissed');
}

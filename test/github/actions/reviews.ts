import { timestamp } from '../hub.ts';
import { renderPull, renderReview, renderReviewComment } from '../render/pull.ts';
import type { PullIssue, Review, ReviewComment } from '../state/model.ts';
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
  readonly event: keyof typeof STATES;
  readonly body?: string | undefined;
  readonly commitId?: string | undefined;
  readonly comments?: readonly NewReviewComment[] | undefined;
}

function emitReview(
  scene: Scene,
  place: { issue: PullIssue; review: Review },
  action: string,
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
      };
    },
  });
}

function emitReviewComment(
  scene: Scene,
  place: { issue: PullIssue; comment: ReviewComment },
  action: string,
): void {
  const { hub, repo } = scene;
  emit(scene, {
    event: 'pull_request_review_comment',
    about: `#${place.issue.number} comment ${place.comment.id}`,
    action,
    payload: () => ({
      comment: renderReviewComment(hub, repo, place),
      pull_request: renderPull(hub, repo, place.issue),
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

/** Submits a review; the reviewer is no longer asked for one. */
export function submitReview(scene: Scene, issue: PullIssue, input: NewReview): Review {
  const review: Review = {
    id: scene.hub.store.nextId(),
    author: scene.actor.login,
    body: input.body ?? '',
    state: STATES[input.event],
    commitId: input.commitId ?? issue.pull.head.sha,
    submittedAt: timestamp(),
  };
  issue.pull.reviews.push(review);
  issue.pull.requestedReviewers = issue.pull.requestedReviewers.filter(
    (login) => login !== scene.actor.login,
  );
  touchIssue(issue);
  emitReview(scene, { issue, review }, 'submitted');
  for (const comment of input.comments ?? []) {
    addReviewComment(scene, issue, { ...comment, reviewId: review.id });
  }
  return review;
}

/** Dismisses a review. */
export function dismissReview(scene: Scene, issue: PullIssue, review: Review): void {
  review.state = 'DISMISSED';
  touchIssue(issue);
  emitReview(scene, { issue, review }, 'dismissed');
}

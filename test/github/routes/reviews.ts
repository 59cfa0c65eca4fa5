import { z } from 'zod';
import {
  dismissReview,
  editReview,
  refuseOwnReview,
  submitPending,
  submitReview,
} from '../actions/reviews.ts';
import { list, ok } from '../http/answer.ts';
import { notFound, refuse } from '../http/errors.ts';
import { bodyOf, type Call, param, pullOf, type Route, repoOf, route } from '../http/route.ts';
import { renderReview } from '../render/pull.ts';
import { fromBody, lineComment } from './review-comments.ts';
import { sceneOf } from './scene.ts';

const EVENTS = ['APPROVE', 'REQUEST_CHANGES', 'COMMENT'] as const;
const newReview = z.object({
  event: z.enum(EVENTS).optional(),
  body: z.string().optional(),
  commit_id: z.string().optional(),
  comments: z.array(lineComment).default([]),
});

function create(call: Call) {
  const issue = pullOf(call);
  const scene = sceneOf(call);
  const input = bodyOf(call, newReview);
  refuseOwnReview(scene, issue, input.event);
  const review = submitReview(scene, issue, {
    event: input.event,
    body: input.body,
    commitId: input.commit_id,
    comments: input.comments.map(fromBody),
  });
  return ok(renderReview(call.hub, scene.repo, { issue, review }));
}

function dismiss(call: Call) {
  const { issue, review } = reviewOf(call);
  const scene = sceneOf(call, 'write');
  dismissReview(scene, issue, review);
  return ok(renderReview(call.hub, scene.repo, { issue, review }));
}

/** A review that waits is its author's alone. */
function reviewOf(call: Call) {
  const issue = pullOf(call);
  const id = Number(param(call, 'review'));
  const review = issue.pull.reviews.find((known) => known.id === id) ?? notFound();
  if (review.state === 'PENDING' && review.author !== call.actor?.login) return notFound();
  return { issue, review };
}

function submit(call: Call) {
  const place = reviewOf(call);
  const scene = sceneOf(call);
  const input = bodyOf(call, z.object({ event: z.enum(EVENTS), body: z.string().optional() }));
  if (place.review.state !== 'PENDING') refuse(422, 'Review has already been submitted');
  refuseOwnReview(scene, place.issue, input.event);
  submitPending(scene, place, input);
  return ok(renderReview(call.hub, scene.repo, place));
}

function removePending(call: Call) {
  const { issue, review } = reviewOf(call);
  const { repo } = sceneOf(call);
  if (review.state !== 'PENDING') refuse(422, 'Can not delete a non-pending pull request review');
  const { reviews } = issue.pull;
  reviews.splice(reviews.indexOf(review), 1);
  return ok(renderReview(call.hub, repo, { issue, review }));
}

const REVIEW = '/repos/:owner/:repo/pulls/:number/reviews/:review';

/** Reviews. */
export const reviewRoutes: readonly Route[] = [
  route('GET', '/repos/:owner/:repo/pulls/:number/reviews', (call) => {
    const repo = repoOf(call);
    const issue = pullOf(call);
    const seen = issue.pull.reviews.filter(
      ({ state, author }) => state !== 'PENDING' || author === call.actor?.login,
    );
    return list(seen, (review) => renderReview(call.hub, repo, { issue, review }));
  }),
  route('POST', '/repos/:owner/:repo/pulls/:number/reviews', create),
  route('GET', REVIEW, (call) => ok(renderReview(call.hub, repoOf(call), reviewOf(call)))),
  route('PUT', REVIEW, (call) => {
    const place = reviewOf(call);
    const scene = sceneOf(call, place.review.author === call.actor?.login ? 'read' : 'admin');
    editReview(scene, place, bodyOf(call, z.object({ body: z.string() })).body);
    return ok(renderReview(call.hub, scene.repo, place));
  }),
  route('DELETE', REVIEW, removePending),
  route('POST', `${REVIEW}/events`, submit),
  route('PUT', `${REVIEW}/dismissals`, dismiss),
];

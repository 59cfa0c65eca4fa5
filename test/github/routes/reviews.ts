import { z } from 'zod';
import {
  addReviewComment,
  dismissReview,
  type NewReviewComment,
  submitReview,
} from '../actions/reviews.ts';
import { created, list, ok } from '../http/answer.ts';
import { notFound, refuse } from '../http/errors.ts';
import { bodyOf, type Call, param, pullOf, type Route, repoOf, route } from '../http/route.ts';
import { renderReview, renderReviewComment } from '../render/pull.ts';
import { sceneOf } from './scene.ts';

const lineComment = z.object({
  path: z.string(),
  body: z.string(),
  line: z.number().nullish(),
  position: z.number().nullish(),
  side: z.string().optional(),
  in_reply_to: z.number().optional(),
});
const newReview = z.object({
  event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']).default('COMMENT'),
  body: z.string().optional(),
  commit_id: z.string().optional(),
  comments: z.array(lineComment).default([]),
});

function fromBody(input: z.output<typeof lineComment>): NewReviewComment {
  return {
    path: input.path,
    body: input.body,
    line: input.line ?? input.position,
    side: input.side,
    inReplyTo: input.in_reply_to,
  };
}

function create(call: Call) {
  const issue = pullOf(call);
  const scene = sceneOf(call);
  const input = bodyOf(call, newReview);
  if (input.event !== 'COMMENT' && issue.author === scene.actor.login) {
    const verb = input.event === 'APPROVE' ? 'approve' : 'request changes on';
    refuse(422, `Can not ${verb} your own pull request`);
  }
  const review = submitReview(scene, issue, {
    event: input.event,
    body: input.body,
    commitId: input.commit_id,
    comments: input.comments.map(fromBody),
  });
  return ok(renderReview(call.hub, scene.repo, { issue, review }));
}

function dismiss(call: Call) {
  const issue = pullOf(call);
  const id = Number(param(call, 'review'));
  const review = issue.pull.reviews.find((known) => known.id === id) ?? notFound();
  const scene = sceneOf(call, 'write');
  dismissReview(scene, issue, review);
  return ok(renderReview(call.hub, scene.repo, { issue, review }));
}

/** Reviews and comments on the diff. */
export const reviewRoutes: readonly Route[] = [
  route('GET', '/repos/:owner/:repo/pulls/:number/reviews', (call) => {
    const repo = repoOf(call);
    const issue = pullOf(call);
    return list(issue.pull.reviews, (review) => renderReview(call.hub, repo, { issue, review }));
  }),
  route('POST', '/repos/:owner/:repo/pulls/:number/reviews', create),
  route('PUT', '/repos/:owner/:repo/pulls/:number/reviews/:review/dismissals', dismiss),
  route('GET', '/repos/:owner/:repo/pulls/:number/comments', (call) => {
    const repo = repoOf(call);
    const issue = pullOf(call);
    return list(issue.pull.reviewComments, (comment) =>
      renderReviewComment(call.hub, repo, { issue, comment }),
    );
  }),
  route('POST', '/repos/:owner/:repo/pulls/:number/comments', (call) => {
    const issue = pullOf(call);
    const scene = sceneOf(call);
    const comment = addReviewComment(scene, issue, fromBody(bodyOf(call, lineComment)));
    return created(renderReviewComment(call.hub, scene.repo, { issue, comment }));
  }),
];

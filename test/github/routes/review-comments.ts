import { z } from 'zod';
import {
  addReviewComment,
  deleteReviewComment,
  editReviewComment,
  type NewReviewComment,
} from '../actions/reviews.ts';
import { created, list, noContent, ok } from '../http/answer.ts';
import { notFound } from '../http/errors.ts';
import {
  bodyOf,
  type Call,
  isPull,
  param,
  pullOf,
  type Route,
  repoOf,
  route,
} from '../http/route.ts';
import { renderReviewComment } from '../render/pull.ts';
import type { PullIssue } from '../state/model.ts';
import type { ReviewComment } from '../state/reviews.ts';
import { sceneOf } from './scene.ts';

/** A comment on a line of the diff, as a body brings it. */
export const lineComment = z.object({
  path: z.string(),
  body: z.string(),
  line: z.number().nullish(),
  position: z.number().nullish(),
  side: z.string().optional(),
  in_reply_to: z.number().optional(),
});

/** A comment on the diff from the body of a request. */
export function fromBody(input: z.output<typeof lineComment>): NewReviewComment {
  return {
    path: input.path,
    body: input.body,
    line: input.line ?? input.position,
    side: input.side,
    inReplyTo: input.in_reply_to,
  };
}

const text = z.object({ body: z.string().min(1) });

interface Place {
  readonly issue: PullIssue;
  readonly comment: ReviewComment;
}

function placesIn(call: Call): readonly Place[] {
  return Object.values(repoOf(call).issues)
    .filter(isPull)
    .flatMap((issue) => issue.pull.reviewComments.map((comment) => ({ issue, comment })));
}

function placeOf(call: Call): Place {
  const id = Number(param(call, 'id'));
  return placesIn(call).find(({ comment }) => comment.id === id) ?? notFound();
}

function show(call: Call, place: Place): Record<string, unknown> {
  return renderReviewComment(call.hub, repoOf(call), place);
}

function listAll(call: Call) {
  const { since, sort, direction } = call.query;
  const key = sort === 'updated' ? 'updatedAt' : 'createdAt';
  const sign = direction === 'desc' ? -1 : 1;
  const found = placesIn(call)
    .filter(
      ({ comment }) => since === undefined || Date.parse(comment.updatedAt) >= Date.parse(since),
    )
    .sort(
      ({ comment: one }, { comment: other }) =>
        sign * (one[key].localeCompare(other[key]) || one.id - other.id),
    );
  return list(found, (place) => show(call, place));
}

function ownOr(call: Call, { comment }: Place) {
  return sceneOf(call, comment.author === call.actor?.login ? 'read' : 'write');
}

const PULLS = '/repos/:owner/:repo/pulls';

/** Comments on the diff. */
export const reviewCommentRoutes: readonly Route[] = [
  route('GET', `${PULLS}/comments`, listAll),
  route('GET', `${PULLS}/comments/:id`, (call) => ok(show(call, placeOf(call)))),
  route('PATCH', `${PULLS}/comments/:id`, (call) => {
    const place = placeOf(call);
    editReviewComment(ownOr(call, place), place, bodyOf(call, text).body);
    return ok(show(call, place));
  }),
  route('DELETE', `${PULLS}/comments/:id`, (call) => {
    const place = placeOf(call);
    deleteReviewComment(ownOr(call, place), place);
    return noContent();
  }),
  route('GET', `${PULLS}/:number/comments`, (call) => {
    const issue = pullOf(call);
    return list(issue.pull.reviewComments, (comment) => show(call, { issue, comment }));
  }),
  route('POST', `${PULLS}/:number/comments`, (call) => {
    const issue = pullOf(call);
    const comment = addReviewComment(sceneOf(call), issue, fromBody(bodyOf(call, lineComment)));
    return created(show(call, { issue, comment }));
  }),
  route('POST', `${PULLS}/:number/comments/:id/replies`, (call) => {
    const { issue, comment: first } = placeOf(call);
    const { path, line, side, id } = first;
    const { body } = bodyOf(call, text);
    const reply = { path, line, side, body, inReplyTo: first.inReplyTo ?? id };
    const comment = addReviewComment(sceneOf(call), issue, reply);
    return created(show(call, { issue, comment }));
  }),
  route('GET', `${PULLS}/:number/reviews/:review/comments`, (call) => {
    const issue = pullOf(call);
    const id = Number(param(call, 'review'));
    const own = issue.pull.reviewComments.filter(({ reviewId }) => reviewId === id);
    return list(own, (comment) => {
      const { line, original_line, start_line, original_start_line, ...shown } = show(call, {
        issue,
        comment,
      });
      return { ...shown, position: line, original_position: original_line ?? 1 };
    });
  }),
];

import { z } from 'zod';
import type { CommentEvent, DomainEvent, ReviewEvent } from '../../../workflows/domain/event.ts';
import { comment, name, pullRequest, review } from './payload.ts';
import { snapshot } from './pull-request.ts';
import { eventText, type Origin, people, type Reduction } from './reduction.ts';

const reviewSchema = z.object({
  action: name,
  review,
  pull_request: pullRequest,
});

type ReviewPayload = z.output<typeof reviewSchema>;

const ACTIONS = { submitted: 'created', edited: 'edited', dismissed: 'deleted' } as const;

/** `pull_request_review`: the verdict, and its text as a comment. */
export function reduceReview(input: unknown, origin: Origin): Reduction | undefined {
  const payload = reviewSchema.parse(input);
  const action = z.enum(['submitted', 'edited', 'dismissed']).safeParse(payload.action);
  if (!action.success) return undefined;
  const events: DomainEvent[] = [verdict(payload, action.data, origin)];
  if (payload.review.body !== '') events.push(words(payload, action.data, origin));
  return { addressee: { to: 'pullRequest', number: payload.pull_request.number }, events };
}

/** An edited or dismissed review has no time of its own in older payloads. */
function timeOf({ review: it, pull_request: pull }: ReviewPayload, action: string): string {
  if (action === 'submitted') return it.submitted_at ?? pull.updated_at;
  return it.updated_at ?? pull.updated_at;
}

function verdict(
  payload: ReviewPayload,
  action: keyof typeof ACTIONS,
  origin: Origin,
): ReviewEvent {
  const { review: it, pull_request: pull } = payload;
  const at = timeOf(payload, action);
  return {
    kind: 'review',
    key: `review:${it.id}:${action}${action === 'edited' ? `:${at}` : ''}`,
    guid: origin.guid,
    at,
    sender: origin.sender,
    action,
    id: it.id,
    author: it.user.login,
    authorType: it.user.type,
    state: it.state,
    body: eventText(it.body, origin),
    htmlUrl: it.html_url,
    pullRequest: snapshot(pull),
  };
}

function words(payload: ReviewPayload, action: keyof typeof ACTIONS, origin: Origin): CommentEvent {
  const { review: it, pull_request: pull } = payload;
  const at = timeOf(payload, action);
  const suffix = { submitted: '', edited: `:edited:${at}`, dismissed: ':dismissed' }[action];
  return {
    kind: 'comment',
    key: `review:${it.id}:body${suffix}`,
    guid: origin.guid,
    at,
    sender: origin.sender,
    action: ACTIONS[action],
    source: 'review',
    id: it.id,
    author: it.user.login,
    authorType: it.user.type,
    body: eventText(it.body, origin),
    htmlUrl: it.html_url,
    createdAt: it.submitted_at ?? at,
    ...pullContext(pull),
  };
}

const reviewCommentSchema = z.object({
  action: z.enum(['created', 'edited', 'deleted']),
  comment,
  pull_request: pullRequest,
});

/** `pull_request_review_comment`: a comment on a line of the diff. */
export function reduceReviewComment(input: unknown, origin: Origin): Reduction {
  const { action, comment: it, pull_request: pull } = reviewCommentSchema.parse(input);
  const at = { created: it.created_at, edited: it.updated_at, deleted: pull.updated_at }[action];
  const event: CommentEvent = {
    kind: 'comment',
    key: `review-comment:${it.id}:${action}${action === 'edited' ? `:${at}` : ''}`,
    guid: origin.guid,
    at,
    sender: origin.sender,
    action,
    source: 'review-comment',
    id: it.id,
    author: it.user.login,
    authorType: it.user.type,
    body: eventText(it.body, origin),
    htmlUrl: it.html_url,
    createdAt: it.created_at,
    ...pullContext(pull),
  };
  return { addressee: { to: 'pullRequest', number: pull.number }, events: [event] };
}

function pullContext(pull: ReviewPayload['pull_request']) {
  return {
    isPullRequest: true,
    state: pull.state,
    issueAuthor: pull.user.login,
    ...people(pull),
    issueUpdatedAt: pull.updated_at,
  } as const;
}

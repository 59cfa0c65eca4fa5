import { isPull } from '../http/route.ts';
import type { Hub } from '../hub.ts';
import type { Issue, Repo } from '../state/model.ts';
import { renderUser } from './account.ts';
import { renderComment, renderIssueEvent } from './issue.ts';
import { renderReview } from './pull.ts';

type Json = Record<string, unknown>;

interface Entry {
  readonly at: string;
  readonly id: number;
  readonly json: Json;
}

/** Comments, reviews and events of an issue in the order in which they happened. */
export function renderTimeline(hub: Hub, repo: Repo, issue: Issue): readonly Json[] {
  const comments = issue.comments.map((comment): Entry => {
    const user = renderUser(hub, comment.author);
    const json = { ...renderComment(hub, repo, { issue, comment }), event: 'commented' };
    return { at: comment.createdAt, id: comment.id, json: { ...json, actor: user } };
  });
  const reviews = isPull(issue)
    ? issue.pull.reviews
        .filter(({ state }) => state !== 'PENDING')
        .map((review): Entry => {
          const shown = renderReview(hub, repo, { issue, review });
          const state = review.state.toLowerCase();
          const json = { ...shown, state, event: 'reviewed' };
          return { at: review.submittedAt, id: review.id, json };
        })
    : [];
  const events = issue.events.map(
    (event): Entry => ({
      at: event.createdAt,
      id: event.id,
      json: renderIssueEvent(hub, repo, event),
    }),
  );
  return [...comments, ...reviews, ...events]
    .sort((one, other) => one.at.localeCompare(other.at) || one.id - other.id)
    .map(({ json }) => json);
}

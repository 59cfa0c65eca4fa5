import type { Hub } from '../hub.ts';
import type { Comment, Issue, IssueEvent, Repo } from '../state/model.ts';
import { association, renderUser, renderUserOrNull } from './account.ts';
import { renderReactions } from './reactions.ts';
import { renderLabel, renderMilestone } from './repository.ts';
import { nodeId, repoApi, repoPage } from './urls.ts';

type Json = Record<string, unknown>;

/** The labels of an issue as objects. */
export function renderIssueLabels(hub: Hub, repo: Repo, issue: Issue): readonly Json[] {
  return issue.labels.flatMap((name) => {
    const label = repo.labels.find((known) => known.name.toLowerCase() === name.toLowerCase());
    return label ? [renderLabel(hub, repo, label)] : [];
  });
}

/** The milestone of an issue. */
export function renderIssueMilestone(hub: Hub, repo: Repo, issue: Issue): Json | null {
  const milestone = repo.milestones.find((known) => known.number === issue.milestone);
  return milestone ? renderMilestone(hub, repo, milestone) : null;
}

/** What an issue and a pull request show alike. */
export function renderShared(hub: Hub, repo: Repo, issue: Issue): Json {
  return {
    number: issue.number,
    state: issue.state,
    locked: issue.locked ?? false,
    active_lock_reason: issue.lockReason ?? null,
    title: issue.title,
    user: renderUser(hub, issue.author),
    body: issue.body,
    labels: renderIssueLabels(hub, repo, issue),
    milestone: renderIssueMilestone(hub, repo, issue),
    assignee: renderUserOrNull(hub, issue.assignees[0] ?? null),
    assignees: issue.assignees.map((login) => renderUser(hub, login)),
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: association(hub, repo, issue.author),
  };
}

function pullLinks(hub: Hub, repo: Repo, issue: Issue): Json {
  if (!issue.pull) return {};
  const page = repoPage(hub, repo, `/pull/${issue.number}`);
  return {
    draft: issue.pull.draft,
    pull_request: {
      url: repoApi(hub, repo, `/pulls/${issue.number}`),
      html_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      merged_at: issue.pull.mergedAt,
    },
  };
}

/** An issue; a pull request is one too, with `pull_request`. */
export function renderIssue(hub: Hub, repo: Repo, issue: Issue): Json {
  const api = repoApi(hub, repo, `/issues/${issue.number}`);
  const page = issue.pull ? `/pull/${issue.number}` : `/issues/${issue.number}`;
  return {
    url: api,
    repository_url: repoApi(hub, repo),
    labels_url: `${api}/labels{/name}`,
    comments_url: `${api}/comments`,
    events_url: `${api}/events`,
    html_url: repoPage(hub, repo, page),
    id: issue.id,
    node_id: nodeId('Issue', issue.id),
    ...renderShared(hub, repo, issue),
    comments: issue.comments.length,
    state_reason: issue.state === 'closed' ? (issue.stateReason ?? 'completed') : null,
    closed_by: issue.closedBy ? renderUser(hub, issue.closedBy) : null,
    timeline_url: `${api}/timeline`,
    performed_via_github_app: null,
    reactions: renderReactions(api, issue),
    ...pullLinks(hub, repo, issue),
  };
}

/** A comment and the issue that it is on. */
export interface CommentPlace {
  readonly issue: Issue;
  readonly comment: Comment;
}

/** A comment of a thread. */
export function renderComment(hub: Hub, repo: Repo, place: CommentPlace): Json {
  const { issue, comment } = place;
  const page = issue.pull ? `/pull/${issue.number}` : `/issues/${issue.number}`;
  return {
    url: repoApi(hub, repo, `/issues/comments/${comment.id}`),
    html_url: repoPage(hub, repo, `${page}#issuecomment-${comment.id}`),
    issue_url: repoApi(hub, repo, `/issues/${issue.number}`),
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    user: renderUser(hub, comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: association(hub, repo, comment.author),
    body: comment.body,
    reactions: renderReactions(repoApi(hub, repo, `/issues/comments/${comment.id}`), comment),
    performed_via_github_app: null,
  };
}

/** A line of the history of an issue. */
export function renderIssueEvent(hub: Hub, repo: Repo, event: IssueEvent): Json {
  const label = repo.labels.find((known) => known.name === event.label);
  return {
    id: event.id,
    node_id: nodeId('IssueEvent', event.id),
    url: repoApi(hub, repo, `/issues/events/${event.id}`),
    actor: renderUser(hub, event.actor),
    event: event.event,
    commit_id: event.commitId ?? null,
    commit_url: event.commitId ? repoApi(hub, repo, `/commits/${event.commitId}`) : null,
    performed_via_github_app: null,
    created_at: event.createdAt,
    ...(event.label ? { label: { name: event.label, color: label?.color ?? 'ededed' } } : {}),
    ...(event.milestone ? { milestone: { title: event.milestone } } : {}),
    ...(event.rename ? { rename: event.rename } : {}),
    ...(event.reviewer
      ? {
          requested_reviewer: renderUser(hub, event.reviewer),
          review_requester: renderUser(hub, event.actor),
        }
      : {}),
    ...(event.event === 'locked' ? { lock_reason: null } : {}),
    ...(event.assignee
      ? {
          assignee: renderUser(hub, event.assignee),
          assigner: renderUser(hub, event.actor),
        }
      : {}),
  };
}

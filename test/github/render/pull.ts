import type { Hub } from '../hub.ts';
import { statesAt, unmetRequirement } from '../rules/unmet.ts';
import type { PullIssue, Repo } from '../state/model.ts';
import type { Review, ReviewComment } from '../state/reviews.ts';
import { association, renderUser, renderUserOrNull } from './account.ts';
import { renderShared } from './issue.ts';
import { renderReactions } from './reactions.ts';
import { renderRepo } from './repository.ts';
import { renderTeam } from './team.ts';
import { nodeId, repoApi, repoPage } from './urls.ts';

type Json = Record<string, unknown>;

function renderEnd(hub: Hub, repo: Repo | undefined, end: { ref: string; sha: string }): Json {
  const owner = repo?.owner ?? 'ghost';
  return {
    label: `${owner}:${end.ref}`,
    ref: end.ref,
    sha: end.sha,
    user: renderUser(hub, owner),
    repo: repo ? renderRepo(hub, repo) : null,
  };
}

function pullAddresses(hub: Hub, repo: Repo, pull: PullIssue): Json {
  const api = repoApi(hub, repo, `/pulls/${pull.number}`);
  const page = repoPage(hub, repo, `/pull/${pull.number}`);
  const issue = repoApi(hub, repo, `/issues/${pull.number}`);
  const urls = {
    commits_url: `${api}/commits`,
    review_comments_url: `${api}/comments`,
    review_comment_url: repoApi(hub, repo, '/pulls/comments{/number}'),
    comments_url: `${issue}/comments`,
    statuses_url: repoApi(hub, repo, `/statuses/${pull.pull.head.sha}`),
  };
  return {
    url: api,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issue,
    ...urls,
    _links: {
      self: { href: api },
      html: { href: page },
      issue: { href: issue },
      comments: { href: urls.comments_url },
      review_comments: { href: urls.review_comments_url },
      review_comment: { href: urls.review_comment_url },
      commits: { href: urls.commits_url },
      statuses: { href: urls.statuses_url },
    },
  };
}

/** Teams of the repository's organisation. */
export function renderTeams(hub: Hub, repo: Repo, slugs: readonly string[]): readonly Json[] {
  const org = hub.findOrg(repo.owner);
  return slugs.flatMap((slug) => {
    const team = org?.teams?.find((known) => known.slug === slug);
    return org && team ? [renderTeam(hub, { org, team })] : [];
  });
}

/** A pull request as lists show it. */
export function renderPull(hub: Hub, repo: Repo, issue: PullIssue): Json {
  const { pull } = issue;
  return {
    id: issue.id,
    node_id: nodeId('PullRequest', issue.id),
    ...pullAddresses(hub, repo, issue),
    ...renderShared(hub, repo, issue),
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommitSha,
    draft: pull.draft,
    head: renderEnd(hub, hub.model.repos[pull.head.repo], pull.head),
    base: renderEnd(hub, repo, pull.base),
    requested_reviewers: pull.requestedReviewers.map((login) => renderUser(hub, login)),
    requested_teams: renderTeams(hub, repo, pull.requestedTeams),
    auto_merge: null,
  };
}

/** Whether a pull request merges cleanly; null while that is not known. */
export function mergeableNow(hub: Hub, repo: Repo, issue: PullIssue): boolean | null {
  const { pull } = issue;
  if (pull.merged) return null;
  const path = `/repos/${repo.owner}/${repo.name}/pulls/${issue.number}`;
  if (hub.faults.any('mergeability-unknown', { method: 'GET', path })) return null;
  const key = mergeabilityKey(repo, issue);
  return pull.mergeability?.key === key ? pull.mergeability.clean : null;
}

/** Names the pair of commits whose merge is in question. */
export function mergeabilityKey(repo: Repo, issue: PullIssue): string {
  return `${repo.refs[`refs/heads/${issue.pull.base.ref}`]}..${issue.pull.head.sha}`;
}

/** One word for why it does not merge, or that it does. */
export function mergeableState(hub: Hub, repo: Repo, issue: PullIssue): string {
  const clean = mergeableNow(hub, repo, issue);
  if (clean === null) return 'unknown';
  if (!clean) return 'dirty';
  if (issue.pull.draft) return 'draft';
  if (unmetRequirement(hub, repo, { issue }) !== undefined) return 'blocked';
  const states = [...statesAt(repo, issue.pull.head.sha).values()];
  return states.some((state) => state !== 'success') ? 'unstable' : 'clean';
}

/** A pull request as `GET pulls/N` and webhooks show it. */
export function renderFullPull(hub: Hub, repo: Repo, issue: PullIssue): Json {
  const { pull } = issue;
  const clean = mergeableNow(hub, repo, issue);
  return {
    ...renderPull(hub, repo, issue),
    merged: pull.merged,
    mergeable: clean,
    rebaseable: clean,
    mergeable_state: mergeableState(hub, repo, issue),
    merged_by: renderUserOrNull(hub, pull.mergedBy),
    comments: issue.comments.length,
    review_comments: pull.reviewComments.length,
    maintainer_can_modify: false,
    commits: pull.size?.commits ?? 0,
    additions: pull.size?.additions ?? 0,
    deletions: pull.size?.deletions ?? 0,
    changed_files: pull.size?.changedFiles ?? 0,
  };
}

/** A review. */
export function renderReview(
  hub: Hub,
  repo: Repo,
  place: { readonly issue: PullIssue; readonly review: Review },
): Json {
  const { issue, review } = place;
  return {
    id: review.id,
    node_id: nodeId('PullRequestReview', review.id),
    user: renderUser(hub, review.author),
    body: review.body,
    state: review.state,
    html_url: repoPage(hub, repo, `/pull/${issue.number}#pullrequestreview-${review.id}`),
    pull_request_url: repoApi(hub, repo, `/pulls/${issue.number}`),
    author_association: association(hub, repo, review.author),
    submitted_at: review.submittedAt,
    _links: {
      html: { href: repoPage(hub, repo, `/pull/${issue.number}#pullrequestreview-${review.id}`) },
      pull_request: { href: repoApi(hub, repo, `/pulls/${issue.number}`) },
    },
    commit_id: review.commitId,
  };
}

/** A comment on the diff. */
export function renderReviewComment(
  hub: Hub,
  repo: Repo,
  place: { readonly issue: PullIssue; readonly comment: ReviewComment },
): Json {
  const { issue, comment } = place;
  return {
    url: repoApi(hub, repo, `/pulls/comments/${comment.id}`),
    html_url: repoPage(hub, repo, `/pull/${issue.number}#discussion_r${comment.id}`),
    pull_request_url: repoApi(hub, repo, `/pulls/${issue.number}`),
    pull_request_review_id: comment.reviewId,
    id: comment.id,
    node_id: nodeId('PullRequestReviewComment', comment.id),
    diff_hunk: '',
    path: comment.path,
    position: comment.line,
    original_position: comment.line ?? 1,
    line: comment.line,
    original_line: comment.line,
    start_line: null,
    original_start_line: null,
    start_side: null,
    side: comment.side,
    subject_type: comment.line === null ? 'file' : 'line',
    commit_id: comment.commitId,
    original_commit_id: comment.commitId,
    user: renderUser(hub, comment.author),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: association(hub, repo, comment.author),
    reactions: renderReactions(repoApi(hub, repo, `/pulls/comments/${comment.id}`), comment),
    _links: {
      self: { href: repoApi(hub, repo, `/pulls/comments/${comment.id}`) },
      html: { href: repoPage(hub, repo, `/pull/${issue.number}#discussion_r${comment.id}`) },
      pull_request: { href: repoApi(hub, repo, `/pulls/${issue.number}`) },
    },
    ...(comment.inReplyTo ? { in_reply_to_id: comment.inReplyTo } : {}),
  };
}

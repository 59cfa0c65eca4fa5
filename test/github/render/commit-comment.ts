import type { Hub } from '../hub.ts';
import type { CommitComment } from '../state/commit-comments.ts';
import type { Repo } from '../state/model.ts';
import { association, renderUser } from './account.ts';
import { renderReactions } from './reactions.ts';
import { nodeId, repoApi, repoPage } from './urls.ts';

/** A comment on a commit. */
export function renderCommitComment(
  hub: Hub,
  repo: Repo,
  comment: CommitComment,
): Record<string, unknown> {
  const url = repoApi(hub, repo, `/comments/${comment.id}`);
  return {
    url,
    html_url: repoPage(hub, repo, `/commit/${comment.commitId}#commitcomment-${comment.id}`),
    id: comment.id,
    node_id: nodeId('CommitComment', comment.id),
    user: renderUser(hub, comment.author),
    position: comment.position,
    line: comment.line,
    path: comment.path,
    commit_id: comment.commitId,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: association(hub, repo, comment.author),
    body: comment.body,
    reactions: renderReactions(url, comment),
  };
}

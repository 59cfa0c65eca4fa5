import type { ChangedFile } from '../git/changes.ts';
import type { CommitRecord, Signature } from '../git/history.ts';
import type { Hub } from '../hub.ts';
import type { Repo, Status } from '../state/model.ts';
import { renderUser } from './account.ts';
import { nodeId, repoApi, repoPage } from './urls.ts';

type Json = Record<string, unknown>;

function accountOf(hub: Hub, who: Signature): Json | null {
  const user = Object.values(hub.model.users).find((known) => known.email === who.email);
  return user ? renderUser(hub, user.login) : null;
}

const UNSIGNED = {
  verified: false,
  reason: 'unsigned',
  signature: null,
  payload: null,
  verified_at: null,
};

/** A commit as `GET git/commits/SHA` shows it. */
export function renderGitCommit(hub: Hub, repo: Repo, commit: CommitRecord): Json {
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', commit.sha),
    url: repoApi(hub, repo, `/git/commits/${commit.sha}`),
    html_url: repoPage(hub, repo, `/commit/${commit.sha}`),
    author: commit.author,
    committer: commit.committer,
    tree: { sha: commit.tree, url: repoApi(hub, repo, `/git/trees/${commit.tree}`) },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: repoApi(hub, repo, `/git/commits/${sha}`),
      html_url: repoPage(hub, repo, `/commit/${sha}`),
    })),
    verification: UNSIGNED,
  };
}

/** A commit as `GET commits/SHA` and lists of commits show it. */
export function renderCommit(hub: Hub, repo: Repo, commit: CommitRecord): Json {
  const api = repoApi(hub, repo, `/commits/${commit.sha}`);
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', commit.sha),
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: repoApi(hub, repo, `/git/trees/${commit.tree}`) },
      url: repoApi(hub, repo, `/git/commits/${commit.sha}`),
      comment_count: 0,
      verification: UNSIGNED,
    },
    url: api,
    html_url: repoPage(hub, repo, `/commit/${commit.sha}`),
    comments_url: `${api}/comments`,
    author: accountOf(hub, commit.author),
    committer: accountOf(hub, commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: repoApi(hub, repo, `/commits/${sha}`),
      html_url: repoPage(hub, repo, `/commit/${sha}`),
    })),
  };
}

/** A changed file of a pull request, commit or comparison. */
export function renderFile(hub: Hub, repo: Repo, place: { sha: string; file: ChangedFile }): Json {
  const { sha, file } = place;
  const path = file.filename.split('/').map(encodeURIComponent).join('/');
  return {
    sha: file.sha,
    filename: file.filename,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: repoPage(hub, repo, `/blob/${sha}/${path}`),
    raw_url: repoPage(hub, repo, `/raw/${sha}/${path}`),
    contents_url: repoApi(hub, repo, `/contents/${path}?ref=${sha}`),
    ...(file.patch === undefined ? {} : { patch: file.patch }),
    ...(file.previousFilename ? { previous_filename: file.previousFilename } : {}),
  };
}

/** A commit status. */
export function renderStatus(hub: Hub, repo: Repo, place: { sha: string; status: Status }): Json {
  const { sha, status } = place;
  return {
    url: repoApi(hub, repo, `/statuses/${sha}`),
    avatar_url: `${hub.address.url}/assets/avatar.svg`,
    id: status.id,
    node_id: nodeId('StatusContext', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    creator: renderUser(hub, status.creator),
  };
}

import type { Hub } from '../hub.ts';
import type { Label, Milestone, Repo } from '../state/model.ts';
import { atLeastOf } from '../state/permissions.ts';
import { renderUser } from './account.ts';
import { nodeId, repoApi, repoPage } from './urls.ts';

type Json = Record<string, unknown>;

const TEMPLATES: Readonly<Record<string, string>> = {
  forks_url: '/forks',
  keys_url: '/keys{/key_id}',
  collaborators_url: '/collaborators{/collaborator}',
  teams_url: '/teams',
  hooks_url: '/hooks',
  issue_events_url: '/issues/events{/number}',
  events_url: '/events',
  assignees_url: '/assignees{/user}',
  branches_url: '/branches{/branch}',
  tags_url: '/tags',
  blobs_url: '/git/blobs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  git_refs_url: '/git/refs{/sha}',
  trees_url: '/git/trees{/sha}',
  statuses_url: '/statuses/{sha}',
  languages_url: '/languages',
  stargazers_url: '/stargazers',
  contributors_url: '/contributors',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  commits_url: '/commits{/sha}',
  git_commits_url: '/git/commits{/sha}',
  comments_url: '/comments{/number}',
  issue_comment_url: '/issues/comments{/number}',
  contents_url: '/contents/{+path}',
  compare_url: '/compare/{base}...{head}',
  merges_url: '/merges',
  archive_url: '/{archive_format}{/ref}',
  downloads_url: '/downloads',
  issues_url: '/issues{/number}',
  pulls_url: '/pulls{/number}',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  labels_url: '/labels{/name}',
  releases_url: '/releases{/id}',
  deployments_url: '/deployments',
};

function addresses(hub: Hub, repo: Repo): Json {
  const page = repoPage(hub, repo);
  const urls: Json = { url: repoApi(hub, repo), html_url: page };
  for (const [key, path] of Object.entries(TEMPLATES)) urls[key] = repoApi(hub, repo, path);
  return {
    ...urls,
    git_url: `${page}.git`,
    ssh_url: `${page}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
  };
}

function ownerOf(hub: Hub, repo: Repo): Json {
  return renderUser(hub, repo.owner);
}

const SHOWN_SETTINGS = new Set([
  'homepage',
  'has_issues',
  'has_projects',
  'has_wiki',
  'has_discussions',
  'is_template',
  'topics',
  'allow_forking',
  'web_commit_signoff_required',
]);

/** Of the settings that nothing acts on those that every repository object shows. */
function shownSettings(repo: Repo): Json {
  const found = Object.entries(repo.settings ?? {}).filter(([name]) => SHOWN_SETTINGS.has(name));
  return Object.fromEntries(found);
}

/** A repository as lists, pull requests and webhooks embed it. */
export function renderRepo(hub: Hub, repo: Repo): Json {
  return {
    id: repo.id,
    node_id: nodeId('Repository', repo.id),
    name: repo.name,
    full_name: `${repo.owner}/${repo.name}`,
    private: repo.private,
    owner: ownerOf(hub, repo),
    description: repo.description,
    fork: repo.parent !== null,
    ...addresses(hub, repo),
    created_at: repo.createdAt,
    updated_at: repo.updatedAt,
    pushed_at: repo.pushedAt,
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    is_template: false,
    topics: [],
    web_commit_signoff_required: false,
    allow_forking: true,
    forks_count: 0,
    mirror_url: null,
    archived: repo.archived,
    disabled: false,
    open_issues_count: 0,
    license: null,
    visibility: repo.private ? 'private' : 'public',
    forks: 0,
    open_issues: 0,
    watchers: 0,
    default_branch: repo.defaultBranch,
    ...shownSettings(repo),
  };
}

/** A repository as `GET /repos/O/R` shows it to a user. */
export function renderFullRepo(hub: Hub, repo: Repo, login: string | undefined): Json {
  const have = hub.permissionOf(repo, login);
  const parent = repo.parent === null ? undefined : hub.model.repos[repo.parent];
  return {
    ...renderRepo(hub, repo),
    permissions: {
      admin: have === 'admin',
      maintain: atLeastOf(have, 'maintain'),
      push: atLeastOf(have, 'write'),
      triage: atLeastOf(have, 'triage'),
      pull: atLeastOf(have, 'read'),
    },
    allow_merge_commit: repo.methods.merge,
    allow_squash_merge: repo.methods.squash,
    allow_rebase_merge: repo.methods.rebase,
    allow_auto_merge: false,
    allow_update_branch: true,
    use_squash_pr_title_as_default: false,
    squash_merge_commit_title: 'COMMIT_OR_PR_TITLE',
    squash_merge_commit_message: 'COMMIT_MESSAGES',
    merge_commit_title: 'MERGE_MESSAGE',
    merge_commit_message: 'PR_TITLE',
    delete_branch_on_merge: repo.deleteBranchOnMerge,
    ...repo.settings,
    network_count: 0,
    subscribers_count: 0,
    ...(parent ? { parent: renderRepo(hub, parent), source: renderRepo(hub, parent) } : {}),
  };
}

/** A label of a repository. */
export function renderLabel(hub: Hub, repo: Repo, label: Label): Json {
  return {
    id: label.id,
    node_id: nodeId('Label', label.id),
    url: repoApi(hub, repo, `/labels/${encodeURIComponent(label.name)}`),
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

/** A milestone. */
export function renderMilestone(hub: Hub, repo: Repo, milestone: Milestone): Json {
  const states = Object.values(repo.issues)
    .filter((issue) => issue.milestone === milestone.number)
    .map(({ state }) => state);
  const open = states.filter((state) => state === 'open').length;
  return {
    id: milestone.id,
    node_id: nodeId('Milestone', milestone.id),
    number: milestone.number,
    url: repoApi(hub, repo, `/milestones/${milestone.number}`),
    html_url: repoPage(hub, repo, `/milestone/${milestone.number}`),
    title: milestone.title,
    description: milestone.description,
    labels_url: repoApi(hub, repo, `/milestones/${milestone.number}/labels`),
    creator: renderUser(hub, milestone.creator ?? repo.owner),
    state: milestone.state,
    open_issues: open,
    closed_issues: states.length - open,
    created_at: milestone.createdAt ?? repo.createdAt,
    updated_at: milestone.updatedAt ?? repo.createdAt,
    due_on: milestone.dueOn ?? null,
    closed_at: milestone.closedAt ?? null,
  };
}

function inSeconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}

/** As `push` has it, and no other event: an owner with a name, and times in seconds. */
export function renderPushedRepo(hub: Hub, repo: Repo): Json {
  return {
    ...renderRepo(hub, repo),
    owner: { name: repo.owner, email: null, ...ownerOf(hub, repo) },
    created_at: inSeconds(repo.createdAt),
    pushed_at: inSeconds(repo.pushedAt),
  };
}

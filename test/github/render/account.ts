import type { Hub } from '../hub.ts';
import type { Repo, User } from '../state/model.ts';
import type { Org } from '../state/orgs.ts';
import { apiUrl, nodeId } from './urls.ts';

type Json = Record<string, unknown>;

/** When accounts were made: the model does not keep it. */
const EPOCH = '2020-01-01T00:00:00Z';

/** The page of an app's bot is the app's. */
const BOT = /^(.*)\[bot\]$/;

function renderKnown(hub: Hub, user: User): Json {
  const api = apiUrl(hub, `/users/${encodeURIComponent(user.login)}`);
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId(user.type, user.id),
    avatar_url: `${hub.address.url}/assets/avatar.svg`,
    gravatar_id: '',
    url: api,
    html_url: `${hub.address.url}/${user.login.replace(BOT, 'apps/$1')}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: user.type,
    site_admin: false,
  };
}

/** A user as every other object embeds it. */
export function renderUser(hub: Hub, login: string): Json {
  return renderKnown(hub, hub.ensureUser(login));
}

/** A user or null. */
export function renderUserOrNull(hub: Hub, login: string | null): Json | null {
  return login === null ? null : renderUser(hub, login);
}

/** An organisation as webhooks embed it. */
export function renderOrg(hub: Hub, org: Org): Json {
  const api = apiUrl(hub, `/orgs/${org.login}`);
  return {
    login: org.login,
    id: org.id,
    node_id: nodeId('Organization', org.id),
    url: api,
    repos_url: `${api}/repos`,
    events_url: `${api}/events`,
    hooks_url: `${api}/hooks`,
    issues_url: `${api}/issues`,
    members_url: `${api}/members{/member}`,
    public_members_url: `${api}/public_members{/member}`,
    avatar_url: `${hub.address.url}/assets/avatar.svg`,
    description: null,
  };
}

/** An organisation as `GET /orgs/O` shows it; what an owner set comes from `settings`. */
export function renderFullOrg(hub: Hub, org: Org): Json {
  const repos = Object.values(hub.model.repos).filter(({ owner }) => owner === org.login);
  return {
    ...renderOrg(hub, org),
    name: org.login,
    is_verified: false,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: repos.filter((repo) => !repo.private).length,
    public_gists: 0,
    followers: 0,
    following: 0,
    html_url: `${hub.address.url}/${org.login}`,
    type: 'Organization',
    created_at: EPOCH,
    updated_at: EPOCH,
    archived_at: null,
    default_repository_permission: org.defaultPermission,
    members_can_create_repositories: true,
    two_factor_requirement_enabled: false,
    ...org.settings,
  };
}

/** An account as `GET /users/U` shows it. */
export function renderProfile(hub: Hub, user: User): Json {
  const repos = Object.values(hub.model.repos).filter(({ owner }) => owner === user.login);
  return {
    ...renderKnown(hub, user),
    name: user.name,
    company: null,
    blog: '',
    location: null,
    email: user.email,
    hireable: null,
    bio: null,
    public_repos: repos.filter((repo) => !repo.private).length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: EPOCH,
    updated_at: EPOCH,
  };
}

/** An account as `GET /user` shows it to itself. */
export function renderSelf(hub: Hub, user: User): Json {
  return {
    ...renderProfile(hub, user),
    private_gists: 0,
    total_private_repos: 0,
    owned_private_repos: 0,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
  };
}

/** How a user belongs to a repository, in GitHub's words. */
export function association(hub: Hub, repo: Repo, login: string): string {
  const key = login.toLowerCase();
  if (key === repo.owner.toLowerCase()) return 'OWNER';
  if (hub.findOrg(repo.owner)?.members[key]) return 'MEMBER';
  if (repo.collaborators[key]) return 'COLLABORATOR';
  const contributed = repo.merges.some(
    (merge) => repo.issues[merge.number]?.author.toLowerCase() === key,
  );
  return contributed ? 'CONTRIBUTOR' : 'NONE';
}

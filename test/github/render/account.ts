import type { Hub } from '../hub.ts';
import type { Org, Repo, User } from '../state/model.ts';
import { apiUrl, nodeId } from './urls.ts';

type Json = Record<string, unknown>;

function renderKnown(hub: Hub, user: User): Json {
  const api = apiUrl(hub, `/users/${user.login}`);
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId(user.type, user.id),
    avatar_url: `${hub.address.url}/assets/avatar.svg`,
    gravatar_id: '',
    url: api,
    html_url: `${hub.address.url}/${user.login}`,
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

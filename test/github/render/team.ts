import type { Hub } from '../hub.ts';
import type { Repo } from '../state/model.ts';
import type { Org, Team } from '../state/orgs.ts';
import { atLeastOf, type Permission } from '../state/permissions.ts';
import { renderFullOrg } from './account.ts';
import { renderFullRepo } from './repository.ts';
import { apiUrl, nodeId } from './urls.ts';

type Json = Record<string, unknown>;

/** A team and its organisation. */
export interface TeamPlace {
  readonly org: Org;
  readonly team: Team;
}

/** The five answers of `permissions`. */
export function permissionFlags(have: Permission): Record<string, boolean> {
  return {
    admin: have === 'admin',
    maintain: atLeastOf(have, 'maintain'),
    push: atLeastOf(have, 'write'),
    triage: atLeastOf(have, 'triage'),
    pull: atLeastOf(have, 'read'),
  };
}

function simple(hub: Hub, { org, team }: TeamPlace): Json {
  const api = apiUrl(hub, `/organizations/${org.id}/team/${team.id}`);
  return {
    id: team.id,
    node_id: nodeId('Team', team.id),
    name: team.name,
    slug: team.slug,
    description: team.description,
    privacy: team.privacy,
    notification_setting: 'notifications_enabled',
    permission: 'pull',
    url: api,
    html_url: `${hub.address.url}/orgs/${org.login}/teams/${team.slug}`,
    members_url: `${api}/members{/member}`,
    repositories_url: `${api}/repos`,
    type: 'organization',
    organization_id: org.id,
  };
}

/** A team as lists show it. */
export function renderTeam(hub: Hub, place: TeamPlace): Json {
  const parent = place.org.teams?.find(({ id }) => id === place.team.parent);
  return {
    ...simple(hub, place),
    parent: parent ? simple(hub, { org: place.org, team: parent }) : null,
  };
}

/** A team as `GET teams/T` shows it. */
export function renderFullTeam(hub: Hub, place: TeamPlace): Json {
  const { org, team } = place;
  return {
    ...renderTeam(hub, place),
    members_count: Object.keys(team.members).length,
    repos_count: Object.keys(team.repos).length,
    created_at: team.createdAt,
    updated_at: team.createdAt,
    organization: renderFullOrg(hub, org),
  };
}

/** A repository as a team sees it. */
export function renderTeamRepo(hub: Hub, repo: Repo, have: Permission): Json {
  return {
    ...renderFullRepo(hub, repo, undefined),
    role_name: have,
    permissions: permissionFlags(have),
  };
}

import type { Hub } from '../hub.ts';
import type { Repo } from '../state/model.ts';
import type { Org, OrgInvitation, RepoInvitation } from '../state/orgs.ts';
import { renderUser } from './account.ts';
import { renderRepo } from './repository.ts';
import { apiUrl, nodeId, repoApi, repoPage } from './urls.ts';

type Json = Record<string, unknown>;

/** An invitation into an organisation. */
export function renderInvitation(hub: Hub, org: Org, invitation: OrgInvitation): Json {
  return {
    id: invitation.id,
    node_id: nodeId('OrganizationInvitation', invitation.id),
    login: invitation.login,
    email: invitation.email,
    role: invitation.role,
    created_at: invitation.createdAt,
    failed_at: null,
    failed_reason: null,
    inviter: renderUser(hub, invitation.inviter),
    team_count: invitation.teams.length,
    invitation_teams_url: apiUrl(
      hub,
      `/organizations/${org.id}/invitations/${invitation.id}/teams`,
    ),
    invitation_source: 'member',
  };
}

/** An invitation to work on a repository. */
export function renderRepoInvitation(hub: Hub, repo: Repo, invitation: RepoInvitation): Json {
  return {
    id: invitation.id,
    node_id: nodeId('RepositoryInvitation', invitation.id),
    repository: renderRepo(hub, repo),
    invitee: renderUser(hub, invitation.invitee),
    inviter: renderUser(hub, invitation.inviter),
    permissions: invitation.permission,
    created_at: invitation.createdAt,
    expired: false,
    url: repoApi(hub, repo, `/invitations/${invitation.id}`),
    html_url: repoPage(hub, repo, '/invitations'),
  };
}

import { z } from 'zod';
import { emitAt } from '../actions/emit.ts';
import { type Answer, list, noContent, ok } from '../http/answer.ts';
import { notFound, refuse } from '../http/errors.ts';
import { actorOf, bodyOf, type Call, param, type Route, route } from '../http/route.ts';
import { timestamp } from '../hub.ts';
import { renderUser } from '../render/account.ts';
import { renderInvitation } from '../render/invitation.ts';
import { permissionFlags, renderTeam, renderTeamRepo, type TeamPlace } from '../render/team.ts';
import { apiUrl } from '../render/urls.ts';
import type { Repo } from '../state/model.ts';
import type { OrgInvitation } from '../state/orgs.ts';
import type { Permission } from '../state/permissions.ts';
import { permissionNamed } from '../state/words.ts';
import { requireMaintainer, requireOwner, TEAM_PATHS, teamOf } from './teams.ts';

function membership(call: Call, { org, team }: TeamPlace, login: string): Record<string, unknown> {
  const role = team.members[login.toLowerCase()];
  const invited = org.invitations?.find(
    (one) => one.login?.toLowerCase() === login.toLowerCase() && one.teams.includes(team.id),
  );
  if (role === undefined && invited === undefined) return notFound();
  return {
    url: apiUrl(call.hub, `/organizations/${org.id}/team/${team.id}/memberships/${login}`),
    role: role ?? 'member',
    state: role === undefined ? 'pending' : 'active',
  };
}

function say(call: Call, place: TeamPlace, login: string, action: 'added' | 'removed'): void {
  const { hub } = call;
  const { org } = place;
  emitAt(
    { hub, owner: org.login, actor: actorOf(call) },
    {
      event: 'membership',
      action,
      payload: () => ({
        scope: 'team',
        member: renderUser(hub, login),
        team: renderTeam(hub, place),
      }),
    },
  );
}

/** Whoever is not in the organisation yet is asked into it, and into the team with that. */
function inviteToTeam(call: Call, { org, team }: TeamPlace, login: string): void {
  const known = org.invitations?.find((one) => one.login === login);
  if (known) {
    if (!known.teams.includes(team.id)) known.teams.push(team.id);
    return;
  }
  const invitation: OrgInvitation = {
    id: call.hub.store.nextId(),
    login,
    email: null,
    role: 'direct_member',
    inviter: actorOf(call).login,
    createdAt: timestamp(),
    teams: [team.id],
  };
  org.invitations = [...(org.invitations ?? []), invitation];
}

function add(call: Call): Answer {
  const place = teamOf(call);
  requireMaintainer(call, place);
  const { org, team } = place;
  const { role } = bodyOf(
    call,
    z.object({ role: z.enum(['member', 'maintainer']).default('member') }),
  );
  const user = call.hub.findUser(param(call, 'login')) ?? notFound();
  const key = user.login.toLowerCase();
  if (org.members[key] === undefined) {
    inviteToTeam(call, place, user.login);
    return ok(membership(call, place, user.login));
  }
  const before = team.members[key];
  team.members[key] = role;
  if (before === undefined) say(call, place, user.login, 'added');
  return ok(membership(call, place, user.login));
}

function remove(call: Call): Answer {
  const place = teamOf(call);
  requireMaintainer(call, place);
  const login = param(call, 'login');
  if (place.team.members[login.toLowerCase()] === undefined) return notFound();
  delete place.team.members[login.toLowerCase()];
  say(call, place, login, 'removed');
  return noContent();
}

function members(call: Call): Answer {
  const { org, team } = teamOf(call);
  const wanted = call.query['role'] ?? 'all';
  // Owners of the organisation count as maintainers of its teams.
  const roleIn = (login: string) =>
    org.members[login] === 'admin' ? 'maintainer' : team.members[login];
  const found = Object.keys(team.members).filter(
    (login) => wanted === 'all' || roleIn(login) === wanted,
  );
  return list(found, (login) => renderUser(call.hub, login));
}

function repoOf(call: Call): Repo {
  return call.hub.findRepo(param(call, 'owner'), param(call, 'repo')) ?? notFound();
}

function sayRepo(call: Call, place: TeamPlace, repo: Repo, action: string): void {
  const { hub } = call;
  emitAt(
    { hub, owner: place.org.login, repo, actor: actorOf(call) },
    { event: 'team', action, payload: () => ({ team: renderTeam(hub, place) }) },
  );
}

function addRepo(call: Call): Answer {
  const place = teamOf(call);
  requireOwner(call, place.org);
  const repo = repoOf(call);
  const { permission } = bodyOf(call, z.object({ permission: z.string().default('push') }));
  const have: Permission =
    permissionNamed(permission) ?? refuse(422, `${permission} is not a permission`);
  place.team.repos[repo.id] = have;
  sayRepo(call, place, repo, 'added_to_repository');
  return noContent();
}

function removeRepo(call: Call): Answer {
  const place = teamOf(call);
  requireOwner(call, place.org);
  const repo = repoOf(call);
  delete place.team.repos[repo.id];
  sayRepo(call, place, repo, 'removed_from_repository');
  return noContent();
}

interface Granted {
  readonly repo: Repo;
  readonly have: Permission;
}

function reposOf(call: Call): readonly Granted[] {
  return Object.entries(teamOf(call).team.repos).flatMap(([id, have]) => {
    const repo = call.hub.findRepoById(Number(id));
    return repo ? [{ repo, have }] : [];
  });
}

function show(call: Call): Answer {
  return ok(membership(call, teamOf(call), param(call, 'login')));
}

function invitations(call: Call): Answer {
  const { org, team } = teamOf(call);
  const pending = (org.invitations ?? []).filter(({ teams }) => teams.includes(team.id));
  return list(pending, (invitation) => renderInvitation(call.hub, org, invitation));
}

function repos(call: Call): Answer {
  return list(reposOf(call), ({ repo, have }) => renderTeamRepo(call.hub, repo, have));
}

function checkRepo(call: Call): Answer {
  const { id } = repoOf(call);
  const found = reposOf(call).find(({ repo }) => repo.id === id) ?? notFound();
  return call.accept.includes('v3.repository')
    ? ok(renderTeamRepo(call.hub, found.repo, found.have))
    : noContent();
}

/** Before there were memberships, somebody was in a team or not. */
const FORMER: readonly Route[] = [
  route('GET', '/teams/:team/members/:login', (call) => {
    const { team } = teamOf(call);
    return team.members[param(call, 'login').toLowerCase()] ? noContent() : notFound();
  }),
  route('PUT', '/teams/:team/members/:login', (call) => {
    const { org } = teamOf(call);
    if (!org.members[param(call, 'login').toLowerCase()]) {
      return refuse(422, 'User is not a member of the organization');
    }
    add(call);
    return noContent();
  }),
  route('DELETE', '/teams/:team/members/:login', remove),
];

/** Who and what belongs to a team. */
export const teamMemberRoutes: readonly Route[] = [
  ...TEAM_PATHS.flatMap((team) => [
    route('GET', `${team}/members`, members),
    route('GET', `${team}/memberships/:login`, show),
    route('PUT', `${team}/memberships/:login`, add),
    route('DELETE', `${team}/memberships/:login`, remove),
    route('GET', `${team}/invitations`, invitations),
    route('GET', `${team}/repos`, repos),
    route('GET', `${team}/repos/:owner/:repo`, checkRepo),
    route('PUT', `${team}/repos/:owner/:repo`, addRepo),
    route('DELETE', `${team}/repos/:owner/:repo`, removeRepo),
  ]),
  ...FORMER,
  route('GET', '/repos/:owner/:repo/teams', (call) => {
    const repo = repoOf(call);
    const org = call.hub.findOrg(repo.owner);
    const teams = (org?.teams ?? []).filter((team) => team.repos[repo.id] !== undefined);
    return list(teams, (team) => {
      const have = team.repos[repo.id] ?? 'none';
      const permissions = permissionFlags(have);
      const permission = have === 'write' ? 'push' : have === 'read' ? 'pull' : have;
      return org ? { ...renderTeam(call.hub, { org, team }), permission, permissions } : null;
    });
  }),
];

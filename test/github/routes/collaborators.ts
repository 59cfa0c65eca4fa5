import { z } from 'zod';
import { emit } from '../actions/emit.ts';
import { type Answer, created, list, noContent, ok } from '../http/answer.ts';
import { notFound, refuse } from '../http/errors.ts';
import {
  actorOf,
  bodyOf,
  type Call,
  param,
  type Route,
  repoOf,
  requirePermission,
  route,
} from '../http/route.ts';
import { timestamp } from '../hub.ts';
import { renderUser } from '../render/account.ts';
import { renderRepoInvitation } from '../render/invitation.ts';
import { permissionFlags } from '../render/team.ts';
import type { Repo } from '../state/model.ts';
import type { RepoInvitation } from '../state/orgs.ts';
import type { Permission } from '../state/permissions.ts';
import { permissionNamed } from '../state/words.ts';
import { sceneOf } from './scene.ts';

const permissionBody = z.object({ permission: z.string().default('push') });
const invitationBody = z.object({ permissions: z.string() });

/** What one has by being somebody, not by the repository being public. */
export function granted(call: Call, repo: Repo, login: string): Permission {
  return call.hub.permissionOf({ ...repo, private: true }, login);
}

function everybody(call: Call, repo: Repo): readonly string[] {
  const org = call.hub.findOrg(repo.owner);
  const inTeams = (org?.teams ?? []).flatMap(({ members }) => Object.keys(members));
  const members = Object.keys(org?.members ?? {});
  const all = new Set([...members, ...inTeams, ...Object.keys(repo.collaborators)]);
  return [...all].filter((login) => granted(call, repo, login) !== 'none').sort();
}

function listed(call: Call, repo: Repo): readonly string[] {
  const { affiliation = 'all', permission } = call.query;
  const org = call.hub.findOrg(repo.owner);
  const wanted = permission ? permissionNamed(permission) : undefined;
  return everybody(call, repo)
    .filter((login) => affiliation !== 'outside' || org?.members[login] === undefined)
    .filter((login) => affiliation !== 'direct' || repo.collaborators[login] !== undefined)
    .filter((login) => wanted === undefined || granted(call, repo, login) === wanted);
}

/** The four words that GitHub's older `permission` field knows. */
function coarse(have: Permission): string {
  if (have === 'maintain') return 'write';
  return have === 'triage' ? 'read' : have;
}

function permissionOf(call: Call): Answer {
  const user = call.hub.findUser(param(call, 'login')) ?? notFound();
  const have = call.hub.permissionOf(repoOf(call), user.login);
  const permissions = permissionFlags(have);
  return ok({
    permission: coarse(have),
    role_name: have,
    user: { ...renderUser(call.hub, user.login), role_name: have, permissions },
  });
}

function saidPermission(word: string): Permission {
  return permissionNamed(word) ?? refuse(422, 'Validation Failed');
}

/** A collaborator or member gets the permission at once, anybody else an invitation. */
function add(call: Call): Answer {
  const scene = sceneOf(call, 'admin');
  const { repo, hub, actor } = scene;
  const user = hub.findUser(param(call, 'login')) ?? notFound();
  const permission = saidPermission(bodyOf(call, permissionBody).permission);
  if (granted(call, repo, user.login) !== 'none') {
    repo.collaborators[user.login.toLowerCase()] = permission;
    return noContent();
  }
  const known = repo.invitations?.find(({ invitee }) => invitee === user.login);
  const invitation: RepoInvitation = known ?? {
    id: hub.store.nextId(),
    invitee: user.login,
    inviter: actor.login,
    permission,
    createdAt: timestamp(),
  };
  invitation.permission = permission;
  if (!known) repo.invitations = [...(repo.invitations ?? []), invitation];
  return created(renderRepoInvitation(hub, repo, invitation));
}

/** Not described by GitHub; Prow's peribolos changes permissions this way. */
function change(call: Call): Answer {
  const { repo } = sceneOf(call, 'admin');
  return granted(call, repo, param(call, 'login')) === 'none' ? notFound() : add(call);
}

function say(call: Call, login: string, action: 'added' | 'removed'): void {
  const scene = { hub: call.hub, repo: repoOf(call), actor: actorOf(call) };
  emit(scene, {
    event: 'member',
    action,
    payload: () => ({ member: renderUser(call.hub, login) }),
  });
}

function remove(call: Call): Answer {
  const { repo } = sceneOf(call, 'admin');
  const login = param(call, 'login');
  if (repo.collaborators[login.toLowerCase()] !== undefined) {
    delete repo.collaborators[login.toLowerCase()];
    say(call, login, 'removed');
  }
  return noContent();
}

function invitationOf(call: Call, repo: Repo): RepoInvitation {
  const id = Number(param(call, 'invitation'));
  return repo.invitations?.find((one) => one.id === id) ?? notFound();
}

function withdraw(repo: Repo, invitation: RepoInvitation): void {
  repo.invitations = (repo.invitations ?? []).filter((one) => one !== invitation);
}

interface Asked {
  readonly repo: Repo;
  readonly invitation: RepoInvitation;
}

function ownInvitations(call: Call): readonly Asked[] {
  const { login } = actorOf(call);
  return Object.values(call.hub.model.repos).flatMap((repo) =>
    (repo.invitations ?? [])
      .filter(({ invitee }) => invitee === login)
      .map((invitation) => ({ repo, invitation })),
  );
}

function answerInvitation(call: Call, accept: boolean): Answer {
  const id = Number(param(call, 'invitation'));
  const asked = ownInvitations(call).find(({ invitation }) => invitation.id === id) ?? notFound();
  const { repo, invitation } = asked;
  withdraw(repo, invitation);
  if (!accept) return noContent();
  repo.collaborators[invitation.invitee.toLowerCase()] = invitation.permission;
  emit(
    { hub: call.hub, repo, actor: actorOf(call) },
    {
      event: 'member',
      action: 'added',
      payload: () => ({ member: renderUser(call.hub, invitation.invitee) }),
    },
  );
  return noContent();
}

const REPO = '/repos/:owner/:repo';

/** Who works on a repository, and who was asked to. */
export const collaboratorRoutes: readonly Route[] = [
  route('GET', `${REPO}/collaborators`, (call) => {
    const repo = repoOf(call);
    return list(listed(call, repo), (login) => {
      const have = granted(call, repo, login);
      const role = { role_name: have, permissions: permissionFlags(have) };
      return { ...renderUser(call.hub, login), ...role };
    });
  }),
  route('GET', `${REPO}/collaborators/:login`, (call) =>
    granted(call, repoOf(call), param(call, 'login')) === 'none' ? notFound() : noContent(),
  ),
  route('PUT', `${REPO}/collaborators/:login`, add),
  route('PATCH', `${REPO}/collaborators/:login`, change),
  route('DELETE', `${REPO}/collaborators/:login`, remove),
  route('GET', `${REPO}/collaborators/:login/permission`, permissionOf),
  route('GET', `${REPO}/invitations`, (call) => {
    const repo = repoOf(call);
    requirePermission(call, repo, 'admin');
    return list(repo.invitations ?? [], (one) => renderRepoInvitation(call.hub, repo, one));
  }),
  route('PATCH', `${REPO}/invitations/:invitation`, (call) => {
    const { repo } = sceneOf(call, 'admin');
    const invitation = invitationOf(call, repo);
    invitation.permission = saidPermission(bodyOf(call, invitationBody).permissions);
    return ok(renderRepoInvitation(call.hub, repo, invitation));
  }),
  route('DELETE', `${REPO}/invitations/:invitation`, (call) => {
    const { repo } = sceneOf(call, 'admin');
    withdraw(repo, invitationOf(call, repo));
    return noContent();
  }),
  route('GET', '/user/repository_invitations', (call) =>
    list(ownInvitations(call), ({ repo, invitation }) =>
      renderRepoInvitation(call.hub, repo, invitation),
    ),
  ),
  route('PATCH', '/user/repository_invitations/:invitation', (call) =>
    answerInvitation(call, true),
  ),
  route('DELETE', '/user/repository_invitations/:invitation', (call) =>
    answerInvitation(call, false),
  ),
];

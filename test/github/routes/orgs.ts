import { z } from 'zod';
import { emitAt } from '../actions/emit.ts';
import { type Answer, created, found, list, noContent, ok } from '../http/answer.ts';
import { notFound, refuse } from '../http/errors.ts';
import { actorOf, bodyOf, type Call, param, type Route, route } from '../http/route.ts';
import { timestamp } from '../hub.ts';
import { renderFullOrg, renderOrg, renderUser } from '../render/account.ts';
import { renderInvitation } from '../render/invitation.ts';
import { apiUrl } from '../render/urls.ts';
import type { Org, OrgInvitation } from '../state/orgs.ts';
import { orgOf, requireOwner } from './teams.ts';

const settings = z.record(z.string(), z.unknown());
const defaultPermission = z.enum(['none', 'read', 'write', 'admin']);
const invitationBody = z.object({
  invitee_id: z.number().optional(),
  email: z.string().optional(),
  role: z.enum(['admin', 'direct_member']).default('direct_member'),
  team_ids: z.array(z.number()).default([]),
});

function members(call: Call): readonly string[] {
  const role = call.query['role'];
  return Object.entries(orgOf(call).members)
    .filter(([, have]) => role === undefined || role === 'all' || have === role)
    .map(([login]) => login);
}

/** An outsider asks for the public members only, and is sent there. */
function isMember(call: Call): Answer {
  const org = orgOf(call);
  const login = param(call, 'login');
  if (!org.members[call.actor?.login.toLowerCase() ?? '']) {
    return found(apiUrl(call.hub, `/orgs/${org.login}/public_members/${login}`));
  }
  return org.members[login.toLowerCase()] ? noContent() : notFound();
}

function isPublicMember(call: Call): Answer {
  const key = param(call, 'login').toLowerCase();
  return orgOf(call).publicMembers?.includes(key) ? noContent() : notFound();
}

/** Only members show themselves, or hide again. */
function show(call: Call, visible: boolean): Answer {
  const org = orgOf(call);
  const key = param(call, 'login').toLowerCase();
  if (actorOf(call).login.toLowerCase() !== key || !org.members[key]) {
    return refuse(403, 'Forbidden');
  }
  const others = (org.publicMembers ?? []).filter((login) => login !== key);
  org.publicMembers = visible ? [...others, key] : others;
  return noContent();
}

const ADDRESSES: ReadonlySet<string> = new Set(['email', 'billing_email']);

/** An address that is set to nothing is none. */
function kept(wanted: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => value !== '' || !ADDRESSES.has(name)),
  );
}

function edit(call: Call): Answer {
  const org = orgOf(call);
  requireOwner(call, org);
  const { default_repository_permission: permission, ...rest } = bodyOf(call, settings);
  const wanted = defaultPermission.safeParse(permission);
  if (wanted.success) org.defaultPermission = wanted.data;
  org.settings = kept({ ...org.settings, ...rest });
  return ok(renderFullOrg(call.hub, org));
}

function pending(org: Org, login: string): OrgInvitation | undefined {
  return org.invitations?.find((one) => one.login?.toLowerCase() === login.toLowerCase());
}

function renderMembership(call: Call, org: Org, login: string): Record<string, unknown> {
  const role = org.members[login.toLowerCase()];
  const invitation = pending(org, login);
  if (!role && !invitation) return notFound();
  return {
    url: apiUrl(call.hub, `/orgs/${org.login}/memberships/${login}`),
    state: role ? 'active' : 'pending',
    role: role ?? (invitation?.role === 'admin' ? 'admin' : 'member'),
    organization_url: apiUrl(call.hub, `/orgs/${org.login}`),
    organization: renderOrg(call.hub, org),
    user: renderUser(call.hub, login),
    direct_membership: true,
  };
}

function say(call: Call, org: Org, login: string, action: string): void {
  const { hub } = call;
  const membership = {
    url: apiUrl(hub, `/orgs/${org.login}/memberships/${login}`),
    state: action === 'member_removed' ? 'inactive' : 'active',
    role: org.members[login.toLowerCase()] ?? 'member',
    organization_url: apiUrl(hub, `/orgs/${org.login}`),
    user: renderUser(hub, login),
  };
  emitAt(
    { hub, owner: org.login, actor: actorOf(call) },
    { event: 'organization', action, payload: () => ({ membership }) },
  );
}

function invite(org: Org, invitation: OrgInvitation): OrgInvitation {
  org.invitations = [...(org.invitations ?? []), invitation];
  return invitation;
}

/** Whoever belongs already gets the role; everybody else an invitation. */
function setMembership(call: Call): Answer {
  const org = orgOf(call);
  requireOwner(call, org);
  const { role } = bodyOf(call, z.object({ role: z.enum(['admin', 'member']).default('member') }));
  const user = call.hub.findUser(param(call, 'login')) ?? notFound();
  const key = user.login.toLowerCase();
  if (org.members[key]) org.members[key] = role;
  else if (!pending(org, user.login)) {
    invite(org, {
      id: call.hub.store.nextId(),
      login: user.login,
      email: null,
      role: role === 'admin' ? 'admin' : 'direct_member',
      inviter: actorOf(call).login,
      createdAt: timestamp(),
      teams: [],
    });
  }
  return ok(renderMembership(call, org, user.login));
}

function removeMember(call: Call): Answer {
  const org = orgOf(call);
  requireOwner(call, org);
  const login = param(call, 'login');
  const key = login.toLowerCase();
  const invitation = pending(org, login);
  if (!org.members[key] && !invitation) return notFound();
  org.invitations = (org.invitations ?? []).filter((one) => one !== invitation);
  if (org.members[key]) say(call, org, login, 'member_removed');
  delete org.members[key];
  for (const team of org.teams ?? []) delete team.members[key];
  return noContent();
}

function createInvitation(call: Call): Answer {
  const org = orgOf(call);
  requireOwner(call, org);
  const input = bodyOf(call, invitationBody);
  const user = Object.values(call.hub.model.users).find(({ id }) => id === input.invitee_id);
  if (!user && !input.email) return refuse(422, 'Validation Failed');
  const invitation = invite(org, {
    id: call.hub.store.nextId(),
    login: user?.login ?? null,
    email: input.email ?? null,
    role: input.role,
    inviter: actorOf(call).login,
    createdAt: timestamp(),
    teams: input.team_ids,
  });
  return created(renderInvitation(call.hub, org, invitation));
}

function accept(call: Call): Answer {
  const org = orgOf(call);
  const { login } = actorOf(call);
  const invitation = pending(org, login) ?? notFound();
  const key = login.toLowerCase();
  org.members[key] = invitation.role === 'admin' ? 'admin' : 'member';
  org.invitations = (org.invitations ?? []).filter((one) => one !== invitation);
  for (const team of org.teams ?? []) {
    if (invitation.teams.includes(team.id)) team.members[key] = 'member';
  }
  say(call, org, login, 'member_added');
  return ok(renderMembership(call, org, login));
}

function ownMemberships(call: Call): Answer {
  const { login } = actorOf(call);
  const wanted = call.query['state'];
  const orgs = Object.values(call.hub.model.orgs)
    .filter((org) => org.members[login.toLowerCase()] || pending(org, login))
    .map((org) => renderMembership(call, org, login))
    .filter(({ state }) => wanted === undefined || state === wanted);
  return list(orgs, (membership) => membership);
}

const ORG = '/orgs/:org';

/** Organisations, their members and who was invited. */
export const orgRoutes: readonly Route[] = [
  route('GET', ORG, (call) => ok(renderFullOrg(call.hub, orgOf(call)))),
  route('PATCH', ORG, edit),
  route('GET', `${ORG}/members`, (call) =>
    list(members(call), (login) => renderUser(call.hub, login)),
  ),
  route('GET', `${ORG}/members/:login`, isMember),
  route('GET', `${ORG}/public_members`, (call) =>
    list(orgOf(call).publicMembers ?? [], (login) => renderUser(call.hub, login)),
  ),
  route('GET', `${ORG}/public_members/:login`, isPublicMember),
  route('PUT', `${ORG}/public_members/:login`, (call) => show(call, true)),
  route('DELETE', `${ORG}/public_members/:login`, (call) => show(call, false)),
  route('DELETE', `${ORG}/members/:login`, removeMember),
  route('GET', `${ORG}/memberships/:login`, (call) =>
    ok(renderMembership(call, orgOf(call), param(call, 'login'))),
  ),
  route('PUT', `${ORG}/memberships/:login`, setMembership),
  route('DELETE', `${ORG}/memberships/:login`, removeMember),
  route('GET', `${ORG}/invitations`, (call) => {
    const org = orgOf(call);
    requireOwner(call, org);
    return list(org.invitations ?? [], (one) => renderInvitation(call.hub, org, one));
  }),
  route('POST', `${ORG}/invitations`, createInvitation),
  route('DELETE', `${ORG}/invitations/:invitation`, (call) => {
    const org = orgOf(call);
    requireOwner(call, org);
    const id = Number(param(call, 'invitation'));
    if (!org.invitations?.some((one) => one.id === id)) return notFound();
    org.invitations = org.invitations.filter((one) => one.id !== id);
    return noContent();
  }),
  route('GET', `${ORG}/failed_invitations`, (call) => {
    requireOwner(call, orgOf(call));
    return list([], (invitation) => invitation);
  }),
  route('GET', '/user/memberships/orgs', ownMemberships),
  route('GET', '/user/memberships/orgs/:org', (call) =>
    ok(renderMembership(call, orgOf(call), actorOf(call).login)),
  ),
  route('PATCH', '/user/memberships/orgs/:org', accept),
];

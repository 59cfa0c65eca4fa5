import { list, noContent, ok } from '../http/answer.ts';
import { notFound } from '../http/errors.ts';
import { type Call, param, type Route, route } from '../http/route.ts';
import { renderOrg, renderUser } from '../render/account.ts';
import type { Org } from '../state/model.ts';

function orgOf(call: Call): Org {
  return call.hub.findOrg(param(call, 'org')) ?? notFound();
}

function members(call: Call): readonly string[] {
  const role = call.query['role'];
  return Object.entries(orgOf(call).members)
    .filter(([, have]) => role === undefined || role === 'all' || have === role)
    .map(([login]) => login);
}

/** Organisations and their members. */
export const orgRoutes: readonly Route[] = [
  route('GET', '/orgs/:org', (call) => ok(renderOrg(call.hub, orgOf(call)))),
  route('GET', '/orgs/:org/members', (call) =>
    list(members(call), (login) => renderUser(call.hub, login)),
  ),
  route('GET', '/orgs/:org/members/:login', (call) =>
    orgOf(call).members[param(call, 'login').toLowerCase()] ? noContent() : notFound(),
  ),
  route('GET', '/orgs/:org/memberships/:login', (call) => {
    const org = orgOf(call);
    const login = param(call, 'login');
    const role = org.members[login.toLowerCase()] ?? notFound();
    return ok({ state: 'active', role, user: renderUser(call.hub, login) });
  }),
];

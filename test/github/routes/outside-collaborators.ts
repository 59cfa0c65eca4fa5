import { type Answer, answer, list, noContent } from '../http/answer.ts';
import { refuse } from '../http/errors.ts';
import { type Call, param, type Route, route } from '../http/route.ts';
import { renderUser } from '../render/account.ts';
import type { Repo } from '../state/model.ts';
import type { Org } from '../state/orgs.ts';
import { orgOf, requireOwner } from './teams.ts';

function reposOf(call: Call, org: Org): readonly Repo[] {
  return Object.values(call.hub.model.repos).filter(({ owner }) => owner === org.login);
}

/** Who works on repositories of an organisation without belonging to it. */
function outsiders(call: Call): Answer {
  const org = orgOf(call);
  requireOwner(call, org);
  const logins = reposOf(call, org).flatMap(({ collaborators }) => Object.keys(collaborators));
  const outside = [...new Set(logins)].filter((login) => !org.members[login]).sort();
  return list(outside, (login) => renderUser(call.hub, login));
}

/** A member stays with the repositories that the organisation and its teams gave. */
function convert(call: Call): Answer {
  const org = orgOf(call);
  requireOwner(call, org);
  const key = param(call, 'login').toLowerCase();
  const { hub } = call;
  if (!org.members[key])
    return refuse(403, `${key} is not a member of the ${org.login} organization.`);
  const owners = Object.values(org.members).filter((role) => role === 'admin').length;
  if (org.members[key] === 'admin' && owners === 1) {
    return refuse(403, 'Cannot convert the last owner to an outside collaborator');
  }
  const had = reposOf(call, org)
    .map((repo) => ({ repo, have: hub.permissionOf({ ...repo, private: true }, key) }))
    .filter(({ have }) => have !== 'none');
  delete org.members[key];
  for (const team of org.teams ?? []) delete team.members[key];
  for (const { repo, have } of had) repo.collaborators[key] = have;
  return noContent();
}

function remove(call: Call): Answer {
  const org = orgOf(call);
  requireOwner(call, org);
  const key = param(call, 'login').toLowerCase();
  if (org.members[key]) {
    return answer(422, {
      message: 'You cannot specify an organization member to remove as an outside collaborator.',
      documentation_url: 'https://docs.github.com/rest/orgs/outside-collaborators',
    });
  }
  for (const repo of reposOf(call, org)) delete repo.collaborators[key];
  return noContent();
}

const OUTSIDE = '/orgs/:org/outside_collaborators';

/** Outside collaborators of an organisation. */
export const outsideCollaboratorRoutes: readonly Route[] = [
  route('GET', OUTSIDE, outsiders),
  route('PUT', `${OUTSIDE}/:login`, convert),
  route('DELETE', `${OUTSIDE}/:login`, remove),
];

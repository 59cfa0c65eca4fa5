import { type Answer, list, ok } from '../http/answer.ts';
import { notFound } from '../http/errors.ts';
import { actorOf, type Call, param, type Route, route, viewerOf } from '../http/route.ts';
import { maySee } from '../http/sight.ts';
import { renderOrg, renderProfile, renderSelf } from '../render/account.ts';
import { renderFullRepo } from '../render/repository.ts';

function reposOf(call: Call, owner: string) {
  return Object.values(call.hub.model.repos)
    .filter((repo) => repo.owner.toLowerCase() === owner.toLowerCase())
    .filter((repo) => maySee(call.hub, repo, viewerOf(call)));
}

/** Others see only where somebody shows it. */
function orgsOf(call: Call, login: string, own: boolean): Answer {
  const key = login.toLowerCase();
  const orgs = Object.values(call.hub.model.orgs)
    .filter((org) => org.members[key] !== undefined)
    .filter((org) => own || org.publicMembers?.includes(key));
  return list(orgs, (org) => renderOrg(call.hub, org));
}

/** Accounts and what belongs to them. */
export const userRoutes: readonly Route[] = [
  route('GET', '/user', (call) => ok(renderSelf(call.hub, actorOf(call)))),
  route('GET', '/users/:login', (call) =>
    ok(renderProfile(call.hub, call.hub.findUser(param(call, 'login')) ?? notFound())),
  ),
  route('GET', '/users/:login/repos', (call) =>
    list(reposOf(call, param(call, 'login')), (repo) =>
      renderFullRepo(call.hub, repo, call.actor?.login),
    ),
  ),
  route('GET', '/orgs/:org/repos', (call) =>
    list(reposOf(call, param(call, 'org')), (repo) =>
      renderFullRepo(call.hub, repo, call.actor?.login),
    ),
  ),
  route('GET', '/user/repos', (call) => {
    const { login } = actorOf(call);
    const repos = Object.values(call.hub.model.repos)
      .filter((repo) => call.hub.permissionOf({ ...repo, private: true }, login) !== 'none')
      .filter((repo) => maySee(call.hub, repo, viewerOf(call)));
    return list(repos, (repo) => renderFullRepo(call.hub, repo, login));
  }),
  route('GET', '/user/orgs', (call) => orgsOf(call, actorOf(call).login, true)),
  route('GET', '/users/:login/orgs', (call) => orgsOf(call, param(call, 'login'), false)),
  route('GET', '/organizations', (call) =>
    list(Object.values(call.hub.model.orgs), (org) => renderOrg(call.hub, org)),
  ),
  route('GET', '/user/:id', (call) => {
    const id = Number(param(call, 'id'));
    const user = Object.values(call.hub.model.users).find((one) => one.id === id) ?? notFound();
    return ok(renderProfile(call.hub, user));
  }),
  route('GET', '/rate_limit', ({ hub, payer }) => {
    const [core, search, graphql] = (['core', 'search', 'graphql'] as const).map((resource) =>
      hub.budgets.look(payer, resource),
    );
    return ok({ resources: { core, search, graphql }, rate: core });
  }),
];

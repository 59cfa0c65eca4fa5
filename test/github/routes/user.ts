import { list, ok } from '../http/answer.ts';
import { notFound } from '../http/errors.ts';
import { actorOf, type Call, param, type Route, route } from '../http/route.ts';
import { renderProfile, renderSelf } from '../render/account.ts';
import { renderFullRepo } from '../render/repository.ts';

function reposOf(call: Call, owner: string) {
  return Object.values(call.hub.model.repos)
    .filter((repo) => repo.owner.toLowerCase() === owner.toLowerCase())
    .filter((repo) => call.hub.permissionOf(repo, call.actor?.login) !== 'none');
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
  route('GET', '/rate_limit', ({ hub, payer }) => {
    const [core, search, graphql] = (['core', 'search', 'graphql'] as const).map((resource) =>
      hub.budgets.look(payer, resource),
    );
    return ok({ resources: { core, search, graphql }, rate: core });
  }),
];

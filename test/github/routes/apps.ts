import { z } from 'zod';
import {
  type InstallationScene,
  issueToken,
  reposOf,
  select,
  suspend,
  uninstall,
} from '../actions/apps.ts';
import { type Answer, created, list, noContent, ok, wrappedList } from '../http/answer.ts';
import { notFound, refuse } from '../http/errors.ts';
import {
  bodyOf,
  type Call,
  param,
  type Route,
  repoOf,
  requirePermission,
  route,
} from '../http/route.ts';
import { renderApp, renderInstallation } from '../render/app.ts';
import { renderFullRepo } from '../render/repository.ts';
import type { App, Installation } from '../state/apps.ts';
import type { Hook } from '../state/model.ts';
import { deliveryRoutes } from './deliveries.ts';
import { configRoutes } from './hooks.ts';
import { orgOf, requireOwner } from './teams.ts';

const tokenBody = z.object({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.number()).optional(),
  permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])).optional(),
});
const LEVELS = ['none', 'read', 'write', 'admin'];

/** The app that asks in its own name. */
function appOf(call: Call): App {
  return call.app ?? refuse(401, 'A JSON web token could not be decoded');
}

function installationsOf({ hub }: Call, app: App): readonly Installation[] {
  return hub.model.installations.filter((known) => known.app === app.id);
}

function installationOf(call: Call): Installation {
  const id = Number(param(call, 'installation'));
  return installationsOf(call, appOf(call)).find((known) => known.id === id) ?? notFound();
}

function sceneOfApp(call: Call): InstallationScene {
  const app = appOf(call);
  const actor = call.hub.ensureUser(app.owner);
  return { hub: call.hub, app, installation: installationOf(call), actor };
}

function installedAt(call: Call, account: string): Answer {
  const app = appOf(call);
  const found = installationsOf(call, app).find(
    (known) => known.account.toLowerCase() === account.toLowerCase(),
  );
  return ok(renderInstallation(call.hub, app, found ?? notFound()));
}

function installedIn(call: Call): Answer {
  const app = appOf(call);
  const owner = param(call, 'owner');
  const repo = call.hub.findRepo(owner, param(call, 'repo')) ?? repoOf(call);
  const found = installationsOf(call, app)
    .filter(({ account }) => account.toLowerCase() === repo.owner.toLowerCase())
    .find(({ repositories }) => repositories === null || repositories.includes(repo.id));
  return ok(renderInstallation(call.hub, app, found ?? notFound()));
}

/** A token may have less than the app, never more. */
function permissionsFor(app: App, wish: Readonly<Record<string, string>> | undefined) {
  const wanted = wish ?? app.permissions;
  for (const [name, level] of Object.entries(wanted)) {
    const have = app.permissions[name] ?? 'none';
    if (LEVELS.indexOf(level) > LEVELS.indexOf(have)) {
      refuse(422, 'The permissions requested are not granted to this installation.');
    }
  }
  return { metadata: 'read', ...wanted };
}

function repositoriesFor(
  call: Call,
  installation: Installation,
  wish: z.output<typeof tokenBody>,
): readonly number[] | null {
  const { repositories: names, repository_ids: ids } = wish;
  if (names === undefined && ids === undefined) return installation.repositories;
  const may = reposOf(call.hub, installation);
  const chosen = may.filter(
    ({ name, id }) => names?.includes(name) === true || ids?.includes(id) === true,
  );
  if (chosen.length < (names ?? []).length + (ids ?? []).length) {
    refuse(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  }
  return chosen.map(({ id }) => id);
}

function createToken(call: Call): Answer {
  const { hub } = call;
  const app = appOf(call);
  const installation = installationOf(call);
  if (installation.suspendedAt !== null) {
    refuse(403, 'This installation has been suspended');
  }
  const wish = bodyOf(call, tokenBody);
  const permissions = permissionsFor(app, wish.permissions);
  const repositories = repositoriesFor(call, installation, wish);
  const { token, expiresAt } = issueToken(hub, app, {
    installation: installation.id,
    permissions,
    repositories,
  });
  const narrowed = wish.repositories !== undefined || wish.repository_ids !== undefined;
  const named = reposOf(hub, installation).filter(({ id }) => repositories?.includes(id));
  return created({
    token,
    expires_at: expiresAt,
    permissions,
    repository_selection: repositories === null ? 'all' : 'selected',
    ...(narrowed
      ? { repositories: named.map((repo) => renderFullRepo(hub, repo, undefined)) }
      : {}),
  });
}

/** The installation whose token the request carries. */
function ownInstallation(call: Call): Installation {
  const id = call.grant?.installation;
  const found = call.hub.model.installations.find((known) => known.id === id);
  return found ?? refuse(403, 'This endpoint is only for tokens of an installation');
}

function ownRepositories(call: Call): Answer {
  const { hub, grant, actor } = call;
  const installation = ownInstallation(call);
  const chosen = grant?.repositories;
  const repos = reposOf(hub, installation).filter(
    ({ id }) => chosen === undefined || chosen.includes(id),
  );
  return wrappedList(
    repos,
    (repo) => renderFullRepo(hub, repo, actor?.login),
    (repositories) => ({
      total_count: repos.length,
      repository_selection: installation.repositories === null ? 'all' : 'selected',
      repositories,
    }),
  );
}

function revokeOwn(call: Call): Answer {
  ownInstallation(call);
  const { grants, tokens } = call.hub.model;
  const token = Object.keys(grants).find((known) => grants[known] === call.grant);
  if (token !== undefined) {
    delete grants[token];
    delete tokens[token];
  }
  return noContent();
}

function hookOf(call: Call): Hook {
  const app = appOf(call);
  return call.hub.model.hooks.find((hook) => hook.app === app.id) ?? notFound();
}

/** An owner of the account chooses repositories for an app. */
function choose(chosen: boolean) {
  return (call: Call): Answer => {
    const { hub } = call;
    const id = Number(param(call, 'installation'));
    const installation = hub.model.installations.find((known) => known.id === id) ?? notFound();
    const app = hub.model.apps.find((known) => known.id === installation.app) ?? notFound();
    const repo = hub.findRepoById(Number(param(call, 'repository'))) ?? notFound();
    const actor = requirePermission(call, repo, 'admin');
    select({ hub, app, installation, actor }, repo, chosen);
    return noContent();
  };
}

const CHOSEN = '/user/installations/:installation/repositories/:repository';
const INSTALLATION = '/app/installations/:installation';

/** Apps, their installations and tokens, and the webhook of an app. */
export const appRoutes: readonly Route[] = [
  route('GET', '/app', (call) => {
    const app = appOf(call);
    const count = installationsOf(call, app).length;
    return ok({ ...renderApp(call.hub, app), installations_count: count });
  }),
  route('GET', '/apps/:slug', (call) => {
    const app = call.hub.model.apps.find(({ slug }) => slug === param(call, 'slug'));
    return ok(renderApp(call.hub, app ?? notFound()));
  }),
  route('GET', '/app/installations', (call) => {
    const app = appOf(call);
    return list(installationsOf(call, app), (one) => renderInstallation(call.hub, app, one));
  }),
  route('GET', INSTALLATION, (call) =>
    ok(renderInstallation(call.hub, appOf(call), installationOf(call))),
  ),
  route('DELETE', INSTALLATION, (call) => {
    uninstall(sceneOfApp(call));
    return noContent();
  }),
  route('PUT', `${INSTALLATION}/suspended`, (call) => {
    suspend(sceneOfApp(call), true);
    return noContent();
  }),
  route('DELETE', `${INSTALLATION}/suspended`, (call) => {
    suspend(sceneOfApp(call), false);
    return noContent();
  }),
  route('POST', `${INSTALLATION}/access_tokens`, createToken),
  route('GET', '/repos/:owner/:repo/installation', installedIn),
  route('GET', '/orgs/:org/installation', (call) => installedAt(call, param(call, 'org'))),
  route('GET', '/users/:login/installation', (call) => installedAt(call, param(call, 'login'))),
  route('GET', '/orgs/:org/installations', (call) => {
    const org = orgOf(call);
    requireOwner(call, org);
    const { apps, installations } = call.hub.model;
    const found = installations
      .filter(({ account }) => account.toLowerCase() === org.login.toLowerCase())
      .flatMap((installation) => {
        const app = apps.find(({ id }) => id === installation.app);
        return app ? [{ app, installation }] : [];
      });
    return wrappedList(
      found,
      ({ app, installation }) => renderInstallation(call.hub, app, installation),
      (page) => ({ total_count: found.length, installations: page }),
    );
  }),
  route('GET', '/installation/repositories', ownRepositories),
  route('DELETE', '/installation/token', revokeOwn),
  route('PUT', CHOSEN, choose(true)),
  route('DELETE', CHOSEN, choose(false)),
  ...configRoutes('/app/hook/config', hookOf),
  ...deliveryRoutes('/app/hook/deliveries', hookOf),
];

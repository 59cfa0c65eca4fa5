import { randomBytes } from 'node:crypto';
import { type Hub, timestamp } from '../hub.ts';
import { renderInstallation } from '../render/app.ts';
import { nodeId } from '../render/urls.ts';
import type { App, Grant, Installation } from '../state/apps.ts';
import type { Repo, User } from '../state/model.ts';
import { emitAt } from './emit.ts';

/** An app in an account, and who does something to it. */
export interface InstallationScene {
  readonly hub: Hub;
  readonly app: App;
  readonly installation: Installation;
  readonly actor: User;
}

type Json = Record<string, unknown>;

function shortRepo(repo: Repo): Json {
  return {
    id: repo.id,
    node_id: nodeId('Repository', repo.id),
    name: repo.name,
    full_name: `${repo.owner}/${repo.name}`,
    private: repo.private,
  };
}

/** The repositories that an installation may see. */
export function reposOf(hub: Hub, installation: Installation): readonly Repo[] {
  const { account, repositories } = installation;
  return Object.values(hub.model.repos)
    .filter(({ owner }) => owner.toLowerCase() === account.toLowerCase())
    .filter(({ id }) => repositories === null || repositories.includes(id));
}

function say(scene: InstallationScene, action: string, extra: Json = {}): void {
  const { hub, app, installation, actor } = scene;
  emitAt(
    { hub, owner: installation.account, actor },
    {
      event: 'installation',
      action,
      app: app.id,
      payload: () => ({ installation: renderInstallation(hub, app, installation), ...extra }),
    },
  );
}

/** Puts an app into an account; `null` gives it all repositories. */
export function install(
  scene: Omit<InstallationScene, 'installation'>,
  account: string,
  repositories: readonly number[] | null,
): Installation {
  const { hub, app } = scene;
  const installation: Installation = {
    id: hub.store.nextId(),
    app: app.id,
    account: hub.ensureUser(account).login,
    repositories: repositories === null ? null : [...repositories],
    suspendedAt: null,
    createdAt: timestamp(),
  };
  hub.model.installations.push(installation);
  hub.ensureUser(`${app.slug}[bot]`, 'Bot');
  const repos = reposOf(hub, installation).map(shortRepo);
  say({ ...scene, installation }, 'created', { repositories: repos, requester: null });
  return installation;
}

/** Forgets the tokens of an installation. */
function revoke({ hub, installation }: InstallationScene): void {
  const { grants, tokens } = hub.model;
  for (const [token, grant] of Object.entries(grants)) {
    if (grant.installation !== installation.id) continue;
    delete grants[token];
    delete tokens[token];
  }
}

/** Takes an app out of an account; its tokens are worth nothing from then on. */
export function uninstall(scene: InstallationScene): void {
  const { hub, installation } = scene;
  const repositories = reposOf(hub, installation).map(shortRepo);
  say(scene, 'deleted', { repositories });
  revoke(scene);
  const { installations } = hub.model;
  installations.splice(installations.indexOf(installation), 1);
}

/** Suspends an installation, or lets it work again. */
export function suspend(scene: InstallationScene, suspended: boolean): void {
  scene.installation.suspendedAt = suspended ? timestamp() : null;
  if (suspended) revoke(scene);
  say(scene, suspended ? 'suspend' : 'unsuspend');
}

/** Gives an installation that has chosen repositories one more, or takes one away. */
export function select(scene: InstallationScene, repo: Repo, chosen: boolean): void {
  const { hub, app, installation, actor } = scene;
  const before = installation.repositories ?? [];
  if (before.includes(repo.id) === chosen) return;
  installation.repositories = chosen ? [...before, repo.id] : before.filter((id) => id !== repo.id);
  const changed = [shortRepo(repo)];
  emitAt(
    { hub, owner: installation.account, actor },
    {
      event: 'installation_repositories',
      action: chosen ? 'added' : 'removed',
      app: app.id,
      payload: () => ({
        installation: renderInstallation(hub, app, installation),
        repository_selection: 'selected',
        repositories_added: chosen ? changed : [],
        repositories_removed: chosen ? [] : changed,
        requester: null,
      }),
    },
  );
}

const TOKEN_LIFE_MS = 3_600_000;

/** Issues a token for an installation; it is good for an hour. */
export function issueToken(
  hub: Hub,
  app: App,
  wish: Required<Pick<Grant, 'installation' | 'permissions'>> & {
    readonly repositories: readonly number[] | null;
  },
): { readonly token: string; readonly expiresAt: string } {
  const token = `ghs_${randomBytes(27).toString('base64url')}`;
  const expiresAt = `${new Date(Date.now() + TOKEN_LIFE_MS).toISOString().slice(0, 19)}Z`;
  const { installation, permissions, repositories } = wish;
  hub.model.tokens[token] = hub.ensureUser(`${app.slug}[bot]`, 'Bot').login;
  hub.model.grants[token] = {
    installation,
    permissions,
    expiresAt,
    ...(repositories === null ? {} : { repositories }),
  };
  hub.store.touch();
  return { token, expiresAt };
}

import type { Hub } from '../hub.ts';
import type { App, Installation } from '../state/apps.ts';
import { clientIdOf } from '../state/client-id.ts';
import { renderUser } from './account.ts';
import { apiUrl, nodeId } from './urls.ts';

type Json = Record<string, unknown>;

/** A GitHub App. */
export function renderApp(hub: Hub, app: App): Json {
  const page = `${hub.address.url}/apps/${app.slug}`;
  return {
    id: app.id,
    slug: app.slug,
    client_id: clientIdOf(app),
    node_id: nodeId('Integration', app.id),
    owner: renderUser(hub, app.owner),
    name: app.name,
    description: null,
    external_url: page,
    html_url: page,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: app.events,
  };
}

/** Whose check runs those are that no app of a test made. */
const ACTIONS: App = {
  id: 15368,
  slug: 'github-actions',
  name: 'GitHub Actions',
  owner: 'github',
  publicKey: '',
  permissions: { checks: 'write' },
  events: [],
  createdAt: '2020-01-01T00:00:00Z',
};

/** The app of a check run. */
export function renderAppOfCheck(hub: Hub, id: number | null): Json {
  return renderApp(hub, hub.model.apps.find((known) => known.id === id) ?? ACTIONS);
}

/** An app in an account. */
export function renderInstallation(hub: Hub, app: App, installation: Installation): Json {
  const { id, account, createdAt, suspendedAt } = installation;
  const user = hub.ensureUser(account);
  return {
    id,
    client_id: clientIdOf(app),
    account: renderUser(hub, account),
    repository_selection: installation.repositories === null ? 'all' : 'selected',
    access_tokens_url: apiUrl(hub, `/app/installations/${id}/access_tokens`),
    repositories_url: apiUrl(hub, '/installation/repositories'),
    html_url: `${hub.address.url}/organizations/${account}/settings/installations/${id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: user.id,
    target_type: user.type === 'Organization' ? 'Organization' : 'User',
    permissions: app.permissions,
    events: app.events,
    created_at: createdAt,
    updated_at: createdAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: suspendedAt === null ? null : renderUser(hub, app.owner),
    suspended_at: suspendedAt,
  };
}

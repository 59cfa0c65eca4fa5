import type { Hub } from '../hub.ts';
import type { App } from '../state/model.ts';
import { renderUser } from './account.ts';
import { nodeId } from './urls.ts';

type Json = Record<string, unknown>;

/** A GitHub App. */
export function renderApp(hub: Hub, app: App): Json {
  const page = `${hub.address.url}/apps/${app.slug}`;
  return {
    id: app.id,
    slug: app.slug,
    client_id: `Iv1.${app.id.toString(16).padStart(16, '0')}`,
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

/** The app of that id, or null. */
export function renderAppOrNull(hub: Hub, id: number | null): Json | null {
  const app = hub.model.apps.find((known) => known.id === id);
  return app ? renderApp(hub, app) : null;
}

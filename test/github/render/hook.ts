import type { Hub } from '../hub.ts';
import type { Hook } from '../state/model.ts';
import type { Delivery } from '../webhooks/delivery.ts';
import { apiUrl } from './urls.ts';

type Json = Record<string, unknown>;

/** The configuration of a hook; its secret is never shown. */
export function renderHookConfig(hook: Hook): Json {
  return {
    url: hook.url,
    content_type: hook.contentType ?? 'json',
    insecure_ssl: hook.insecureSsl ?? '0',
    ...(hook.secret ? { secret: '********' } : {}),
  };
}

function lastResponse(last: Delivery | undefined): Json {
  if (!last) return { code: null, status: 'unused', message: null };
  const good = last.statusCode >= 200 && last.statusCode < 300;
  return {
    code: last.statusCode || null,
    status: good ? 'active' : 'error',
    message: last.status,
  };
}

/** A hook of a repository or an organisation. */
export function renderHook(hub: Hub, hook: Hook): Json {
  const owner = hook.repo ? `/repos/${hook.owner}/${hook.repo}` : `/orgs/${hook.owner}`;
  const url = apiUrl(hub, `${owner}/hooks/${hook.id}`);
  const last = hub.deliveries.ofHook(hook.id).at(-1);
  return {
    type: hook.repo ? 'Repository' : 'Organization',
    id: hook.id,
    name: 'web',
    active: hook.active,
    events: hook.events,
    config: renderHookConfig(hook),
    created_at: hook.createdAt,
    updated_at: hook.updatedAt ?? hook.createdAt,
    url,
    ping_url: `${url}/pings`,
    ...(hook.repo ? { test_url: `${url}/tests`, last_response: lastResponse(last) } : {}),
    deliveries_url: `${url}/deliveries`,
  };
}

/** A delivery as lists show it. */
export function renderDelivery(hub: Hub, delivery: Delivery): Json {
  const [owner = '', name = ''] = delivery.repository?.split('/') ?? [];
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.redelivery,
    duration: Math.round(delivery.durationMs) / 1000,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId ?? null,
    repository_id: hub.findRepo(owner, name)?.id ?? null,
    throttled_at: null,
  };
}

/** A delivery with what was sent and what came back. */
export function renderFullDelivery(hub: Hub, delivery: Delivery): Json {
  return {
    ...renderDelivery(hub, delivery),
    request: { headers: delivery.request.headers, payload: JSON.parse(delivery.request.body) },
    response: { headers: {}, payload: delivery.responseBody },
  };
}

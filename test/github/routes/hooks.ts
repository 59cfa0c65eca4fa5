import { z } from 'zod';
import { type Answer, answer, created, list, noContent, ok } from '../http/answer.ts';
import { notFound, refuse } from '../http/errors.ts';
import {
  actorOf,
  bodyOf,
  type Call,
  param,
  type Route,
  repoOf,
  requirePermission,
  route,
} from '../http/route.ts';
import { timestamp } from '../hub.ts';
import { apiUrl } from '../render/urls.ts';
import type { Hook } from '../state/model.ts';
import type { Delivery } from '../webhooks/delivery.ts';

const hookBody = z.object({
  config: z
    .object({ url: z.string().optional(), secret: z.string().optional() })
    .loose()
    .default({}),
  events: z.array(z.string()).optional(),
  active: z.boolean().optional(),
});

interface Owner {
  readonly owner: string;
  readonly repo: string | null;
}

function orgOwner(call: Call): Owner {
  const org = call.hub.findOrg(param(call, 'org')) ?? notFound();
  const actor = actorOf(call);
  if (org.members[actor.login.toLowerCase()] !== 'admin') return notFound();
  return { owner: org.login, repo: null };
}

function repoOwner(call: Call): Owner {
  const repo = repoOf(call);
  requirePermission(call, repo, 'admin');
  return { owner: repo.owner, repo: repo.name };
}

function pathOf(owner: Owner): string {
  return owner.repo ? `/repos/${owner.owner}/${owner.repo}/hooks` : `/orgs/${owner.owner}/hooks`;
}

function renderHook(call: Call, hook: Hook): Record<string, unknown> {
  const url = apiUrl(call.hub, `${pathOf(hook)}/${hook.id}`);
  return {
    type: hook.repo ? 'Repository' : 'Organization',
    id: hook.id,
    name: 'web',
    active: hook.active,
    events: hook.events,
    config: {
      url: hook.url,
      content_type: 'json',
      insecure_ssl: '0',
      ...(hook.secret ? { secret: '********' } : {}),
    },
    created_at: hook.createdAt,
    updated_at: hook.createdAt,
    url,
    ping_url: `${url}/pings`,
    ...(hook.repo
      ? {
          test_url: `${url}/tests`,
          last_response: { code: null, status: 'unused', message: null },
        }
      : {}),
    deliveries_url: `${url}/deliveries`,
  };
}

function renderDelivery(call: Call, delivery: Delivery): Record<string, unknown> {
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
    repository_id: call.hub.findRepo(owner, name)?.id ?? null,
    throttled_at: null,
  };
}

function fullDelivery(call: Call, delivery: Delivery): Record<string, unknown> {
  return {
    ...renderDelivery(call, delivery),
    request: { headers: delivery.request.headers, payload: JSON.parse(delivery.request.body) },
    response: { headers: {}, payload: delivery.responseBody },
  };
}

function ownedBy(owner: Owner): (hook: Hook) => boolean {
  return (hook) => hook.owner === owner.owner && hook.repo === owner.repo;
}

function createHook(call: Call, owner: Owner): Answer {
  const { config, events, active } = bodyOf(call, hookBody);
  if (!config.url) return refuse(422, 'Validation Failed');
  const hook: Hook = {
    id: call.hub.store.nextId(),
    ...owner,
    url: config.url,
    secret: config.secret ?? '',
    events: events ?? ['push'],
    active: active ?? true,
    createdAt: timestamp(),
  };
  call.hub.model.hooks.push(hook);
  call.hub.store.touch();
  const ping = {
    zen: 'Keep it logically awesome.',
    hook_id: hook.id,
    hook: renderHook(call, hook),
  };
  call.hub.deliveries.ping(hook, JSON.stringify(ping));
  return created(renderHook(call, hook));
}

function editHook(call: Call, hook: Hook): Answer {
  const { config, events, active } = bodyOf(call, hookBody);
  hook.url = config.url ?? hook.url;
  hook.secret = config.secret ?? hook.secret;
  hook.events = events ?? hook.events;
  hook.active = active ?? hook.active;
  call.hub.store.touch();
  return ok(renderHook(call, hook));
}

/** The same routes exist below an organisation and below a repository. */
function routesBelow(prefix: string, ownerOf: (call: Call) => Owner): readonly Route[] {
  function hookOf(call: Call): Hook {
    const id = Number(param(call, 'hook'));
    const owner = ownerOf(call);
    const hooks = call.hub.model.hooks.filter(ownedBy(owner));
    return hooks.find((hook) => hook.id === id) ?? notFound();
  }
  function deliveryOf(call: Call): Delivery {
    const id = Number(param(call, 'delivery'));
    const hook = hookOf(call);
    return call.hub.deliveries.ofHook(hook.id).find((known) => known.id === id) ?? notFound();
  }
  return [
    route('GET', `${prefix}/hooks`, (call) =>
      list(call.hub.model.hooks.filter(ownedBy(ownerOf(call))), (hook) => renderHook(call, hook)),
    ),
    route('POST', `${prefix}/hooks`, (call) => createHook(call, ownerOf(call))),
    route('GET', `${prefix}/hooks/:hook`, (call) => ok(renderHook(call, hookOf(call)))),
    route('PATCH', `${prefix}/hooks/:hook`, (call) => editHook(call, hookOf(call))),
    route('DELETE', `${prefix}/hooks/:hook`, (call) => {
      const { hooks } = call.hub.model;
      hooks.splice(hooks.indexOf(hookOf(call)), 1);
      call.hub.store.touch();
      return noContent();
    }),
    route('GET', `${prefix}/hooks/:hook/deliveries`, (call) =>
      list([...call.hub.deliveries.ofHook(hookOf(call).id)].reverse(), (delivery) =>
        renderDelivery(call, delivery),
      ),
    ),
    route('GET', `${prefix}/hooks/:hook/deliveries/:delivery`, (call) =>
      ok(fullDelivery(call, deliveryOf(call))),
    ),
    route('POST', `${prefix}/hooks/:hook/deliveries/:delivery/attempts`, (call) => {
      call.hub.deliveries.redeliver(deliveryOf(call));
      return answer(202, {});
    }),
  ];
}

/** Webhooks and their deliveries. */
export const hookRoutes: readonly Route[] = [
  ...routesBelow('/orgs/:org', orgOwner),
  ...routesBelow('/repos/:owner/:repo', repoOwner),
];

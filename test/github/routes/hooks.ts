import { z } from 'zod';
import { createHook, editHook, type HookInput, pingHook } from '../actions/hooks.ts';
import { emitTestPush } from '../actions/refs.ts';
import { type Answer, created, list, noContent, ok } from '../http/answer.ts';
import { notFound, refuse } from '../http/errors.ts';
import { actorOf, bodyOf, type Call, param, type Route, repoOf, route } from '../http/route.ts';
import { renderHook, renderHookConfig } from '../render/hook.ts';
import type { Hook } from '../state/model.ts';
import { deliveryRoutes } from './deliveries.ts';
import { sceneOf } from './scene.ts';

const hookConfig = z.object({
  url: z.string().optional(),
  secret: z.string().optional(),
  content_type: z.enum(['json', 'form']).optional(),
  insecure_ssl: z
    .union([z.string(), z.number()])
    .transform((value) => (String(value) === '1' ? ('1' as const) : ('0' as const)))
    .optional(),
});
const hookBody = z.object({
  config: hookConfig.default({}),
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
  const asApp = call.grant?.permissions?.['organization_hooks'] !== undefined;
  if (org.members[actor.login.toLowerCase()] !== 'admin' && !asApp) return notFound();
  return { owner: org.login, repo: null };
}

function repoOwner(call: Call): Owner {
  const repo = repoOf(call);
  const asApp = call.grant?.permissions?.['repository_hooks'] !== undefined;
  // Whoever may not see hooks is told that there are none.
  const isAdmin = call.hub.permissionOf(repo, actorOf(call).login) === 'admin';
  if (!asApp && !isAdmin) return notFound();
  return { owner: repo.owner, repo: repo.name };
}

function configOf(input: z.output<typeof hookConfig>): HookInput {
  const { url, secret, content_type: contentType, insecure_ssl: insecureSsl } = input;
  return { url, secret, contentType, insecureSsl };
}

function ownedBy(owner: Owner): (hook: Hook) => boolean {
  return (hook) => hook.app === undefined && hook.owner === owner.owner && hook.repo === owner.repo;
}

function create(call: Call, owner: Owner): Answer {
  const { config, events, active } = bodyOf(call, hookBody);
  const { url } = config;
  if (!url) {
    return refuse(422, 'Validation Failed', [
      { resource: 'Hook', code: 'custom', message: 'url cannot be blank' },
    ]);
  }
  const known = call.hub.model.hooks.filter(ownedBy(owner));
  if (known.some((hook) => hook.url === url)) {
    refuse(422, 'Validation Failed', [
      { resource: 'Hook', code: 'custom', message: 'Hook already exists on this repository' },
    ]);
  }
  const hook = createHook(call.hub, owner, { ...configOf(config), url, events, active });
  return created(renderHook(call.hub, hook));
}

function remove(call: Call, hook: Hook): Answer {
  const { hooks } = call.hub.model;
  hooks.splice(hooks.indexOf(hook), 1);
  call.hub.store.touch();
  return noContent();
}

/** The configuration of a hook, by itself. */
export function configRoutes(path: string, hookOf: (call: Call) => Hook): readonly Route[] {
  return [
    route('GET', path, (call) => ok(renderHookConfig(hookOf(call)))),
    route('PATCH', path, (call) => {
      const hook = hookOf(call);
      editHook(call.hub, hook, configOf(bodyOf(call, hookConfig)));
      return ok(renderHookConfig(hook));
    }),
  ];
}

/** The same routes exist below an organisation and below a repository. */
function routesBelow(prefix: string, ownerOf: (call: Call) => Owner): readonly Route[] {
  const hooksOf = (call: Call): readonly Hook[] =>
    call.hub.model.hooks.filter(ownedBy(ownerOf(call)));
  const hookOf = (call: Call): Hook => {
    const id = Number(param(call, 'hook'));
    return hooksOf(call).find((hook) => hook.id === id) ?? notFound();
  };
  const one = `${prefix}/hooks/:hook`;
  return [
    route('GET', `${prefix}/hooks`, (call) =>
      list(hooksOf(call), (hook) => renderHook(call.hub, hook)),
    ),
    route('POST', `${prefix}/hooks`, (call) => create(call, ownerOf(call))),
    route('GET', one, (call) => ok(renderHook(call.hub, hookOf(call)))),
    route('PATCH', one, (call) => {
      const hook = hookOf(call);
      const { config, events, active } = bodyOf(call, hookBody);
      editHook(call.hub, hook, { ...configOf(config), events, active });
      return ok(renderHook(call.hub, hook));
    }),
    route('DELETE', one, (call) => remove(call, hookOf(call))),
    ...configRoutes(`${one}/config`, hookOf),
    route('POST', `${one}/pings`, (call) => {
      pingHook(call.hub, hookOf(call));
      return noContent();
    }),
    ...deliveryRoutes(`${one}/deliveries`, hookOf),
  ];
}

/** Webhooks of organisations and repositories, and their deliveries. */
export const hookRoutes: readonly Route[] = [
  ...routesBelow('/orgs/:org', orgOwner),
  ...routesBelow('/repos/:owner/:repo', repoOwner),
  route('POST', '/repos/:owner/:repo/hooks/:hook/tests', async (call) => {
    repoOwner(call);
    await emitTestPush(sceneOf(call));
    return noContent();
  }),
];

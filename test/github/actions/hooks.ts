import { type Hub, timestamp } from '../hub.ts';
import { renderHook } from '../render/hook.ts';
import type { Hook } from '../state/model.ts';

/** What a hook is made or changed with. */
export interface HookInput {
  readonly url?: string | undefined;
  readonly secret?: string | undefined;
  readonly contentType?: 'json' | 'form' | undefined;
  readonly insecureSsl?: '0' | '1' | undefined;
  readonly events?: readonly string[] | undefined;
  readonly active?: boolean | undefined;
}

/** Greets a hook. */
export function pingHook(hub: Hub, hook: Hook): void {
  const ping = {
    zen: 'Keep it logically awesome.',
    hook_id: hook.id,
    hook: renderHook(hub, hook),
  };
  hub.deliveries.ping(hook, JSON.stringify(ping));
}

/** Makes a hook and greets it. */
export function createHook(
  hub: Hub,
  owner: Pick<Hook, 'owner' | 'repo'>,
  input: HookInput & { readonly url: string },
): Hook {
  const hook: Hook = {
    id: hub.store.nextId(),
    ...owner,
    url: input.url,
    secret: input.secret ?? '',
    events: [...(input.events ?? ['push'])],
    active: input.active ?? true,
    contentType: input.contentType ?? 'form',
    insecureSsl: input.insecureSsl ?? '0',
    createdAt: timestamp(),
  };
  hub.model.hooks.push(hook);
  hub.store.touch();
  pingHook(hub, hook);
  return hook;
}

/** Changes what is given. */
export function editHook(hub: Hub, hook: Hook, input: HookInput): void {
  hook.url = input.url ?? hook.url;
  hook.secret = input.secret ?? hook.secret;
  hook.contentType = input.contentType ?? hook.contentType ?? 'json';
  hook.insecureSsl = input.insecureSsl ?? hook.insecureSsl ?? '0';
  hook.events = [...(input.events ?? hook.events)];
  hook.active = input.active ?? hook.active;
  hook.updatedAt = timestamp();
  hub.store.touch();
}

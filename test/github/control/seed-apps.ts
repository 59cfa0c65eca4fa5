import { z } from 'zod';
import { install } from '../actions/apps.ts';
import { type Hub, timestamp } from '../hub.ts';
import type { App } from '../state/apps.ts';
import type { Hook } from '../state/model.ts';

const installationSchema = z
  .object({
    account: z.string(),
    /** Names without the owner; all repositories if left out. */
    repositories: z.array(z.string()).optional(),
  })
  .strict();

/** A GitHub App: who owns it, what it may do, and where it is installed. */
export const appSchema = z
  .object({
    slug: z.string(),
    name: z.string().optional(),
    /** The app's number, which its JSON web tokens name in `iss`. */
    id: z.number().optional(),
    owner: z.string(),
    /** PEM, of the key that signs the app's JSON web tokens. */
    publicKey: z.string(),
    permissions: z.record(z.string(), z.string()).default({}),
    events: z.array(z.string()).default([]),
    hook: z
      .object({ url: z.string(), secret: z.string().default('') })
      .strict()
      .optional(),
    installations: z.array(installationSchema).default([]),
  })
  .strict();

type AppSeed = z.output<typeof appSchema>;

function ensureApp(hub: Hub, seed: AppSeed): App {
  const { apps } = hub.model;
  const known = apps.find(({ slug }) => slug === seed.slug);
  const { slug, owner, publicKey, permissions, events } = seed;
  const told = { name: seed.name ?? slug, owner, publicKey, permissions, events };
  hub.ensureUser(owner);
  hub.ensureUser(`${slug}[bot]`, 'Bot');
  if (known) return Object.assign(known, told);
  const id = seed.id ?? hub.store.nextId();
  const app: App = { id, slug, ...told, createdAt: timestamp() };
  apps.push(app);
  return app;
}

function setAppHook(hub: Hub, app: App, hook: AppSeed['hook']): void {
  if (!hook) return;
  const { hooks } = hub.model;
  const known = hooks.find((one) => one.app === app.id);
  const now: Hook = {
    id: known?.id ?? hub.store.nextId(),
    owner: app.owner,
    repo: null,
    app: app.id,
    ...hook,
    events: [...app.events],
    active: true,
    createdAt: known?.createdAt ?? timestamp(),
  };
  if (known) Object.assign(known, now);
  else hooks.push(now);
}

/** Makes an app and installs it where it is not yet. */
export function seedApp(hub: Hub, seed: AppSeed): void {
  const app = ensureApp(hub, seed);
  setAppHook(hub, app, seed.hook);
  for (const { account, repositories } of seed.installations) {
    const there = hub.model.installations.some(
      (one) => one.app === app.id && one.account.toLowerCase() === account.toLowerCase(),
    );
    if (there) continue;
    const ids = repositories?.flatMap((name) => hub.findRepo(account, name)?.id ?? []);
    install({ hub, app, actor: hub.ensureUser(app.owner) }, account, ids ?? null);
  }
}

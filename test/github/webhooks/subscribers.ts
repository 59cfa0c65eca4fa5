import type { Installation } from '../state/apps.ts';
import type { Hook, Model } from '../state/model.ts';

/** What is to be told, and where it happened. */
export interface Occasion {
  readonly event: string;
  readonly owner: string;
  readonly repo: string | null;
  /** Of an event that concerns one app only, such as `installation`: its id. */
  readonly app?: number | undefined;
}

/** An app hears of these without asking, and nobody else does. */
const OF_APPS = new Set(['installation', 'installation_repositories']);

function same(one: string, other: string | null): boolean {
  return one.toLowerCase() === other?.toLowerCase();
}

function covers(model: Model, installation: Installation, occasion: Occasion): boolean {
  const { owner, repo } = occasion;
  if (!same(installation.account, owner) || installation.suspendedAt !== null) return false;
  if (installation.repositories === null || repo === null) return true;
  const id = model.repos[`${owner}/${repo}`.toLowerCase()]?.id;
  return id !== undefined && installation.repositories.includes(id);
}

/** The installation that makes an app hear of something. */
export function installationFor(model: Model, hook: Hook, occasion: Occasion): number | undefined {
  if (hook.app === undefined) return undefined;
  const own = model.installations.filter(({ app }) => app === hook.app);
  const found = own.find((installation) => covers(model, installation, occasion));
  // Of its suspension and its end it hears, too.
  const any = own.find(({ account }) => same(account, occasion.owner));
  return (found ?? (OF_APPS.has(occasion.event) ? any : undefined))?.id;
}

function wants(hook: Hook, { event, app }: Occasion): boolean {
  if (!hook.active || (app !== undefined && hook.app !== app)) return false;
  if (OF_APPS.has(event)) return hook.app !== undefined;
  return hook.events.includes('*') || hook.events.includes(event);
}

/** Whether a hook is told of something. */
export function isFor(model: Model, hook: Hook, occasion: Occasion): boolean {
  if (!wants(hook, occasion)) return false;
  if (hook.app !== undefined) return installationFor(model, hook, occasion) !== undefined;
  if (!same(hook.owner, occasion.owner)) return false;
  return hook.repo === null || same(hook.repo, occasion.repo);
}

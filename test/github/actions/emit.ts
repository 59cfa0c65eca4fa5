import type { Hub } from '../hub.ts';
import { renderOrg, renderUser } from '../render/account.ts';
import { renderRepo } from '../render/repository.ts';
import type { Issue, Repo, User } from '../state/model.ts';

/** Where something happened and who did it. */
export interface Scene {
  readonly hub: Hub;
  readonly repo: Repo;
  readonly actor: User;
}

/** What a webhook says beyond repository, organisation and sender. */
export interface Happening {
  readonly event: string;
  readonly action?: string;
  /** Of what only one app is told: its id. */
  readonly app?: number;
  /** Which one, for the ledger: `#7 lgtm`. */
  readonly about?: string;
  /** Called only when a hook wants the event, at once. */
  readonly payload: () => Record<string, unknown>;
}

/** Something in an organisation, perhaps in one of its repositories. */
export interface OrgScene {
  readonly hub: Hub;
  readonly owner: string;
  readonly repo?: Repo;
  readonly actor: User;
}

/** Tells every hook that wants to know. */
export function emit(scene: Scene, happening: Happening): void {
  emitAt({ ...scene, owner: scene.repo.owner }, happening);
}

/** Tells the hooks of an organisation, and of the repository if there is one. */
export function emitAt(scene: OrgScene, happening: Happening): void {
  const { hub, owner, repo, actor } = scene;
  const { event, action } = happening;
  hub.store.touch();
  hub.ledger.recordWrite({
    time: new Date().toISOString(),
    actor: actor.login,
    event: action ? `${event}.${action}` : event,
    place: repo ? `${repo.owner}/${repo.name}` : owner,
    about: happening.about ?? '',
  });
  const wanted = hub.deliveries.wanted(event, owner, repo?.name ?? null);
  if (!wanted && !hub.contract) return;
  const org = hub.findOrg(owner);
  const body = JSON.stringify({
    ...(action ? { action } : {}),
    ...(repo ? { repository: renderRepo(hub, repo) } : {}),
    ...happening.payload(),
    ...(org ? { organization: renderOrg(hub, org) } : {}),
    sender: renderUser(hub, actor.login),
  });
  hub.contract?.checkWebhook(event, action ?? null, JSON.parse(body));
  hub.deliveries.send({
    event,
    action: action ?? null,
    owner,
    repo: repo?.name ?? null,
    app: happening.app,
    body,
  });
}

/** Adds a line to the history of an issue. */
export function recordEvent(
  scene: Scene,
  issue: Issue,
  entry: {
    readonly event: string;
    readonly label?: string;
    readonly assignee?: string;
    readonly commitId?: string;
    readonly milestone?: string;
    readonly reviewer?: string;
    readonly rename?: { readonly from: string; readonly to: string };
  },
): void {
  issue.events.push({
    id: scene.hub.store.nextId(),
    actor: scene.actor.login,
    createdAt: `${new Date().toISOString().slice(0, 19)}Z`,
    ...entry,
  });
}

import type { Hub } from '../hub.ts';
import type { Grant } from '../state/apps.ts';
import type { Repo, User } from '../state/model.ts';

/** What every view may need: the state, who asks, and what the query costs. */
export interface World {
  readonly hub: Hub;
  readonly viewer: User;
  /** What the token narrows the viewer's rights to. */
  readonly grant: Grant | undefined;
  /** How many milliseconds in the past this query sees GitHub (a fault). */
  readonly lagMs: number;
  readonly cost: number;
  readonly nodes: number;
}

/** What an object shows: values, or functions that compute them where they are asked for. */
export type View = Readonly<Record<string, unknown>>;

/** A repository and who looks at it. */
export interface Place {
  readonly world: World;
  readonly repo: Repo;
}

/** A repository as this query sees it. */
export function seen({ hub, lagMs }: World, repo: Repo): Repo {
  return lagMs > 0 ? hub.history.asOf(repo, lagMs) : repo;
}

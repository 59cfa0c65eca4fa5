import { timestamp } from '../hub.ts';
import { renderCommit } from '../render/commit.ts';
import { repoApi } from '../render/urls.ts';
import type { Status } from '../state/model.ts';
import { commitOf } from './commits.ts';
import { emit, type Scene } from './emit.ts';

/** What a new status says. */
export interface NewStatus {
  readonly state: Status['state'];
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
}

/** Adds a status to a commit; the newest per context counts. */
export async function addStatus(scene: Scene, sha: string, input: NewStatus): Promise<Status> {
  const { hub, repo, actor } = scene;
  const status: Status = {
    id: hub.store.nextId(),
    ...input,
    creator: actor.login,
    createdAt: timestamp(),
  };
  const known = repo.statuses[sha] ?? [];
  known.push(status);
  repo.statuses[sha] = known;
  const commit = renderCommit(hub, repo, await commitOf(hub, repo, sha));
  emit(scene, {
    event: 'status',
    about: `${sha} ${status.context} ${status.state}`,
    payload: () => ({
      id: status.id,
      sha,
      name: `${repo.owner}/${repo.name}`,
      target_url: status.targetUrl,
      context: status.context,
      description: status.description,
      state: status.state,
      commit,
      branches: Object.entries(repo.refs)
        .filter(([ref, tip]) => ref.startsWith('refs/heads/') && tip === sha)
        .map(([ref]) => ({
          name: ref.slice('refs/heads/'.length),
          commit: { sha, url: repoApi(hub, repo, `/commits/${sha}`) },
          protected: repo.protection[ref.slice('refs/heads/'.length)] !== undefined,
        })),
      created_at: status.createdAt,
      updated_at: status.createdAt,
    }),
  });
  return status;
}

/** The newest status of each context. */
export function newestStatuses(statuses: readonly Status[]): readonly Status[] {
  const newest = new Map<string, Status>();
  for (const status of statuses) newest.set(status.context, status);
  return [...newest.values()];
}

/** One word for all contexts of a commit. */
export function combinedState(statuses: readonly Status[]): string {
  if (statuses.some(({ state }) => state === 'failure' || state === 'error')) return 'failure';
  if (statuses.length === 0 || statuses.some(({ state }) => state === 'pending')) return 'pending';
  return 'success';
}

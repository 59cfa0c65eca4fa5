import type { Hub } from '../hub.ts';
import type { Repo } from '../state/model.ts';

/** The API address of a path. */
export function apiUrl(hub: Hub, path: string): string {
  return `${hub.address.url}/api/v3${path}`;
}

/** The API address of something in a repository. */
export function repoApi(hub: Hub, repo: Repo, path = ''): string {
  return apiUrl(hub, `/repos/${repo.owner}/${repo.name}${path}`);
}

/** The page of something in a repository. */
export function repoPage(hub: Hub, repo: Repo, path = ''): string {
  return `${hub.address.url}/${repo.owner}/${repo.name}${path}`;
}

/** An opaque global id of the old style. */
export function nodeId(kind: string, id: number | string): string {
  return Buffer.from(`0${kind.length}:${kind}${id}`).toString('base64');
}

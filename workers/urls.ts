import type { RepositoryName } from '../workflows/domain/repository.ts';
import type { GitHubOptions } from './options.ts';

/** Where repositories are cloned from: GitHub's own host, or the one that serves the given API. */
export function cloneUrlOf({ endpoint }: GitHubOptions): (repository: RepositoryName) => string {
  const host = gitHost(endpoint);
  return ({ org, repo }) => `${host}/${org}/${repo}.git`;
}

/** The root of GitHub's pages for an API address: `api.github.com` and `/api/v3` have theirs elsewhere. */
export function gitHost(endpoint: string): string {
  const url = new URL(endpoint);
  if (url.hostname === 'api.github.com') return 'https://github.com';
  return url.origin;
}

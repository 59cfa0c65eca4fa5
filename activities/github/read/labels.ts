import type { RepositoryName } from '../../../workflows/domain/repository.ts';
import type { GitHub } from '../client.ts';
import {
  allPages,
  issuePath,
  type Numbered,
  pageOf,
  type ReadOptions,
  reading,
  repositoryPath,
} from './reading.ts';

/** Names of the labels on an issue or pull request. */
export async function readLabels(
  github: GitHub,
  issue: Numbered,
  options?: ReadOptions,
): Promise<readonly string[]> {
  const ask = reading(github, 'labels', options);
  const labels = await allPages(async (page) =>
    pageOf(
      await ask('GET /repos/{owner}/{repo}/issues/{issue_number}/labels', {
        ...issuePath(issue),
        ...page,
      }),
    ),
  );
  return labels.map(({ name }) => name);
}

/** Names of the labels that a repository has. */
export async function readRepositoryLabels(
  github: GitHub,
  repository: RepositoryName,
  options?: ReadOptions,
): Promise<readonly string[]> {
  const ask = reading(github, 'repository-labels', options);
  const labels = await allPages(async (page) =>
    pageOf(
      await ask('GET /repos/{owner}/{repo}/labels', { ...repositoryPath(repository), ...page }),
    ),
  );
  return labels.map(({ name }) => name);
}

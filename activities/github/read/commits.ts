import type { RepositoryName } from '../../../workflows/domain/repository.ts';
import type { GitHub } from '../client.ts';
import {
  allPages,
  pageOf,
  type ReadOptions,
  reading,
  repositoryPath,
  unlessMissing,
} from './reading.ts';

/** A commit of a repository. */
export interface CommitPlace {
  readonly repository: RepositoryName;
  readonly sha: string;
}

/** A commit without its changes. */
export interface CommitRead {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
}

/** The SHA at the head of a branch; undefined if there is no such branch. */
export async function readBranchHead(
  github: GitHub,
  { repository, branch }: { readonly repository: RepositoryName; readonly branch: string },
  options?: ReadOptions,
): Promise<string | undefined> {
  const ask = reading(github, 'branch-head', options);
  const answer = await unlessMissing(
    ask('GET /repos/{owner}/{repo}/git/ref/{ref}', {
      ...repositoryPath(repository),
      ref: `heads/${branch}`,
    }),
  );
  return answer?.data.object.sha;
}

/** A commit with its tree; undefined if GitHub has none of that SHA. */
export async function readCommit(
  github: GitHub,
  { repository, sha }: CommitPlace,
  options?: ReadOptions,
): Promise<CommitRead | undefined> {
  const ask = reading(github, 'commit', options);
  const answer = await unlessMissing(
    ask('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', {
      ...repositoryPath(repository),
      commit_sha: sha,
    }),
  );
  return (
    answer && {
      sha: answer.data.sha,
      tree: answer.data.tree.sha,
      parents: answer.data.parents.map((parent) => parent.sha),
      message: answer.data.message,
    }
  );
}

/** Numbers of the open pull requests whose head is this commit. */
export async function readPullsOfCommit(
  github: GitHub,
  { repository, sha }: CommitPlace,
  options?: ReadOptions,
): Promise<readonly number[]> {
  const ask = reading(github, 'pulls-of-commit', options);
  const pulls = await unlessMissing(
    allPages(async (page) =>
      pageOf(
        await ask('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', {
          ...repositoryPath(repository),
          commit_sha: sha,
          ...page,
        }),
      ),
    ),
  );
  return (pulls ?? [])
    .filter((pull) => pull.state === 'open' && pull.head.sha === sha)
    .map(({ number }) => number);
}

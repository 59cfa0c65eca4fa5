import type { RepositoryName } from '../../../workflows/domain/repository.ts';
import type { GitHub } from '../client.ts';
import { type ReadOptions, reading, repositoryPath, unlessMissing } from './reading.ts';

/** A repository's settings. */
export interface RepositoryRead {
  readonly id: number;
  /** As GitHub spells it now: other than asked after a rename. */
  readonly fullName: string;
  readonly defaultBranch: string;
  readonly private: boolean;
  readonly archived: boolean;
  readonly cloneUrl: string;
  /** Merge methods that GitHub would accept. */
  readonly mergeMethods: readonly ('merge' | 'squash' | 'rebase')[];
}

/** A repository; undefined if there is none or we may not see it. */
export async function readRepository(
  github: GitHub,
  repository: RepositoryName,
  options?: ReadOptions,
): Promise<RepositoryRead | undefined> {
  const ask = reading(github, 'repository', options);
  const answer = await unlessMissing(ask('GET /repos/{owner}/{repo}', repositoryPath(repository)));
  if (answer === undefined) return undefined;
  const { data } = answer;
  const allowed = {
    merge: data.allow_merge_commit ?? true,
    squash: data.allow_squash_merge ?? true,
    rebase: data.allow_rebase_merge ?? true,
  };
  return {
    id: Number(data.id),
    fullName: data.full_name,
    defaultBranch: data.default_branch,
    private: data.private,
    archived: data.archived,
    cloneUrl: data.clone_url,
    mergeMethods: (['merge', 'squash', 'rebase'] as const).filter((method) => allowed[method]),
  };
}

/** The merge methods that a repository allows; undefined if we may not see it. Remembered for 10 minutes. */
export async function readMergeMethods(
  github: GitHub,
  repository: RepositoryName,
): Promise<RepositoryRead['mergeMethods'] | undefined> {
  const key = `${repository.org}/${repository.repo}`.toLowerCase();
  const known = github.memory.mergeMethods.get(key);
  if (known !== undefined) return known;
  const read = await readRepository(github, repository);
  if (read !== undefined) github.memory.mergeMethods.set(key, read.mergeMethods);
  return read?.mergeMethods;
}

/** The text of a file at a commit; undefined if there is no such file. */
export async function readFileAt(
  github: GitHub,
  {
    repository,
    path,
    ref,
  }: { readonly repository: RepositoryName; readonly path: string; readonly ref: string },
  options?: ReadOptions,
): Promise<string | undefined> {
  const ask = reading(github, 'file', options);
  const answer = await unlessMissing(
    ask('GET /repos/{owner}/{repo}/contents/{path}', { ...repositoryPath(repository), path, ref }),
  );
  if (answer === undefined || Array.isArray(answer.data) || !('content' in answer.data)) {
    return undefined;
  }
  const { content } = answer.data;
  return content === undefined ? undefined : Buffer.from(content, 'base64').toString('utf8');
}

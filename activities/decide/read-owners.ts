import {
  buildOwners,
  isOwnersRelevant,
  ownersDenylist,
  type RepoOwners,
} from '../../config/owners.ts';
import { type ConfigSnapshot, pluginSettings } from '../../config/snapshot.ts';
import type { RepositoryName } from '../../workflows/domain/repository.ts';
import type { Mirror } from '../git/mirror.ts';

/** Which commit's OWNERS, and by which settings they are read. */
export interface OwnersQuestion {
  readonly repository: RepositoryName;
  readonly sha: string;
  readonly snapshot: ConfigSnapshot;
  readonly collaborators: ReadonlySet<string> | undefined;
}

/** Reads all OWNERS files of a commit (W§3); not cut down to collaborators where the settings say so. */
export async function readOwners(
  mirror: Mirror,
  { repository, sha, snapshot, collaborators }: OwnersQuestion,
): Promise<RepoOwners> {
  const { org, repo } = repository;
  const settings = pluginSettings(snapshot, org, repo).owners;
  const files = await mirror.filesNamed(repository, sha, (path) =>
    isOwnersRelevant(path, settings),
  );
  return buildOwners({
    files,
    settings,
    denylist: ownersDenylist(snapshot.prow, org, repo),
    ...(collaborators === undefined ? {} : { collaborators: [...collaborators] }),
  });
}

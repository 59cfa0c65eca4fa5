import { LRUCache } from 'lru-cache';
import {
  isGenerated,
  linguistGenerated,
  parseGeneratedFiles,
  parsePathList,
} from '../../config/generated-files.ts';
import type { RepoOwners } from '../../config/owners.ts';
import type { ChangedFile } from '../../workflows/domain/facts.ts';
import { fullName, type RepositoryName } from '../../workflows/domain/repository.ts';
import type { Mirror } from '../git/mirror.ts';
import { readOwners } from './read-owners.ts';
import type { ActiveConfig, Comparison, GitFacts, GitHubFacts } from './sources.ts';

/** What the facts of git are made of. */
export interface GitFactSources {
  readonly mirror: Mirror;
  readonly github: GitHubFacts;
  readonly config: (atLeast: number) => Promise<ActiveConfig>;
}

/** The facts of git for deciding, from local mirrors; by commit, so that what is remembered stays true. */
export function createGitFacts(sources: GitFactSources): GitFacts {
  const { mirror, github } = sources;
  const files = new LRUCache<string, readonly ChangedFile[]>({ max: 5_000 });
  const owners = new LRUCache<string, RepoOwners>({ max: 500 });
  return {
    knownChangedFiles: (comparison) => files.get(keyOf(comparison)),
    changedFiles: async (comparison) => {
      const known = files.get(keyOf(comparison));
      if (known !== undefined) return known;
      const { repository, headSha, number } = comparison;
      const base = await comparison.baseSha();
      await mirror.ensure(repository, [base, headSha], [number]);
      const changed = await mirror.changedFiles(repository, base, headSha);
      files.set(keyOf(comparison), changed);
      return changed;
    },
    fileAt: (repository, path, sha) => mirror.fileAt(repository, sha, path),
    treeOf: (repository, sha) => mirror.treeOf(repository, sha),
    owners: async (repository, base) => {
      const { number, snapshot } = await sources.config(0);
      const collaborators = await github.collaborators(repository);
      const people = collaborators === undefined ? '?' : [...collaborators].sort().join(',');
      const key = `${fullName(repository)} ${base} ${number} ${people}`;
      const known = owners.get(key);
      if (known !== undefined) return known;
      const read = await readOwners(mirror, { repository, sha: base, snapshot, collaborators });
      owners.set(key, read);
      return read;
    },
    generatedPaths: async ({ repository, baseSha }, paths) =>
      generatedAmong(mirror, repository, { sha: await baseSha(), paths }),
  };
}

function keyOf({ repository, baseRef, headSha }: Comparison): string {
  return `${fullName(repository)} ${baseRef} ${headSha}`;
}

async function generatedAmong(
  mirror: Mirror,
  repository: RepositoryName,
  { sha, paths }: { readonly sha: string; readonly paths: readonly string[] },
): Promise<ReadonlySet<string>> {
  const [list, attributes] = await Promise.all([
    mirror.fileAt(repository, sha, '.generated_files'),
    mirror.fileAt(repository, sha, '.gitattributes'),
  ]);
  const rules = parseGeneratedFiles(list ?? '');
  const lists = await Promise.all(
    rules.listedIn.map((path) => mirror.fileAt(repository, sha, path)),
  );
  const listed = new Set(lists.flatMap((text) => parsePathList(text ?? '')));
  const linguist = linguistGenerated(attributes ?? '');
  return new Set(paths.filter((path) => isGenerated(rules, listed, path) || linguist(path)));
}

import type { ChangedFile } from '../../workflows/domain/facts.ts';
import type { RepositoryName } from '../../workflows/domain/repository.ts';
import { type Batch, type BatchRequest, pickBatch } from './batch.ts';
import { diff } from './changes.ts';
import { fetchMissing, hasAll } from './fetching.ts';
import { type FileRead, fileAt, filesNamed } from './files.ts';
import { isAncestor, mergeBase, mergeTree, type TreeMerge, treeOf } from './merging.ts';
import { sha as checkedSha, mirrorDirectory } from './names.ts';
import { GitFailure } from './run.ts';

/** Where mirrors are kept and fetched from. */
export interface MirrorOptions {
  readonly cacheDir: string;
  readonly cloneUrl: (repository: RepositoryName) => string;
  /** A token for fetching over HTTP(S). */
  readonly credentials?: (repository: RepositoryName) => Promise<string | undefined>;
}

/** Local bare copies of repositories. Every method fetches what it needs and the copy has not. */
export interface Mirror {
  /** Makes sure that these commits are there; `pulls` helps with servers that refuse SHAs. */
  ensure(
    repository: RepositoryName,
    shas: readonly string[],
    pulls?: readonly number[],
  ): Promise<void>;
  /** What a pull request changes: from the merge base to its head, as GitHub's list has it. */
  changedFiles(
    repository: RepositoryName,
    baseSha: string,
    headSha: string,
  ): Promise<readonly ChangedFile[]>;
  /** Regular files of a commit by path, with their text; files over 1 MiB are left out. */
  filesNamed(
    repository: RepositoryName,
    sha: string,
    wanted: (path: string) => boolean,
  ): Promise<readonly FileRead[]>;
  fileAt(repository: RepositoryName, sha: string, path: string): Promise<string | undefined>;
  treeOf(repository: RepositoryName, sha: string): Promise<string>;
  mergeBase(repository: RepositoryName, one: string, other: string): Promise<string | undefined>;
  isAncestor(repository: RepositoryName, ancestor: string, of: string): Promise<boolean>;
  mergeTree(repository: RepositoryName, base: string, head: string): Promise<TreeMerge>;
  pickBatch(repository: RepositoryName, request: BatchRequest): Promise<Batch>;
  /** Where the mirror is, for those who clone from it. */
  directory(repository: RepositoryName): string;
}

/** Mirrors in a folder; one fetch at a time per repository. */
export function createMirror({ cacheDir, cloneUrl, credentials }: MirrorOptions): Mirror {
  const fetches = new Map<string, Promise<void>>();

  function directory(repository: RepositoryName): string {
    return mirrorDirectory(cacheDir, repository);
  }
  async function ensure(
    repository: RepositoryName,
    shas: readonly string[],
    pulls: readonly number[] = [],
  ): Promise<void> {
    const place = directory(repository);
    // What is there needs not wait for somebody else's fetch.
    if (await hasAll(place, shas)) return;
    const source = {
      directory: place,
      url: cloneUrl(repository),
      token: async () => credentials?.(repository),
    };
    const turn = (fetches.get(place) ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => fetchMissing(source, { shas, pulls }));
    fetches.set(place, turn);
    return turn;
  }
  /** Fetches a commit; its checked name and the mirror's place. */
  async function one(repository: RepositoryName, sha: string): Promise<[string, string]> {
    const commit = checkedSha(sha);
    await ensure(repository, [commit]);
    return [directory(repository), commit];
  }
  async function two(
    repository: RepositoryName,
    first: string,
    second: string,
  ): Promise<[string, string, string]> {
    const commits = [checkedSha(first), checkedSha(second)] as const;
    await ensure(repository, commits);
    return [directory(repository), ...commits];
  }
  return {
    ensure,
    directory,
    async changedFiles(repository, baseSha, headSha) {
      const [place, base, head] = await two(repository, baseSha, headSha);
      const from = await mergeBase(place, base, head);
      if (from === undefined) throw new GitFailure('base and head have no common ancestor', 1);
      return diff(place, from, head);
    },
    async filesNamed(repository, sha, wanted) {
      const [place, commit] = await one(repository, sha);
      return filesNamed(place, commit, wanted);
    },
    async fileAt(repository, sha, path) {
      const [place, commit] = await one(repository, sha);
      return fileAt(place, commit, path);
    },
    async treeOf(repository, sha) {
      const [place, commit] = await one(repository, sha);
      return treeOf(place, commit);
    },
    async mergeBase(repository, left, right) {
      const [place, first, second] = await two(repository, left, right);
      return mergeBase(place, first, second);
    },
    async isAncestor(repository, ancestor, of) {
      const [place, older, newer] = await two(repository, ancestor, of);
      return isAncestor(place, older, newer);
    },
    async mergeTree(repository, base, head) {
      const [place, onto, from] = await two(repository, base, head);
      return mergeTree(place, onto, from);
    },
    async pickBatch(repository, request) {
      const base = checkedSha(request.base);
      const candidates = request.candidates.map((candidate) => ({
        ...candidate,
        sha: checkedSha(candidate.sha),
      }));
      const numbers = candidates.map(({ number }) => number);
      await ensure(repository, [base, ...candidates.map(({ sha }) => sha)], numbers);
      return pickBatch(directory(repository), { ...request, base, candidates });
    },
  };
}

import { type CommitRecord, readCommits } from '../git/history.ts';
import { notFound } from '../http/errors.ts';
import type { Hub } from '../hub.ts';
import type { Repo } from '../state/model.ts';

/** One commit, read once. */
export async function commitOf(hub: Hub, repo: Repo, sha: string): Promise<CommitRecord> {
  const [commit] = await hub.memos.commits(`${repo.id} ${sha}`, () =>
    readCommits(hub.directoryOf(repo), ['-1', sha]),
  );
  return commit ?? notFound();
}

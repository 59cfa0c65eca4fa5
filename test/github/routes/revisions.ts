import { resolveCommit } from '../git/repository.ts';
import { notFound } from '../http/errors.ts';
import type { Hub } from '../hub.ts';
import type { Repo } from '../state/model.ts';

const FULL_SHA = /^[0-9a-f]{40}$/;

function fromRefs(repo: Repo, name: string): string | undefined {
  return (
    repo.refs[`refs/heads/${name}`] ??
    repo.refs[`refs/tags/${name}`] ??
    repo.refs[`refs/${name}`] ??
    repo.refs[name]
  );
}

/** Whether the repository has a commit of this full SHA. */
export async function hasCommit(hub: Hub, repo: Repo, sha: string): Promise<boolean> {
  if (!FULL_SHA.test(sha)) return false;
  const known = await hub.memos
    .texts(
      `commit ${repo.id} ${sha}`,
      async () =>
        (await resolveCommit(hub.directoryOf(repo), sha)) ?? Promise.reject(new Error(sha)),
    )
    .catch(() => '');
  return known !== '';
}

/** The commit that a branch, tag, ref or SHA names; 404 otherwise. */
export async function shaOf(hub: Hub, repo: Repo, name: string): Promise<string> {
  const known = fromRefs(repo, name);
  if (known) return known;
  if (FULL_SHA.test(name)) return (await hasCommit(hub, repo, name)) ? name : notFound();
  if (!/^[0-9a-f]{4,39}$/.test(name)) return notFound();
  return (await resolveCommit(hub.directoryOf(repo), name)) ?? notFound();
}

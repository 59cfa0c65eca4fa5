import type { ChangedFile } from '../git/changes.ts';
import { readChanges } from '../git/changes.ts';
import { type CommitRecord, readCommits } from '../git/history.ts';
import { makeMerge, mergeTree } from '../git/merge.ts';
import { NO_COMMIT, setRefs, updateRef } from '../git/repository.ts';
import type { Hub } from '../hub.ts';
import { mergeabilityKey } from '../render/pull.ts';
import type { PullIssue, Repo } from '../state/model.ts';

/** The files that a pull request changes, from where it left its base. */
export function pullFiles(hub: Hub, repo: Repo, issue: PullIssue): Promise<readonly ChangedFile[]> {
  const { base, head } = issue.pull;
  const range = `${base.sha}...${head.sha}`;
  return hub.memos.changes(`${repo.id} ${range}`, () =>
    readChanges(hub.directoryOf(repo), [range]),
  );
}

/** The commits of a pull request, oldest first. */
export function pullCommits(
  hub: Hub,
  repo: Repo,
  issue: PullIssue,
): Promise<readonly CommitRecord[]> {
  const { base, head } = issue.pull;
  const range = `${base.sha}..${head.sha}`;
  return hub.memos.commits(`${repo.id} ${range}`, () =>
    readCommits(hub.directoryOf(repo), ['--reverse', '--topo-order', range]),
  );
}

/** Makes sure that the counts of a pull request are those of its present commits. */
export async function ensureSize(hub: Hub, repo: Repo, issue: PullIssue): Promise<void> {
  const { pull } = issue;
  const key = `${pull.base.sha}..${pull.head.sha}`;
  if (pull.size?.key === key) return;
  const [files, commits] = await Promise.all([
    pullFiles(hub, repo, issue),
    pullCommits(hub, repo, issue),
  ]);
  pull.size = {
    key,
    commits: commits.length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changedFiles: files.length,
  };
}

/**
 * The commit that merging would make, kept as `refs/pull/N/merge` as long as the merge is clean: its
 * parents are the tip of the base and the head.
 */
async function keepMergeRef(
  hub: Hub,
  repo: Repo,
  place: { readonly issue: PullIssue; readonly base: string; readonly clean: boolean },
): Promise<void> {
  const { issue, base, clean } = place;
  const ref = `refs/pull/${issue.number}/merge`;
  const head = issue.pull.head.sha;
  const directory = hub.directoryOf(repo);
  if (clean) {
    const author = { name: 'GitHub', email: 'noreply@github.com' };
    const message = `Merge ${head} into ${base}\n`;
    const order = { base, head, method: 'merge', message, author } as const;
    const sha = await makeMerge(directory, order);
    if (sha === undefined || issue.pull.merged) return;
    await setRefs(directory, { [ref]: sha });
    repo.refs[ref] = sha;
    issue.pull.mergeCommitSha = sha;
  } else if (repo.refs[ref] !== undefined) {
    delete repo.refs[ref];
    await updateRef(directory, { ref, after: NO_COMMIT });
    issue.pull.mergeCommitSha = null;
  }
}

/** Finds out in the background whether a pull request merges; `mergeable` is null until then. */
export function refreshMergeability(hub: Hub, repo: Repo, issue: PullIssue): void {
  const { pull } = issue;
  const key = mergeabilityKey(repo, issue);
  const base = repo.refs[`refs/heads/${pull.base.ref}`];
  if (pull.merged || !base || pull.mergeability?.key === key) return;
  if (hub.underWay.get(issue) === key) return;
  hub.underWay.set(issue, key);
  const find = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, hub.settings.mergeableAfterMs));
    const clean = (await mergeTree(hub.directoryOf(repo), base, pull.head.sha)) !== undefined;
    // A later look may have begun meanwhile, with other commits: it has the last word.
    if (hub.underWay.get(issue) !== key) return;
    await keepMergeRef(hub, repo, { issue, base, clean });
    if (!pull.merged) pull.mergeability = { key, clean };
    hub.store.touch();
  };
  void find()
    .catch(() => undefined)
    .finally(() => {
      if (hub.underWay.get(issue) === key) hub.underWay.delete(issue);
    });
}

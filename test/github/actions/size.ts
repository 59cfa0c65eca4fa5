import type { ChangedFile } from '../git/changes.ts';
import { readChanges } from '../git/changes.ts';
import { type CommitRecord, readCommits } from '../git/history.ts';
import { mergeTree } from '../git/merge.ts';
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
    pull.mergeability = { key, clean };
    hub.store.touch();
  };
  void find()
    .catch(() => undefined)
    .finally(() => hub.underWay.delete(issue));
}

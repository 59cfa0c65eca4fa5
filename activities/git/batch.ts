import { commitTree, isAncestor, mergeBase, mergeTree, treeOf } from './merging.ts';
import { git } from './run.ts';

/** How GitHub would merge it. */
export type MergeMethod = 'merge' | 'squash' | 'rebase';

/** A pull request that may join a batch. */
export interface BatchCandidate {
  readonly number: number;
  readonly sha: string;
  readonly method: MergeMethod;
}

/** Which pull requests can be merged one after the other. */
export interface BatchRequest {
  readonly base: string;
  /** In the order in which they will be merged. */
  readonly candidates: readonly BatchCandidate[];
  /** 0 is no limit, less than 0 no batch at all. */
  readonly limit: number;
}

/** A batch and what the base becomes with it. */
export interface Batch {
  readonly pulls: readonly BatchCandidate[];
  /** The tree that lands when all of them are merged. */
  readonly tree: string;
  /** A commit of that tree, for those who need one; it is on no branch. */
  readonly commit: string;
  readonly skipped: readonly { readonly number: number; readonly reason: string }[];
}

/** The commits that GitHub would replay, oldest first; merges are left out, as by `git rebase`. */
async function replayed(directory: string, tip: string, head: string): Promise<string[]> {
  const args = ['rev-list', '--reverse', '--topo-order', '--no-merges', `${tip}..${head}`];
  return (await git({ directory, args })).split('\n').filter((line) => line !== '');
}

async function firstParent(directory: string, sha: string): Promise<string | undefined> {
  const line = await git({ directory, args: ['rev-list', '--parents', '-n', '1', sha] });
  return line.trim().split(' ')[1];
}

/**
 * Puts one commit onto another: a three-way merge whose base is the commit's parent. Git finds that base by
 * itself when our side is a commit of the tip's tree whose parent is that same parent.
 */
async function pick(directory: string, tip: string, sha: string): Promise<string | undefined> {
  const parent = await firstParent(directory, sha);
  if (parent === undefined) return undefined;
  const ours = await commitTree(directory, await treeOf(directory, tip), [parent]);
  const merged = await mergeTree(directory, ours, sha);
  return merged.kind === 'clean' ? commitTree(directory, merged.tree, [tip]) : undefined;
}

async function rebase(directory: string, tip: string, head: string): Promise<string | undefined> {
  let result = tip;
  for (const sha of await replayed(directory, tip, head)) {
    const next = await pick(directory, result, sha);
    if (next === undefined) return undefined;
    result = next;
  }
  return result;
}

/** The tip after merging a candidate; undefined on a conflict. */
async function mergeOne(
  directory: string,
  tip: string,
  { sha, method }: BatchCandidate,
): Promise<string | undefined> {
  if (method === 'rebase') return rebase(directory, tip, sha);
  const merged = await mergeTree(directory, tip, sha);
  if (merged.kind === 'conflict') return undefined;
  return commitTree(directory, merged.tree, method === 'squash' ? [tip] : [tip, sha]);
}

async function obstacle(
  directory: string,
  tip: string,
  { sha }: BatchCandidate,
): Promise<string | undefined> {
  if (await isAncestor(directory, sha, tip)) return 'nothing to merge';
  return (await mergeBase(directory, tip, sha)) === undefined ? 'unrelated history' : undefined;
}

/** Takes every candidate in order that merges cleanly onto the ones before it, up to the limit. */
export async function pickBatch(
  directory: string,
  { base, candidates, limit }: BatchRequest,
): Promise<Batch> {
  const pulls: BatchCandidate[] = [];
  const skipped: { number: number; reason: string }[] = [];
  let commit = base;
  for (const candidate of limit < 0 ? [] : candidates) {
    if (limit > 0 && pulls.length === limit) break;
    const reason = await obstacle(directory, commit, candidate);
    const next = reason === undefined ? await mergeOne(directory, commit, candidate) : undefined;
    if (next === undefined) {
      skipped.push({ number: candidate.number, reason: reason ?? 'conflict' });
      continue;
    }
    pulls.push(candidate);
    commit = next;
  }
  return { pulls, tree: await treeOf(directory, commit), commit, skipped };
}

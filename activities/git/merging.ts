import { GitFailure, git, tryGit } from './run.ts';

/** What merging two commits comes to, without a work tree. */
export type TreeMerge =
  | { readonly kind: 'clean'; readonly tree: string }
  | { readonly kind: 'conflict'; readonly files: readonly string[] };

const UNRELATED = /unrelated histories/i;

/** The common ancestor that GitHub would take; undefined for unrelated histories. */
export async function mergeBase(
  directory: string,
  one: string,
  other: string,
): Promise<string | undefined> {
  const { code, stdout, stderr } = await tryGit({ directory, args: ['merge-base', one, other] });
  if (code === 1) return undefined;
  if (code !== 0) throw new GitFailure(`git merge-base: ${stderr}`, code);
  return stdout.toString('utf8').trim();
}

/** Whether a commit is in the other's history; a commit is in its own. */
export async function isAncestor(
  directory: string,
  ancestor: string,
  of: string,
): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', ancestor, of];
  const { code, stderr } = await tryGit({ directory, args });
  if (code > 1) throw new GitFailure(`git merge-base: ${stderr}`, code);
  return code === 0;
}

/** Merges two commits into a tree, or names the files in conflict. */
export async function mergeTree(directory: string, base: string, head: string): Promise<TreeMerge> {
  const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', base, head];
  const { code, stdout, stderr } = await tryGit({ directory, args });
  const [tree = '', ...files] = stdout.toString('utf8').split('\0');
  if (code === 0) return { kind: 'clean', tree: tree.trim() };
  if (code === 1) return { kind: 'conflict', files: files.filter((file) => file !== '') };
  if (UNRELATED.test(stderr)) return { kind: 'conflict', files: [] };
  throw new GitFailure(`git merge-tree: ${stderr}`, code);
}

/** SHA of a commit's tree. */
export async function treeOf(directory: string, sha: string): Promise<string> {
  return (await git({ directory, args: ['rev-parse', '--verify', `${sha}^{tree}`] })).trim();
}

/** A commit of that tree; equal trees and parents give equal commits. */
export async function commitTree(
  directory: string,
  tree: string,
  parents: readonly string[],
): Promise<string> {
  const args = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])];
  return (await git({ directory, args, input: 'merge\n' })).trim();
}

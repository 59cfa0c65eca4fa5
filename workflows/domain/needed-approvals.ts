import type { Owners } from './facts.ts';

/** One OWNERS file whose approvers have to agree, and to what. */
export interface NeededApproval {
  /** Its directory, '' for the root; or the Markdown file that carries owners itself. */
  readonly dir: string;
  /** For each changed file that it is for: everybody who can approve that file. */
  readonly perFile: readonly ReadonlySet<string>[];
  /** All of `perFile` together. */
  readonly approvers: ReadonlySet<string>;
  /** Only those of the nearest OWNERS file. */
  readonly leafApprovers: ReadonlySet<string>;
}

/**
 * The OWNERS files that have to approve, sorted (W§1.2, approval test): the deepest with approvers for each
 * file, without those below another one, unless `no_parent_owners` cuts them off from it.
 */
export function neededApprovals(
  files: readonly string[],
  owners: Owners,
): readonly NeededApproval[] {
  const byDir = new Map<string, string[]>();
  for (const file of files) {
    const dir = owners.approverDirFor(file);
    if (isAutoApproved(file, dir, owners)) continue;
    byDir.set(dir, [...(byDir.get(dir) ?? []), file]);
  }
  const dirs = withoutSubdirectories([...byDir.keys()].sort(), owners);
  return dirs.map((dir) => {
    const covered = byDir.get(dir) ?? [];
    const perFile = covered.map((file) => owners.approvers(file));
    return {
      dir,
      perFile,
      approvers: union(perFile),
      leafApprovers: union(covered.map((file) => owners.leafApprovers(file))),
    };
  });
}

/** A new directory below one whose owners said that such need no approval. */
function isAutoApproved(file: string, dir: string, owners: Owners): boolean {
  if (!owners.isAutoApproveUnownedSubfolders(dir)) return false;
  const parent = parentOf(file);
  if (parent === dir) return false;
  return dir === '' || parent.startsWith(`${dir}/`);
}

function withoutSubdirectories(dirs: readonly string[], owners: Owners): readonly string[] {
  const kept = new Set(dirs);
  for (const dir of dirs) {
    if (hasAncestorIn(kept, dir, owners)) kept.delete(dir);
  }
  return [...kept];
}

function hasAncestorIn(dirs: ReadonlySet<string>, dir: string, owners: Owners): boolean {
  let path = dir;
  while (path !== '' && !owners.isNoParentOwners(path)) {
    path = parentOf(path);
    if (dirs.has(path)) return true;
  }
  return false;
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** What is still needed when these people (lower case) have approved. */
export function stillNeeded(
  needed: readonly NeededApproval[],
  approvedBy: ReadonlySet<string>,
): readonly NeededApproval[] {
  const someone = (people: ReadonlySet<string>) =>
    [...people].some((login) => approvedBy.has(login));
  return needed.filter(({ perFile }) => !perFile.every(someone));
}

function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set(sets.flatMap((people) => [...people]));
}

import {
  approvers,
  isAutoApproveUnownedSubfolders,
  isNoParentOwners,
  leafApprovers,
  ownersDirFor,
  type RepoOwners,
  reviewers,
  topLevelApprovers,
} from '../../config/owners.ts';
import type { Owners } from '../../workflows/domain/facts.ts';

/** OWNERS as plugins ask for it: questions by path, answers as sets. */
export function ownersView(owners: RepoOwners, filename: string): Owners {
  return {
    approvers: (path) => new Set(approvers(owners, path)),
    leafApprovers: (path) => new Set(leafApprovers(owners, path)),
    reviewers: (path) => new Set(reviewers(owners, path)),
    approverDirFor: (path) => ownersDirFor(owners, path),
    isNoParentOwners: (dir) => isNoParentOwners(owners, dir),
    isAutoApproveUnownedSubfolders: (dir) => isAutoApproveUnownedSubfolders(owners, dir),
    topLevelApprovers: () => new Set(topLevelApprovers(owners)),
    filename,
  };
}

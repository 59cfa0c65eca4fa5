import { type Hub, timestamp } from '../hub.ts';
import type { Repo } from './model.ts';

/** A repository without commits. */
export function blankRepo(
  hub: Hub,
  place: { readonly owner: string; readonly name: string; readonly parent: string | null },
): Repo {
  const now = timestamp();
  return {
    id: hub.store.nextId(),
    ...place,
    private: false,
    archived: false,
    defaultBranch: 'main',
    description: null,
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
    nextNumber: 1,
    methods: { merge: true, squash: true, rebase: true },
    deleteBranchOnMerge: false,
    labels: [],
    milestones: [],
    collaborators: {},
    issues: {},
    statuses: {},
    checkRuns: {},
    protection: {},
    workflowRuns: [],
    refs: {},
    merges: [],
  };
}

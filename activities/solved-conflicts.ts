import type { BranchPorts, SolvedConflict } from '../workflows/ports.ts';
import type { Queryable } from './database/database.ts';
import { listConflicts } from './database/open-heads.ts';
import type { Mirror } from './git/mirror.ts';

/** Looks again at what was in conflict with a branch that has moved. */
export function createConflictActivities(sources: {
  readonly db: Queryable;
  readonly git: Pick<Mirror, 'mergeTree'>;
}): BranchPorts {
  return {
    async findSolvedConflicts({ repository, branch, baseSha }) {
      const conflicts = await listConflicts(sources.db, { ...repository, baseRef: branch });
      const solved: SolvedConflict[] = [];
      for (const { number, headSha } of conflicts) {
        const { kind } = await sources.git.mergeTree(repository, baseSha, headSha);
        if (kind === 'clean') solved.push({ number, headSha });
      }
      return solved;
    },
  };
}

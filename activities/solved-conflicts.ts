import type { RepositoryName } from '../workflows/domain/repository.ts';
import type { BranchPorts, SolvedConflict } from '../workflows/ports.ts';
import type { Queryable } from './database/database.ts';
import { listConflicts } from './database/open-heads.ts';
import type { Mirror } from './git/mirror.ts';

/** Looks again at what was in conflict with a branch that has moved. */
export function createConflictActivities({
  db,
  git,
  warn,
}: {
  readonly db: Queryable;
  readonly git: Pick<Mirror, 'ensure' | 'mergeTree'>;
  /** Hears of one that git cannot look at; the next push asks again. */
  readonly warn: (reason: string) => void;
}): BranchPorts {
  return {
    async findSolvedConflicts({ repository, branch, baseSha }) {
      const conflicts = await listConflicts(db, { ...repository, baseRef: branch });
      if (conflicts.length > 0) await git.ensure(repository, [baseSha]);
      const solved: SolvedConflict[] = [];
      for (const conflict of conflicts) {
        const question = { ...conflict, repository, baseSha };
        const merges = await mergesCleanly(git, question).catch((error: unknown) => {
          warn(`#${conflict.number} is not looked at: ${String(error)}`);
          return false;
        });
        if (merges) solved.push(conflict);
      }
      return solved;
    },
  };
}

async function mergesCleanly(
  git: Pick<Mirror, 'ensure' | 'mergeTree'>,
  {
    repository,
    baseSha,
    number,
    headSha,
  }: SolvedConflict & { readonly repository: RepositoryName; readonly baseSha: string },
): Promise<boolean> {
  await git.ensure(repository, [headSha], [number]);
  return (await git.mergeTree(repository, baseSha, headSha)).kind === 'clean';
}

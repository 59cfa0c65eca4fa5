import { githubState } from '../../workflows/domain/run-status.ts';
import type { EffectPorts } from '../../workflows/ports.ts';
import type { Queryable } from '../database/database.ts';
import { readState, saveReported } from '../database/run-reports.ts';

const OF_A_RUN = /^run:([0-9a-f-]{36}):(\d+)$/;

/**
 * The statuses of presubmits are written by their pull request, for the newest run of a context: notes in the
 * ledger what GitHub was told of that run. It is for who reads, so a ledger that is away hinders nothing.
 */
export function notingStatuses(
  db: Queryable,
  writeStatus: EffectPorts['writeStatus'],
): EffectPorts['writeStatus'] {
  return async (target, keyed) => {
    const applied = await writeStatus(target, keyed);
    const [, uuid, version] = OF_A_RUN.exec(keyed.cause) ?? [];
    const { effect } = keyed;
    if (applied.kind !== 'done' || uuid === undefined || effect.kind !== 'set-status') {
      return applied;
    }
    await note(db, { uuid, version: Number(version), told: effect.state }).catch(() => undefined);
    return applied;
  };
}

interface Told {
  readonly uuid: string;
  readonly version: number;
  /** In GitHub's words. */
  readonly told: string;
}

async function note(db: Queryable, { uuid, version, told }: Told): Promise<void> {
  const now = await readState(db, uuid);
  // The run may have gone on since.
  const state = now !== undefined && githubState(now) === told ? now : told;
  await saveReported(db, uuid, {
    reporter: 'github-reporter',
    version,
    state,
    mark: state,
    problem: '',
  });
}

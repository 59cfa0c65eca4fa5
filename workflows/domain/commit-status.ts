import type { KeyedEffect } from './effect.ts';
import type { RepositoryName } from './repository.ts';
import { type RunReport, type RunRequest, repositoryOf } from './run.ts';
import { statusOfRun } from './run-status.ts';

/** Where it is written, and how it is known again. */
export interface CommitStatus {
  readonly target: {
    readonly repository: RepositoryName;
    readonly number: number;
    readonly entity: string;
    readonly configHash: string;
  };
  readonly keyed: KeyedEffect;
}

/**
 * The status of a postsubmit on its commit, as it is to be written; undefined where there is none. A postsubmit has
 * no pull request that would write it (DESIGN §3, `job`).
 */
export function commitStatus(run: RunRequest, report: RunReport): CommitStatus | undefined {
  const sha = run.refs.base_sha ?? '';
  const effect = run.type === 'postsubmit' && sha !== '' ? statusOfRun(report, sha) : undefined;
  if (effect === undefined) return undefined;
  return {
    target: {
      repository: repositoryOf(run.refs),
      number: 0,
      entity: run.owner,
      configHash: run.configHash,
    },
    keyed: {
      key: `status:${sha}:${run.context}`,
      id: `run:${run.uuid}:${report.version}`,
      plugin: 'report',
      cause: run.cause,
      reason: `${run.job} is ${report.state}`,
      effect,
    },
  };
}

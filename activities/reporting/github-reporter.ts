import { repositoryOf } from '../../workflows/domain/run.ts';
import { statusOfRun } from '../../workflows/domain/run-status.ts';
import type { EffectPorts } from '../../workflows/ports.ts';
import { type Reporter, ReportRefused, type RunNews } from './reporter.ts';

/**
 * Prow's `github-reporter` for postsubmits: a status on the commit. The statuses and the comment of presubmits
 * are their pull request's, which is told as the run's owner (DESIGN §3).
 */
export function createGitHubReporter({ writeStatus }: Pick<EffectPorts, 'writeStatus'>): Reporter {
  return {
    name: 'github-reporter',
    wants: (news) => statusFor(news) !== undefined,
    mark: (news) => JSON.stringify(statusFor(news)),
    report: async (news) => {
      const effect = statusFor(news);
      if (effect === undefined) return;
      const { run, report } = news.publication;
      const outcome = await writeStatus(
        {
          repository: repositoryOf(run.refs),
          number: 0,
          entity: run.owner,
          configHash: run.configHash,
        },
        {
          key: `status:${effect.sha}:${run.context}`,
          id: `run:${run.uuid}:${report.version}`,
          plugin: 'report',
          cause: run.cause,
          reason: `${run.job} is ${report.state}`,
          effect,
          ...(news.again ? { again: true } : {}),
        },
      );
      if (outcome.kind === 'refused') throw new ReportRefused(outcome.message);
    },
  };
}

function statusFor({ publication: { run, report } }: RunNews) {
  const sha = run.refs.base_sha ?? '';
  return run.type === 'postsubmit' && sha !== '' ? statusOfRun(report, sha) : undefined;
}

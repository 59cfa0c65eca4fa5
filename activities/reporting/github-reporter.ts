import { commitStatus } from '../../workflows/domain/commit-status.ts';
import type { EffectPorts } from '../../workflows/ports.ts';
import { type Reporter, ReportRefused } from './reporter.ts';

/**
 * Prow's `github-reporter` for postsubmits: a status on the commit. The statuses and the comment of presubmits
 * are their pull request's, which is told as the run's owner (DESIGN §3).
 */
export function createGitHubReporter({ writeStatus }: Pick<EffectPorts, 'writeStatus'>): Reporter {
  return {
    name: 'github-reporter',
    wants: ({ publication: { run, report } }) => commitStatus(run, report) !== undefined,
    mark: ({ publication: { run, report } }) =>
      JSON.stringify(commitStatus(run, report)?.keyed.effect),
    report: async ({ publication: { run, report }, again }) => {
      const status = commitStatus(run, report);
      if (status === undefined) return;
      const keyed = { ...status.keyed, ...(again ? { again } : {}) };
      const outcome = await writeStatus(status.target, keyed);
      if (outcome.kind === 'refused') throw new ReportRefused(outcome.message);
    },
  };
}

import { createGitHubReporter } from '../activities/reporting/github-reporter.ts';
import { createPubSubReporter } from '../activities/reporting/pubsub-reporter.ts';
import type { Reporter } from '../activities/reporting/reporter.ts';
import { createSlackReporter } from '../activities/reporting/slack-reporter.ts';
import type { EffectPorts } from '../workflows/ports.ts';
import type { WorkerCommandOptions } from './options.ts';

/** Who hears of runs besides their pages, owners and buckets; another one is added here. */
export function createReporters(
  { reporters, dryRun }: Pick<WorkerCommandOptions, 'reporters' | 'dryRun'>,
  effects: Pick<EffectPorts, 'writeStatus'>,
): readonly Reporter[] {
  const github = createGitHubReporter(effects);
  // In a dry run no write leaves: GitHub's client sees to that itself.
  if (dryRun) return [github];
  const { slackTokenFiles: tokenFiles, slackEndpoint: endpoint, pubsub } = reporters;
  const hasSlack = Object.keys(tokenFiles).length > 0;
  // As Google's own programs find an emulator.
  const emulator = process.env['PUBSUB_EMULATOR_HOST'];
  return [
    github,
    ...(hasSlack ? [createSlackReporter({ tokenFiles, ...(endpoint ? { endpoint } : {}) })] : []),
    ...(pubsub ? [createPubSubReporter(emulator ? { endpoint: `http://${emulator}` } : {})] : []),
  ];
}

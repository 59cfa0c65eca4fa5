import type { Command } from 'commander';
import { addConfigPathFlags, parseConfigPaths, parseRenderRequest } from './render-flags.ts';

const EXAMPLES = `
One line of JSON for each job: {"type","repo","job","labels","annotations","spec","pod"}, presubmits before postsubmits by
repository, then periodics. Presubmits test the pull request on the base, postsubmits the base, periodics neither.

OLD and NEW of --diff are each: lines that this command wrote before, a config.yaml, or a folder that has one (as config.yaml,
config/prow/config.yaml or prow/config.yaml, or what --config-path says; jobs in jobs, config/jobs or cluster/jobs
beside it, or what --job-config-path says, both from that folder).

Examples:
  $ bowsprit render --config-path=config.yaml --job-config-path=jobs > before.jsonl
  $ bowsprit render --diff before.jsonl .
  $ bowsprit render --diff ../main . --json
`;

/** `bowsprit render`: every job as the run and the pod that it would make. */
export function addRender(program: Command): void {
  const command = program
    .command('render')
    .description('show every job as the run and the pod that it would make, or what a change does')
    .argument('[old]', 'with --diff: what was')
    .argument('[new]', 'with --diff: what is to be');
  addConfigPathFlags(command)
    .option('--base-ref <ref>', 'branch under test (default: main)')
    .option('--base-sha <sha>', 'its commit (default: 40 zeros)')
    .option('--pull-number <number>', 'pull request of presubmits (default: 1)')
    .option('--pull-sha <sha>', 'its head (default: 40 ones)')
    .option('--pull-author <login>', 'its author (default: author)')
    .option('--id <uuid>', 'name of every run')
    .option('--build-id <id>', 'build id of every run (default: 1)')
    .option('--diff', 'say what NEW does to the jobs of OLD')
    .option('--json', 'with --diff: as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (old: string | undefined, fresh: string | undefined, flags: RenderFlags) => {
      const request = parseRenderRequest(flags);
      const paths = parseConfigPaths(flags);
      const { runRender, runRenderDiff } = await import('./render-run.ts');
      if (flags.diff !== true) return runRender(paths, request);
      return runRenderDiff({ old, fresh, flags, json: flags.json === true }, request);
    });
}

interface RenderFlags {
  readonly diff?: boolean;
  readonly json?: boolean;
  readonly configPath?: string;
  readonly jobConfigPath?: string;
}

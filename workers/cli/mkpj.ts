import type { Command } from 'commander';
import { OptionsError } from '../option-values.ts';
import { goBoolean } from './flags.ts';
import { addConfigPathFlags, parseConfigPaths } from './render-flags.ts';

const EXAMPLES = `
What is not given of the pull request and the base is asked for, or read from GitHub.

Example:
  $ bowsprit mkpj --config-path=config.yaml --job-config-path=jobs --job=unit --pull-number=7
`;

/** `bowsprit mkpj`: the ProwJob of a job. */
export function addMkpj(program: Command): void {
  const command = program
    .command('mkpj')
    .description('print the ProwJob that a job would make')
    .option('--job <name>', 'the job');
  addConfigPathFlags(command)
    .option('--base-ref <ref>', 'branch under test')
    .option('--base-sha <sha>', 'its commit')
    .option('--pull-number <number>', 'pull request under test')
    .option('--pull-sha <sha>', 'its head')
    .option('--pull-author <login>', 'its author')
    .option('--pull-head-ref <branch>', 'branch it comes from')
    .option('--github-token-path <file>', 'file with a GitHub token (default: none)')
    .option('--github-endpoint <url>', 'REST API of GitHub (default: https://api.github.com)')
    .addOption(
      goBoolean('trigger-job', "not served: runs here are workflows; comment the job's command"),
    )
    .addOption(goBoolean('fail-with-job', 'not served, see --trigger-job'))
    .addHelpText('after', EXAMPLES)
    .action(async (flags: MkpjFlags) => {
      const paths = parseConfigPaths(flags);
      if (flags.job === undefined) throw new OptionsError('--job is needed: the name of the job.');
      if (paths === undefined)
        throw new OptionsError('--config-path is needed: the config.yaml to read.');
      if (flags.triggerJob === true) {
        throw new OptionsError(
          "--trigger-job is not served: runs here are workflows, not ProwJob objects. Comment the job's command on the pull request instead.",
        );
      }
      const { runMkpj } = await import('./mkpj-run.ts');
      await runMkpj({ ...flags, job: flags.job }, paths);
    });
}

interface MkpjFlags {
  readonly job?: string;
  readonly baseRef?: string;
  readonly baseSha?: string;
  readonly pullNumber?: string;
  readonly pullSha?: string;
  readonly pullAuthor?: string;
  readonly pullHeadRef?: string;
  readonly githubTokenPath?: string;
  readonly githubEndpoint?: string;
  readonly triggerJob?: boolean;
}

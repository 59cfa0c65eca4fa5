import type { Command } from 'commander';
import { goBoolean, repeatable } from './flags.ts';

const EXAMPLES = `
Exit codes: 0 the configuration loads, warnings or not; 1 it does not load, or --strict and there is a warning; 2 a flag is wrong.

Examples:
  $ bowsprit checkconfig --config-path=config.yaml --job-config-path=jobs --plugin-config=plugins.yaml
  $ bowsprit checkconfig ... --strict --exclude-warning=mismatched-tide --exclude-warning=long-job-names
  $ bowsprit checkconfig ... --warnings=unknown-fields-all
  $ bowsprit checkconfig ... --prow-yaml-repo-name=ORG/REPO --prow-yaml-path=REPO/.prow.yaml
  $ bowsprit checkconfig --list-warnings
`;

/** Flags of Prow's `checkconfig` that change nothing here: reading a configuration needs none of what they set. */
const WITHOUT_EFFECT = [
  'cache-dir-base',
  'gcs-credentials-file',
  'github-allowed-burst',
  'github-app-burst',
  'github-app-hourly-tokens',
  'github-client.backoff-timeout',
  'github-client.initial-delay',
  'github-client.max-404-retries',
  'github-client.max-retries',
  'github-client.request-timeout',
  'github-graphql-endpoint',
  'github-host',
  'github-hourly-tokens',
  'github-throttle-org',
  'in-repo-config-cache-copies',
  'in-repo-config-cache-size',
  'moonraker-address',
  's3-credentials-file',
];

/** `bowsprit checkconfig`: says of a configuration what is wrong with it, and what is hardly meant. */
export function addCheckconfig(program: Command): void {
  const command = program
    .command('checkconfig')
    .description(
      'check a configuration: what does not load is an error, what is hardly meant a warning',
    )
    .option('--config-path <file>', "Prow's config.yaml")
    .option('--job-config-path <path>', 'a file or folder of job configuration')
    .option('--plugin-config <file>', "Prow's plugins.yaml")
    .addOption(
      repeatable('--supplemental-prow-config-dir <folder>', 'a folder with parts of config.yaml'),
    )
    .option('--supplemental-prow-configs-filename <suffix>', 'how the names of those parts end')
    .addOption(
      repeatable(
        '--supplemental-plugin-config-dir <folder>',
        'a folder with parts of plugins.yaml',
      ),
    )
    .option(
      '--supplemental-plugin-configs-filename-suffix <suffix>',
      'how the names of those parts end',
    );
  addWarningFlags(command);
  addRepositoryFlags(command);
  for (const flag of WITHOUT_EFFECT) {
    command.addOption(repeatable(`--${flag} <value>`, 'has no effect here').hideHelp());
  }
  command
    .allowExcessArguments()
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .addHelpText('after', EXAMPLES)
    .action(async (flags: unknown) => {
      const { runCheckconfig } = await import('./checkconfig-run.ts');
      process.exitCode = await runCheckconfig(flags);
    });
}

function addWarningFlags(command: Command): void {
  command
    .addOption(goBoolean('strict', 'a warning is an error'))
    .addOption(repeatable('--warnings <name>', 'a warning to look for; several times for several'))
    .addOption(repeatable('--exclude-warning <name>', 'a warning not to look for'))
    .addOption(
      goBoolean('include-default-warnings', 'the usual warnings too, though --warnings is given'),
    )
    .addOption(
      goBoolean('expensive-checks', 'the warnings too that must ask GitHub, and the optional ones'),
    )
    .addOption(
      repeatable('--required-job-annotations <name>', 'an annotation that every job must carry'),
    )
    .addOption(goBoolean('list-warnings', 'say which warnings there are, and end'))
    .option('--output <form>', 'text, or json: one object a line', 'text');
}

function addRepositoryFlags(command: Command): void {
  command
    .option('--prow-yaml-repo-name <ORG/REPO>', 'check the in-repository configuration of it')
    .option(
      '--prow-yaml-path <file>',
      'where that .prow.yaml is (default: .prow or .prow.yaml in the working directory)',
    )
    .option('--github-token-path <file>', "file with the bot's GitHub token")
    .option('--github-endpoint <url>', 'REST API of GitHub (default: https://api.github.com)')
    .option('--github-app-id <id>', 'the GitHub app whose installations are looked at')
    .option('--github-app-private-key-path <file>', 'its private key');
}

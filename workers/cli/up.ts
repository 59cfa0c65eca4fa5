import type { Command } from 'commander';
import { parseUpOptions } from '../options.ts';
import { addSharedFlags, goBoolean } from './flags.ts';

const EXAMPLES = `
Without flags it practises: an emulated GitHub, a practice repository, and a play that merges three pull requests.

Examples:
  $ bowsprit up                    practise, and stay up
  $ bowsprit up --exit --fresh     practise from scratch, and end with the result as status
  $ bowsprit up --config-path=config.yaml --plugin-config=plugins.yaml --job-config-path=jobs \\
      --github-token-path=token --hmac-secret-file=hmac
                                   watch a real GitHub, writing nothing to it
  $ bowsprit up ... --dry-run=false --local-executor-trust=ORG/REPO
                                   act on it, and run the jobs of one repository here

Environment:
  TEMPORAL_ADDRESS  a Temporal server to use instead of starting one
  DATABASE_URL      a PostgreSQL to use instead of starting one
`;

/** `bowsprit up`: everything, on one machine. */
export function addUp(program: Command): void {
  const command = program
    .command('up')
    .description('run everything on this machine: Temporal, PostgreSQL, gateway, worker');
  addSharedFlags(command)
    .addOption(
      goBoolean(
        'dry-run',
        'write nothing to GitHub (default: true with a real GitHub, false when practising)',
      ),
    )
    .addOption(goBoolean('fresh', 'forget the state of earlier starts'))
    .addOption(goBoolean('exit', 'end after the play, with its result as status'))
    .addOption(goBoolean('play', 'when practising, play three pull requests (default: true)'))
    .addHelpText('after', EXAMPLES)
    .action(async (flags: unknown) => {
      const options = parseUpOptions(flags);
      const { runUp } = await import('../up.ts');
      process.exitCode = await runUp(options);
    });
}

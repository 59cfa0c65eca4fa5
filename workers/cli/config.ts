import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { defaultStateDir } from '../provision/folders.ts';

const EXAMPLES = `
Where Temporal and the database are is said by TEMPORAL_ADDRESS (TEMPORAL_NAMESPACE) and DATABASE_URL; without them
it is the \`bowsprit up\` of the state folder.

Examples:
  $ bowsprit config show
  $ bowsprit config confirm 91b4d4db230f
  $ bowsprit config reject 91b4d4db230f --by=ann
`;

/** `bowsprit config`: which configuration is active, and the word of a person on one that is held back. */
export function addConfig(program: Command): void {
  const config = program
    .command('config')
    .description('show which configuration is active; confirm or reject one that is held back')
    .addHelpText('after', EXAMPLES);
  withPlace(config.command('show').alias('status'))
    .description('what is active, what was refused and why, what waits for a person')
    .option('--output <form>', 'text, or json', 'text')
    .action(async (flags: { readonly stateDir: string; readonly output: string }) => {
      const { showConfig } = await import('./config-run.ts');
      process.exitCode = await showConfig(flags);
    });
  for (const [what, does] of [
    ['confirm', 'make a configuration that is held back, or waits, the active one; once'],
    ['reject', 'do not take a configuration that is held back; what is active stays'],
  ] as const) {
    withPlace(config.command(`${what} <hash>`))
      .description(does)
      .option('--by <name>', 'who says so, for the audit', userInfo().username)
      .action(async (hash: string, flags: { readonly stateDir: string; readonly by: string }) => {
        const { decideConfig } = await import('./config-run.ts');
        process.exitCode = await decideConfig(what, { hash, by: flags.by }, flags);
      });
  }
}

function withPlace(command: Command): Command {
  return command.option('--state-dir <folder>', 'that of `bowsprit up`', defaultStateDir());
}

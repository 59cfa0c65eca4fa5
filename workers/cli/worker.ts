import type { Command } from 'commander';
import { parseWorkerOptions } from '../options.ts';
import { addServiceFlags } from './flags.ts';

const EXAMPLES = `
Examples:
  $ TEMPORAL_ADDRESS=temporal:7233 DATABASE_URL=postgres://... bowsprit worker \\
      --config-path=config.yaml --plugin-config=plugins.yaml --job-config-path=jobs \\
      --github-token-path=token --dry-run=false

Environment:
  TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_UI_URL (for links), DATABASE_URL
`;

/** `bowsprit worker`: workflows and activities; any number of them. */
export function addWorker(program: Command): void {
  const command = program.command('worker').description('run the workflows and what they do');
  addServiceFlags(command)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: unknown) => {
      const options = parseWorkerOptions(flags);
      const { runWorker } = await import('../worker.ts');
      await runWorker(options);
    });
}

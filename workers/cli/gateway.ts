import type { Command } from 'commander';
import { parseGatewayOptions } from '../options.ts';
import { addServiceFlags } from './flags.ts';

const EXAMPLES = `
Examples:
  $ TEMPORAL_ADDRESS=temporal:7233 DATABASE_URL=postgres://... bowsprit gateway \\
      --config-path=config.yaml --plugin-config=plugins.yaml --hmac-secret-file=hmac

Environment:
  TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_UI_URL (for links), DATABASE_URL
`;

/** `bowsprit gateway`: webhooks and pages; any number of them. */
export function addGateway(program: Command): void {
  const command = program.command('gateway').description('take webhooks and serve the pages');
  addServiceFlags(command)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: unknown) => {
      const options = parseGatewayOptions(flags);
      const { runGateway } = await import('../gateway.ts');
      await runGateway(options);
    });
}

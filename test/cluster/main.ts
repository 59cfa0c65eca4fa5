import { Command } from 'commander';
import { stopSignal } from '../../workers/provision/stop-signal.ts';
import { startApiOnly } from './api-only.ts';
import { startCluster } from './cluster.ts';
import { fetchDebianPackages } from './debian.ts';
import { API_PROGRAMS, buildPrograms, NODE_PROGRAMS } from './programs.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const program = new Command('cluster').description('the Kubernetes of the tests');

program
  .command('build')
  .description('builds what is not in the cache yet')
  .option('--api-only', 'without what a node needs')
  .action(async ({ apiOnly }: { readonly apiOnly?: boolean }) => {
    if (!apiOnly) await fetchDebianPackages(say);
    await buildPrograms(apiOnly ? API_PROGRAMS : [...API_PROGRAMS, ...NODE_PROGRAMS], say);
  });

program
  .command('up')
  .description('a cluster of one node, until Ctrl-C')
  .option('--api-only', 'without the node')
  .action(async ({ apiOnly }: { readonly apiOnly?: boolean }) => {
    const cluster = apiOnly ? await startApiOnly() : await startCluster();
    say(`export KUBECONFIG=${cluster.kubeconfig}`);
    await stopSignal();
    await cluster.stop();
  });

await program.parseAsync();

import { join } from 'node:path';
import type { UpCommandOptions, UpTarget } from './options.ts';
import { freePort, requirePort } from './provision/ports.ts';
import { ProvisionError } from './provision/provision-error.ts';
import { stopSignal } from './provision/stop-signal.ts';
import { type Services, startServices, superviseCommand } from './services.ts';

type GitHubTarget = Extract<UpTarget, { kind: 'github' }>;

/** Runs everything on this machine until it is asked to stop; returns the exit status. */
export async function runUp(options: UpCommandOptions): Promise<number> {
  const { target } = options;
  if (target.kind === 'practice') {
    throw new ProvisionError(
      'this build has no practice repository yet: give --config-path, --github-token-path and --hmac-secret-file',
    );
  }
  const stopped = stopSignal();
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const services = await startServices(options, { progress: say });
  try {
    const parts = await startParts(options, target, services);
    say(`Temporal   ${services.temporal.uiUrl ?? services.temporal.address}`);
    say(`Gateway    ${parts.url}`);
    await stopped;
    await Promise.all(parts.supervised.map((part) => part.stop()));
  } finally {
    await services.stop();
  }
  return 0;
}

async function startParts(options: UpCommandOptions, target: GitHubTarget, services: Services) {
  const port = options.port
    ? await requirePort(options.port, 'the web server', '--port')
    : await freePort(8888);
  const metricsPort = options.metricsPort
    ? await requirePort(options.metricsPort, '/metrics', '--metrics-port')
    : await freePort(9090);
  const shared = { environment: services.environment, stateDir: options.stateDir };
  const flags = sharedFlags(options, target);
  const worker = [
    ...['worker', ...flags, `--metrics-port=${metricsPort}`],
    ...options.localExecutorTrust.map((name) => `--local-executor-trust=${name}`),
  ];
  const gateway = [
    ...['gateway', ...flags, `--port=${port}`, `--hmac-secret-file=${target.hmacSecretFile}`],
  ];
  return {
    url: `http://127.0.0.1:${port}`,
    supervised: await Promise.all([
      superviseCommand({ ...shared, name: 'worker', args: worker }),
      superviseCommand({ ...shared, name: 'gateway', args: gateway }),
    ]),
  };
}

function sharedFlags(
  options: UpCommandOptions,
  { config, github }: GitHubTarget,
): readonly string[] {
  return [
    `--config-path=${config.configPath}`,
    ...(config.pluginConfigPath ? [`--plugin-config=${config.pluginConfigPath}`] : []),
    ...(config.jobConfigPath ? [`--job-config-path=${config.jobConfigPath}`] : []),
    `--github-endpoint=${github.endpoint}`,
    `--github-graphql-endpoint=${github.graphqlEndpoint}`,
    `--github-token-path=${github.tokenPath}`,
    `--dry-run=${options.dryRun}`,
    `--state-dir=${options.stateDir}`,
    `--storage=file://${join(options.stateDir, 'storage')}`,
  ];
}

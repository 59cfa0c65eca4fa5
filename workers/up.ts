import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { endAllRuns } from '../activities/local/end-all-runs.ts';
import type { ConfigPathOptions, GitHubOptions, UpCommandOptions } from './options.ts';
import { answers, startEmulator } from './practice/emulator.ts';
import { type PracticeGitHub, practiceGitHub } from './practice/github.ts';
import { leaveOneOpen, PlayFailed, play } from './practice/play.ts';
import { type PracticeFiles, preparePractice } from './practice/prepare.ts';
import { endOrphan } from './provision/pid-file.ts';
import { freePort, requirePort } from './provision/ports.ts';
import { stopSignal } from './provision/stop-signal.ts';
import type { Supervised } from './provision/supervise.ts';
import { flagsOfReporters } from './reporter-options.ts';
import { type Services, startServices, superviseCommand } from './services.ts';
import { writeServicesFile } from './services-file.ts';
import { flagsOfStorage } from './storage-options.ts';

/** What gateway and worker are given, in practice and against a real GitHub alike. */
interface Target {
  readonly config: ConfigPathOptions;
  readonly github: GitHubOptions & { readonly tokenPath: string };
  readonly hmacSecretFile: string;
  readonly practice?: { readonly github: PracticeGitHub; readonly files: PracticeFiles };
}

/** Everything that was started here, last first. */
interface Running {
  readonly supervised: Supervised[];
}

/** Runs everything on this machine until it is asked to stop; returns the exit status. */
export async function runUp(options: UpCommandOptions): Promise<number> {
  const stopped = stopSignal().then(() => 'stopped' as const);
  say(`starting   its state and logs are kept in ${options.stateDir}`);
  const services = await startServices(options, { progress: say });
  const running: Running = { supervised: [] };
  try {
    if (options.fresh) await forgetState(options.stateDir);
    return await runParts({ options, services, running, stopped });
  } finally {
    say('stopping');
    for (const part of [...running.supervised].reverse()) await part.stop();
    await endAllRuns(join(options.stateDir, 'runs'));
    await services.stop();
  }
}

/** What Temporal and PostgreSQL do not forget themselves; the configuration to practise with stays. */
async function forgetState(stateDir: string): Promise<void> {
  await endOrphan(join(stateDir, 'github.pid'));
  await endAllRuns(join(stateDir, 'runs'));
  for (const part of ['runs', 'storage', 'git', 'practice/github']) {
    await rm(join(stateDir, part), { recursive: true, force: true, maxRetries: 3 });
  }
}

interface Scene {
  readonly options: UpCommandOptions;
  readonly services: Services;
  readonly running: Running;
  readonly stopped: Promise<'stopped'>;
}

async function runParts({ options, services, running, stopped }: Scene): Promise<number> {
  const port = options.port
    ? await requirePort(options.port, 'the web server', '--port')
    : await freePort(8888);
  const gatewayUrl = `http://127.0.0.1:${port}`;
  const target = await targetOf(options, running, gatewayUrl);
  await startParts({ options, services, target, port, running });
  const temporalUi = services.temporal.uiUrl ?? '';
  say(`Temporal   ${temporalUi || services.temporal.address}`);
  say(`Bowsprit   ${gatewayUrl}`);
  say(`GitHub     ${target.github.endpoint}`);
  if (options.dryRun) say('dry run    everything is decided, stored and shown; nothing is written');
  const scene = { target, gatewayUrl, temporalUi, play: options.play, exit: options.exit };
  const played = await Promise.race([practise(scene), stopped]);
  if (played === 'stopped') return options.exit ? 1 : 0;
  if (options.exit || played !== 0) return played;
  say('Ctrl-C ends it all; the state is kept (--fresh forgets it)');
  await stopped;
  return 0;
}

interface Practising {
  readonly target: Target;
  readonly gatewayUrl: string;
  readonly temporalUi: string;
  readonly play: boolean;
  readonly exit: boolean;
}

/** Plays the play, where there is an emulator to play on; returns the exit status. */
async function practise({
  target: { practice },
  gatewayUrl,
  temporalUi,
  ...wanted
}: Practising): Promise<number> {
  if (practice === undefined) return 0;
  const { github, files } = practice;
  const { token, hmacSecret: secret } = files;
  await github.seed({ url: `${gatewayUrl}/hook`, secret, token });
  if (!wanted.play) return 0;
  const stage = { github, gatewayUrl, temporalUi, say, progress: say };
  try {
    await play(stage);
    if (!wanted.exit) await leaveOneOpen(stage);
    return 0;
  } catch (error) {
    if (!(error instanceof PlayFailed)) throw error;
    say(`failed     ${error.message}`);
    return 1;
  }
}

async function targetOf(
  options: UpCommandOptions,
  running: Running,
  pages: string,
): Promise<Target> {
  if (options.target.kind === 'github') return options.target;
  const port = await freePort(8890);
  const github = practiceGitHub(`http://127.0.0.1:${port}`);
  const files = await preparePractice(options.stateDir, { github: github.url, pages });
  running.supervised.push(await startEmulator(options.stateDir, files.emulatorState, port));
  return {
    config: files.config,
    github: {
      endpoint: github.url,
      graphqlEndpoint: `${github.url}/graphql`,
      tokenPath: files.tokenPath,
    },
    hmacSecretFile: files.hmacSecretFile,
    practice: { github, files },
  };
}

interface Parts {
  readonly options: UpCommandOptions;
  readonly services: Services;
  readonly target: Target;
  readonly port: number;
  readonly running: Running;
}

async function startParts({ options, services, target, port, running }: Parts): Promise<void> {
  await writeServicesFile(options.stateDir, services.environment);
  const metricsPort = options.metricsPort
    ? await requirePort(options.metricsPort, '/metrics', '--metrics-port')
    : await freePort(9090);
  const shared = { environment: services.environment, stateDir: options.stateDir };
  const flags = sharedFlags(options, target);
  const url = `http://127.0.0.1:${port}`;
  const worker = [
    ...['worker', ...flags, `--metrics-port=${metricsPort}`, `--public-url=${url}`],
    ...(options.webhookUrl === undefined ? [] : [`--webhook-url=${options.webhookUrl}`]),
    ...(options.repairInterval === undefined
      ? []
      : [`--repair-interval=${options.repairInterval}`]),
    // On one machine nobody else has the files: what they say at a start is what is meant.
    `--config-rollback-after=${options.configRollbackAfter ?? '0s'}`,
    ...(options.configDropLimit === undefined
      ? []
      : [`--config-drop-limit=${options.configDropLimit}`]),
    ...options.localExecutorTrust.map((name) => `--local-executor-trust=${name}`),
    ...options.localExecutorNetwork.map((name) => `--local-executor-network=${name}`),
    ...flagsOfReporters(options.reporters),
  ];
  const gateway = [
    ...['gateway', ...flags, `--port=${port}`, `--hmac-secret-file=${target.hmacSecretFile}`],
  ];
  for (const [name, args] of [
    ['worker', worker],
    ['gateway', gateway],
  ] as const) {
    running.supervised.push(await superviseCommand({ ...shared, name, args }));
  }
  const logs = join(options.stateDir, 'logs');
  await answers(`${url}/healthz`, 'the gateway', join(logs, 'gateway.log'));
  const healthz = `http://127.0.0.1:${metricsPort}/healthz`;
  await answers(healthz, 'the worker', join(logs, 'worker.log'));
}

function sharedFlags(
  options: UpCommandOptions,
  { config, github, practice }: Target,
): readonly string[] {
  return [
    `--config-path=${config.configPath}`,
    ...(config.pluginConfigPath ? [`--plugin-config=${config.pluginConfigPath}`] : []),
    ...(config.jobConfigPath ? [`--job-config-path=${config.jobConfigPath}`] : []),
    ...supplementalFlags(config),
    `--github-endpoint=${github.endpoint}`,
    `--github-graphql-endpoint=${github.graphqlEndpoint}`,
    `--github-token-path=${github.tokenPath}`,
    `--dry-run=${options.dryRun}`,
    ...(practice === undefined ? [] : ['--practice']),
    `--state-dir=${options.stateDir}`,
    ...flagsOfStorage(options),
    ...(options.kubeconfig === undefined ? [] : [`--kubeconfig=${options.kubeconfig}`]),
  ];
}

function supplementalFlags(config: ConfigPathOptions): readonly string[] {
  const { supplementalConfigSuffix: prow, supplementalPluginConfigSuffix: plugins } = config;
  return [
    ...(config.supplementalConfigDirs ?? []).map((dir) => `--supplemental-prow-config-dir=${dir}`),
    ...(prow === undefined ? [] : [`--supplemental-prow-configs-filename=${prow}`]),
    ...(config.supplementalPluginConfigDirs ?? []).map(
      (dir) => `--supplemental-plugin-config-dir=${dir}`,
    ),
    ...(plugins === undefined ? [] : [`--supplemental-plugin-configs-filename-suffix=${plugins}`]),
  ];
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

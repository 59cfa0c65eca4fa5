import { resolve } from 'node:path';
import { z } from 'zod';
import type { ClusterSource } from '../activities/kubernetes/build-clusters.ts';
import { parseDuration } from '../config/duration.ts';
import { OptionsError, optional, readable } from './option-values.ts';
import { defaultCacheDir, defaultStateDir } from './provision/folders.ts';
import { type ReporterOptions, reporterFlags, reporterOptions } from './reporter-options.ts';
import { type StorageOptions, storageFlags, storageOptions } from './storage-options.ts';

/** Where the configuration lies; `config/load.ts` takes it as it is. */
export interface ConfigPathOptions {
  readonly configPath: string;
  readonly pluginConfigPath?: string;
  readonly jobConfigPath?: string;
  readonly supplementalConfigDirs?: readonly string[];
  readonly supplementalConfigSuffix?: string;
  readonly supplementalPluginConfigDirs?: readonly string[];
  readonly supplementalPluginConfigSuffix?: string;
}

/** When a configuration that was loaded does not simply become active (docs/decisions/0009). */
export interface ConfigPolicyOptions {
  /** Share of the jobs or repositories, 0 to 1, above which a loss has to be confirmed. */
  readonly dropLimit: number;
  /** Milliseconds for which every worker must have an older configuration before it comes back. */
  readonly rollbackAfterMs: number;
}

/** How GitHub is reached; the token stays in its file, which may change while we run. */
export interface GitHubOptions {
  readonly endpoint: string;
  readonly graphqlEndpoint: string;
  readonly tokenPath?: string;
}

/** Which Temporal, as the environment says. */
export interface TemporalConnectionOptions {
  readonly address: string;
  readonly namespace: string;
  /** Root of its web interface, for links. */
  readonly uiUrl?: string;
}

/** What gateway and worker share. */
export interface ServiceOptions extends StorageOptions {
  readonly config: ConfigPathOptions;
  readonly github: GitHubOptions;
  readonly dryRun: boolean;
  /** The GitHub is the emulator on this machine. */
  readonly practice: boolean;
  readonly databaseUrl: string;
  readonly temporal: TemporalConnectionOptions;
  readonly stateDir: string;
  /** Address to listen on. */
  readonly host: string;
  /** Where build clusters are found; if there are none, jobs run on the workers' machines. */
  readonly clusters: ClusterSource;
}

/** `bowsprit gateway`. */
export interface GatewayCommandOptions extends ServiceOptions {
  readonly hmacSecretFile: string;
  readonly webhookPath: string;
  readonly port: number;
  /** A second port for `/metrics`, as Prow's components have. */
  readonly metricsPort?: number;
}

/** `bowsprit worker`. */
export interface WorkerCommandOptions extends ServiceOptions {
  readonly metricsPort: number;
  /** Repositories (`ORG/REPO`) whose jobs the local executor may run against a real GitHub. */
  readonly localExecutorTrust: readonly string[];
  /** Repositories (`ORG/REPO`) whose trusted runs share this machine's network. */
  readonly localExecutorNetwork: readonly string[];
  /** Root of the gateway's pages, for links in statuses. */
  readonly publicUrl: string;
  /** Where GitHub sends webhooks: only hooks with this address are repaired. */
  readonly webhookUrl: string;
  /** Milliseconds between two repair passes. */
  readonly repairEveryMs: number;
  /** Prow's service of build ids, if they shall come from one. */
  readonly totUrl?: string;
  readonly configPolicy: ConfigPolicyOptions;
  /** How many commits' own jobs are remembered, as Prow's. */
  readonly inRepoCacheSize: number;
  readonly reporters: ReporterOptions;
}

/** What `up` runs against. */
export type UpTarget =
  | { readonly kind: 'practice' }
  | {
      readonly kind: 'github';
      readonly config: ConfigPathOptions;
      readonly github: GitHubOptions & { readonly tokenPath: string };
      readonly hmacSecretFile: string;
    };

/** `bowsprit up`. */
export interface UpCommandOptions extends StorageOptions {
  readonly target: UpTarget;
  readonly dryRun: boolean;
  readonly stateDir: string;
  readonly cacheDir: string;
  readonly fresh: boolean;
  /** End after the play instead of staying up. */
  readonly exit: boolean;
  /** When practising: play three pull requests to their merge. */
  readonly play: boolean;
  /** Handed on to the worker. */
  readonly webhookUrl?: string;
  readonly repairInterval?: string;
  readonly reporters: ReporterOptions;
  /** Handed on to both. */
  readonly kubeconfig?: string;
  /** Asked for by name, so that it is an error if it is taken; else any free one will do. */
  readonly port?: number;
  readonly metricsPort?: number;
  readonly localExecutorTrust: readonly string[];
  readonly localExecutorNetwork: readonly string[];
  /** Handed on to the worker. */
  readonly configDropLimit?: number;
  readonly configRollbackAfter?: string;
}

const GITHUB = 'https://api.github.com';
/** As peribolos has it for members (J§3.5). */
const DROP_LIMIT = 0.25;
/** Longer than a kubelet takes to bring a new ConfigMap to every pod. */
const ROLLBACK_AFTER = '2m';

const port = z.coerce
  .number('give a port number, 1 to 65535')
  .int('give a port number, 1 to 65535')
  .min(1, 'give a port number, 1 to 65535')
  .max(65_535, 'give a port number, 1 to 65535');
const address = z.url({
  protocol: /^https?$/,
  error: 'give a URL that begins with http:// or https://',
});
const repository = z
  .string()
  .regex(
    /^[^/\s]+\/[^/\s]+$/,
    'give a repository as ORG/REPO; a whole organisation is never trusted',
  );

const interval = z.string().refine((text) => (parseDuration(text) ?? 0) >= 1e9, {
  error: 'give a duration of a second or more, such as 30s or 5m',
});

const waiting = z.string().refine((text) => (parseDuration(text) ?? -1) >= 0, {
  error: 'give a duration, such as 0s, 90s or 5m',
});
const folders = z.array(readable);

const shared = {
  configPath: readable.exactOptional(),
  pluginConfig: readable.exactOptional(),
  jobConfigPath: readable.exactOptional(),
  supplementalProwConfigDir: folders.exactOptional(),
  supplementalProwConfigsFilename: z.string().exactOptional(),
  supplementalPluginConfigDir: folders.exactOptional(),
  supplementalPluginConfigsFilenameSuffix: z.string().exactOptional(),
  configDropLimit: z.coerce
    .number('give a share, 0 to 1')
    .min(0, 'give a share, 0 to 1')
    .max(1, 'give a share, 0 to 1')
    .exactOptional(),
  configRollbackAfter: waiting.exactOptional(),
  githubTokenPath: readable.exactOptional(),
  githubEndpoint: address.exactOptional(),
  githubGraphqlEndpoint: address.exactOptional(),
  hmacSecretFile: readable.exactOptional(),
  dryRun: z.boolean().exactOptional(),
  stateDir: z
    .string()
    .default(defaultStateDir)
    .transform((path) => resolve(path)),
  port: port.exactOptional(),
  metricsPort: port.exactOptional(),
  localExecutorTrust: z.array(repository).default([]),
  localExecutorNetwork: z.array(repository).default([]),
  webhookUrl: address.exactOptional(),
  repairInterval: interval.exactOptional(),
  kubeconfig: readable.exactOptional(),
  ...storageFlags,
  ...reporterFlags,
};
const service = z.strictObject({
  ...shared,
  practice: z.boolean().default(false),
  webhookPath: z.string().startsWith('/', 'begin the path with /').default('/hook'),
  publicUrl: address.default('http://127.0.0.1:8888'),
  host: z.string().default('127.0.0.1'),
  totUrl: address.exactOptional(),
  inRepoConfigCacheSize: z.coerce
    .number('give a number of 1 or more')
    .int('give a number of 1 or more')
    .min(1, 'give a number of 1 or more')
    .default(200),
});
const up = z.strictObject({
  ...shared,
  fresh: z.boolean().default(false),
  exit: z.boolean().default(false),
  play: z.boolean().default(true),
});

type Flags = z.infer<typeof service>;

/** Settings of `bowsprit up` from its flags. Throws `OptionsError`. */
export function parseUpOptions(flags: unknown): UpCommandOptions {
  const given = parse(up, flags);
  const target = upTarget(given);
  return {
    target,
    dryRun: given.dryRun ?? target.kind === 'github',
    stateDir: given.stateDir,
    cacheDir: defaultCacheDir(),
    fresh: given.fresh,
    exit: given.exit,
    play: given.play,
    ...storageOptions(given),
    reporters: reporterOptions(given),
    ...optional('webhookUrl', given.webhookUrl),
    ...optional('repairInterval', given.repairInterval),
    ...optional('kubeconfig', given.kubeconfig),
    ...optional('configDropLimit', given.configDropLimit),
    ...optional('configRollbackAfter', given.configRollbackAfter),
    localExecutorTrust: given.localExecutorTrust,
    localExecutorNetwork: given.localExecutorNetwork,
    ...optional('port', given.port),
    ...optional('metricsPort', given.metricsPort),
  };
}

/** Settings of `bowsprit gateway` from its flags and the environment. Throws `OptionsError`. */
export function parseGatewayOptions(flags: unknown): GatewayCommandOptions {
  const given = parse(service, flags);
  const options = serviceOptions(given);
  return {
    ...options,
    hmacSecretFile: required(given.hmacSecretFile, '--hmac-secret-file', 'the webhook secret'),
    webhookPath: given.webhookPath,
    port: given.port ?? 8888,
    ...optional('metricsPort', given.metricsPort),
  };
}

/** Settings of `bowsprit worker` from its flags and the environment. Throws `OptionsError`. */
export function parseWorkerOptions(flags: unknown): WorkerCommandOptions {
  const given = parse(service, flags);
  const options = serviceOptions(given);
  required(options.github.tokenPath, '--github-token-path', "the bot's token");
  const publicUrl = given.publicUrl.replace(/\/+$/, '');
  const every = given.repairInterval ?? (given.practice ? '30s' : '5m');
  return {
    ...options,
    webhookUrl: given.webhookUrl ?? `${publicUrl}${given.webhookPath}`,
    repairEveryMs: (parseDuration(every) ?? 0) / 1e6,
    metricsPort: given.metricsPort ?? 9090,
    localExecutorTrust: given.localExecutorTrust,
    localExecutorNetwork: given.localExecutorNetwork,
    publicUrl,
    ...optional('totUrl', given.totUrl?.replace(/\/+$/, '')),
    inRepoCacheSize: given.inRepoConfigCacheSize,
    reporters: reporterOptions(given),
    configPolicy: {
      dropLimit: given.configDropLimit ?? DROP_LIMIT,
      rollbackAfterMs: (parseDuration(given.configRollbackAfter ?? ROLLBACK_AFTER) ?? 0) / 1e6,
    },
  };
}

function upTarget(given: z.infer<typeof up>): UpTarget {
  const real = [
    given.githubTokenPath,
    given.githubEndpoint,
    given.githubGraphqlEndpoint,
    given.hmacSecretFile,
    given.configPath,
    given.pluginConfig,
    given.jobConfigPath,
  ];
  if (real.every((value) => value === undefined)) return { kind: 'practice' };
  const hint = ' (or give none of the configuration and GitHub flags, to practise on the emulator)';
  const tokenPath = required(given.githubTokenPath, '--github-token-path', "the bot's token", hint);
  return {
    kind: 'github',
    config: configPaths(given, hint),
    github: { ...gitHub(given), tokenPath },
    hmacSecretFile: required(
      given.hmacSecretFile,
      '--hmac-secret-file',
      'the webhook secret',
      hint,
    ),
  };
}

function serviceOptions(given: Flags): ServiceOptions {
  const github = gitHub(given);
  const local = /^(127\.0\.0\.1|localhost|\[::1\])$/.test(new URL(github.endpoint).hostname);
  if (given.practice && !local) {
    throw new OptionsError(
      '--practice: only for the emulator on this machine, but --github-endpoint is another; leave --practice out',
    );
  }
  return {
    config: configPaths(given),
    github,
    dryRun: given.dryRun ?? !given.practice,
    practice: given.practice,
    databaseUrl: environment('DATABASE_URL', 'postgres://USER:PASSWORD@HOST:5432/DATABASE'),
    temporal: {
      address: environment('TEMPORAL_ADDRESS', 'HOST:7233'),
      namespace: process.env['TEMPORAL_NAMESPACE'] || 'default',
      ...optional('uiUrl', process.env['TEMPORAL_UI_URL'] || undefined),
    },
    stateDir: given.stateDir,
    host: given.host,
    ...storageOptions(given),
    clusters: {
      ...optional('kubeconfig', given.kubeconfig),
      // Practice is of this machine alone.
      inCluster: !given.practice && Boolean(process.env['KUBERNETES_SERVICE_HOST']),
    },
  };
}

type SharedFlags = Pick<
  Flags,
  | 'configPath'
  | 'pluginConfig'
  | 'jobConfigPath'
  | 'supplementalProwConfigDir'
  | 'supplementalProwConfigsFilename'
  | 'supplementalPluginConfigDir'
  | 'supplementalPluginConfigsFilenameSuffix'
  | 'githubEndpoint'
  | 'githubGraphqlEndpoint'
  | 'githubTokenPath'
>;

function configPaths(given: SharedFlags, hint = ''): ConfigPathOptions {
  return {
    configPath: required(given.configPath, '--config-path', "Prow's config.yaml", hint),
    ...optional('pluginConfigPath', given.pluginConfig),
    ...optional('jobConfigPath', given.jobConfigPath),
    ...optional('supplementalConfigDirs', given.supplementalProwConfigDir),
    ...optional('supplementalConfigSuffix', given.supplementalProwConfigsFilename),
    ...optional('supplementalPluginConfigDirs', given.supplementalPluginConfigDir),
    ...optional('supplementalPluginConfigSuffix', given.supplementalPluginConfigsFilenameSuffix),
  };
}

function gitHub(given: SharedFlags): GitHubOptions {
  const endpoint = (given.githubEndpoint ?? GITHUB).replace(/\/$/, '');
  return {
    endpoint,
    // An enterprise server has REST under /api/v3 and GraphQL beside it.
    graphqlEndpoint: given.githubGraphqlEndpoint ?? `${endpoint.replace(/\/v3$/, '')}/graphql`,
    ...optional('tokenPath', given.githubTokenPath),
  };
}

function parse<T>(schema: z.ZodType<T>, flags: unknown): T {
  const result = schema.safeParse(flags);
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path, message }) => `${flagName(path[0])}: ${message}`);
  throw new OptionsError(lines.join('\n'));
}

function flagName(field: PropertyKey | undefined): string {
  return `--${String(field ?? '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function required(value: string | undefined, flag: string, what: string, hint = ''): string {
  if (value !== undefined) return value;
  throw new OptionsError(`${flag}: give the file with ${what}${hint}`);
}

function environment(name: string, example: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new OptionsError(
    `${name} is not set: set it to ${example}, or use \`bowsprit up\`, which brings its own`,
  );
}

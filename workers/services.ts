import { join } from 'node:path';
import type { UpCommandOptions } from './options.ts';
import { endOrphan } from './provision/pid-file.ts';
import { type ProvidedPostgres, providePostgres } from './provision/postgres.ts';
import { bareEnvironment, spawnOwned } from './provision/process.ts';
import { lockState } from './provision/state-lock.ts';
import { type Supervised, type SupervisionOptions, supervise } from './provision/supervise.ts';
import { type ProvidedTemporal, provideTemporal } from './provision/temporal.ts';

/** What gateway and worker stand on. */
export interface Services {
  readonly temporal: ProvidedTemporal;
  readonly postgres: ProvidedPostgres;
  /** The environment that tells gateway and worker where these are; holds the database's password. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

type Notices = Omit<SupervisionOptions, 'name'>;

/** Takes the state folder and has Temporal and PostgreSQL in it, both at once; all or nothing. */
export async function startServices(
  { stateDir, cacheDir, fresh }: UpCommandOptions,
  notices: Notices & { readonly progress?: (message: string) => void } = {},
): Promise<Services> {
  const lock = lockState(stateDir);
  const { progress, ...supervision } = notices;
  const shared = { stateDir, cacheDir, fresh, supervision };
  const [temporal, postgres] = await Promise.allSettled([
    provideTemporal({ ...shared, ...(progress ? { progress } : {}) }),
    providePostgres(shared),
  ]);
  const stop = async (): Promise<void> => {
    const started = [temporal, postgres].filter((result) => result.status === 'fulfilled');
    await Promise.all(started.map((result) => result.value.stop()));
    lock.release();
  };
  if (temporal.status === 'rejected' || postgres.status === 'rejected') {
    await stop();
    throw temporal.status === 'rejected' ? temporal.reason : rejection(postgres);
  }
  return {
    temporal: temporal.value,
    postgres: postgres.value,
    environment: {
      DATABASE_URL: postgres.value.url,
      TEMPORAL_ADDRESS: temporal.value.address,
      TEMPORAL_NAMESPACE: temporal.value.namespace,
      ...(temporal.value.uiUrl ? { TEMPORAL_UI_URL: temporal.value.uiUrl } : {}),
    },
    stop,
  };
}

function rejection(result: PromiseSettledResult<unknown>): unknown {
  return result.status === 'rejected' ? result.reason : undefined;
}

/** One of our own commands as a process of its own. */
export interface OwnCommand {
  /** Also the name of its log and pid file. */
  readonly name: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly stateDir: string;
}

/** Runs `bowsprit ARGS` the way we were run ourselves (built, or from source by tsx), and keeps it alive. */
export async function superviseCommand(
  command: OwnCommand,
  notices: Notices = {},
): Promise<Supervised> {
  const { name, args, environment, stateDir } = command;
  const program = [...process.execArgv, process.argv[1] ?? '', ...args];
  const options = {
    name,
    env: bareEnvironment(environment),
    log: join(stateDir, 'logs', `${name}.log`),
    pidFile: join(stateDir, `${name}.pid`),
  };
  // We hold the state folder, so whatever still runs was left by a start that was killed.
  await endOrphan(options.pidFile);
  return supervise(() => spawnOwned(process.execPath, program, options), { ...notices, name });
}

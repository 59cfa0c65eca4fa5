import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { z } from 'zod';
import {
  type ConfigWorker,
  listConfigWorkers,
  readConfigState,
} from '../../activities/database/config-state.ts';
import { openDatabase } from '../../activities/database/database.ts';
import { placeOfProblem, type ShownConfig, shownConfig } from '../../gateway/config-records.ts';
import { ids, UPDATES } from '../../workflows/contract.ts';
import {
  type ConfigVerdict,
  type ConfigVerdictResult,
  lossText,
} from '../../workflows/domain/config-offer.ts';
import { OptionsError } from '../option-values.ts';
import { servicesFile } from '../services-file.ts';
import { connectTemporal } from '../temporal-client.ts';

interface Place {
  readonly stateDir: string;
}

const services = z.object({
  DATABASE_URL: z.string(),
  TEMPORAL_ADDRESS: z.string(),
  TEMPORAL_NAMESPACE: z.string().default('default'),
});

/** Shows the configuration; the exit status is 1 while something is refused or held back. */
export async function showConfig({
  output,
  ...place
}: Place & { readonly output: string }): Promise<number> {
  const { DATABASE_URL: url } = await servicesOf(place);
  const database = openDatabase(url);
  try {
    const config = shownConfig(await readConfigState(database));
    const workers = await listConfigWorkers(database);
    const lines = linesOf(config, workers).join('\n');
    process.stdout.write(`${output === 'json' ? JSON.stringify({ ...config, workers }) : lines}\n`);
    return config.held === undefined && config.refused.length === 0 ? 0 : 1;
  } finally {
    await database.close();
  }
}

/** For so long the answer of a worker is waited for. */
const PATIENCE_MS = 30_000;

/** Brings a person's word to the `config` workflow, and says what became of it. */
export async function decideConfig(
  what: 'confirm' | 'reject',
  verdict: ConfigVerdict,
  place: Place,
): Promise<number> {
  const { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace } = await servicesOf(place);
  const { client, close } = await connectTemporal({ address, namespace }, 5_000);
  const name = what === 'confirm' ? UPDATES.confirmConfig : UPDATES.rejectConfig;
  const ask = () =>
    client.workflow
      .getHandle(ids.config)
      .executeUpdate<ConfigVerdictResult, [ConfigVerdict]>(name, { args: [verdict] });
  try {
    const { hash, text } = await client.withDeadline(Date.now() + PATIENCE_MS, ask);
    process.stdout.write(`${hash}: ${text}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${refusalOf(error)}\n`);
    return 1;
  } finally {
    await close();
  }
}

function refusalOf(error: unknown): string {
  if (error instanceof WorkflowUpdateFailedError) {
    return `Nothing was changed: ${error.cause?.message ?? error.message}.`;
  }
  if (error instanceof WorkflowNotFoundError) {
    return 'Nothing was changed: no worker has ever offered a configuration here.';
  }
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
    return `No worker has answered in ${PATIENCE_MS / 1000} s: see \`bowsprit config show\` and the log of a worker, then try again.`;
  }
  throw error;
}

async function servicesOf({ stateDir }: Place): Promise<z.infer<typeof services>> {
  const environment = services.safeParse(process.env);
  if (environment.success) return environment.data;
  const file = servicesFile(stateDir);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text !== undefined) return services.parse(JSON.parse(text));
  throw new OptionsError(
    `set TEMPORAL_ADDRESS and DATABASE_URL as for a worker, or give the --state-dir of a \`bowsprit up\` (there is no ${join(file)})`,
  );
}

function linesOf(config: ShownConfig, workers: readonly ConfigWorker[]): readonly string[] {
  const active = config.activations.at(-1);
  return [
    active === undefined
      ? 'active     none yet'
      : `active     number ${active.number}, ${active.hash}, since ${active.at}, by ${active.by}: ${active.why}`,
    ...heldLines(config),
    ...config.waiting.map(
      ({ offer, why }) =>
        `waits      ${offer.hash}, offered by ${offer.worker} at ${offer.at}: ${why === 'older' ? 'it was active before' : 'others may be past it'}`,
    ),
    ...config.refused.flatMap(({ worker, at, total, problems }) => [
      `refused    ${worker} at ${at}: ${total} problem${total === 1 ? '' : 's'}`,
      ...problems.map((problem) => `           ${placeOfProblem(problem)}: ${problem.text}`),
    ]),
    ...workers.map(
      ({ worker, hash, number }) => `worker     ${worker}: number ${number}, files ${hash}`,
    ),
  ];
}

function heldLines({ held }: ShownConfig): readonly string[] {
  if (held === undefined) return [];
  const { offer, since, jobs, repositories } = held;
  const short = offer.hash.slice(0, 12);
  return [
    `held back  ${offer.hash}, offered by ${offer.worker}, since ${since}: it drops ${lossText('jobs', jobs)}, ${lossText('repositories', repositories)}`,
    ...[...repositories.names, ...jobs.names].map((name) => `           ${name}`),
    `           bowsprit config confirm ${short}   or   bowsprit config reject ${short}`,
  ];
}

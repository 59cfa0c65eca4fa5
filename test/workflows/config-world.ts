import { randomUUID } from 'node:crypto';
import { activityInfo, heartbeat } from '@temporalio/activity';
import { Client, type WorkflowHandle } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { type ConfigStore, createConfigStore } from '../../activities/active-config.ts';
import { createConfigActivities } from '../../activities/config/config-activities.ts';
import { saveConfigWorker } from '../../activities/database/config-state.ts';
import type { Database } from '../../activities/database/database.ts';
import { DatabaseUnavailable } from '../../activities/database/errors.ts';
import { parseConfig } from '../../config/parse.ts';
import type { ConfigFiles } from '../../config/reading.ts';
import {
  type ConfigInput,
  type Message,
  SIGNALS,
  STATE_QUERY,
  UPDATES,
} from '../../workflows/contract.ts';
import type {
  ConfigOffer,
  ConfigVerdict,
  ConfigVerdictResult,
} from '../../workflows/domain/config-offer.ts';
import type { ConfigState } from '../../workflows/domain/config-state.ts';
import { workflowBundle } from './bundle.ts';

/** The `config` workflow on a real server, its activities on a real database. */
export interface ConfigWorld {
  readonly store: ConfigStore;
  readonly handle: () => WorkflowHandle;
  /** Messages that pull requests and pools were told, newest last. */
  readonly told: Message[];
  /** While true, every statement fails. */
  away: boolean;
  /** A worker loads files and offers them. */
  offer(worker: string, files: ConfigFiles, change?: Partial<ConfigOffer>): Promise<string>;
  /** A worker complains of its files. */
  complain(worker: string, text: string): Promise<void>;
  leave(worker: string): Promise<void>;
  say(what: 'confirm' | 'reject', verdict: ConfigVerdict): Promise<ConfigVerdictResult>;
  state(): Promise<ConfigState>;
  /** Contents that were active, in order. */
  numbers(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Files with presubmits of one repository, by name. */
export function filesOf(
  jobs: readonly string[],
  { repository = 'acme/app', extra = '' } = {},
): ConfigFiles {
  const list = jobs.map(
    (name) => `  - name: ${name}\n    always_run: true\n    spec: {containers: [{command: [x]}]}\n`,
  );
  return {
    config: { name: 'config.yaml', text: `${extra}prowjob_namespace: default\n` },
    jobs: [{ name: 'jobs.yaml', text: `presubmits:\n  ${repository}:\n${list.join('')}` }],
    plugins: { name: 'plugins.yaml', text: `plugins:\n  ${repository}:\n    plugins: [trigger]\n` },
  };
}

/** Opens it; the workflow starts with the first offer. */
export async function openConfigWorld(address: string, database: Database): Promise<ConfigWorld> {
  const connection = await NativeConnection.connect({ address });
  const client = new Client({ connection });
  const queue = `config-${randomUUID()}`;
  const told: Message[] = [];
  let sequence = 0;
  const fragile = fragileDatabase(database, () => world.away);
  const store = createConfigStore(fragile);
  const handle = () => client.workflow.getHandle(queue);
  const signal = (name: string, body: unknown) =>
    client.workflow.signalWithStart('config', {
      workflowId: queue,
      taskQueue: queue,
      args: [{} satisfies ConfigInput],
      signal: name,
      signalArgs: [body],
    });
  const world: ConfigWorld = {
    store,
    handle,
    told,
    away: false,
    offer: async (worker, files, change = {}) => {
      const snapshot = parseConfig(files);
      const { hash } = snapshot;
      await createConfigStore(database).keepFiles(snapshot, files);
      await saveConfigWorker(database, { worker, hash, number: 0 });
      sequence += 1;
      await signal(SIGNALS.configOffered, {
        worker,
        sequence,
        at: new Date().toISOString(),
        cause: 'change',
        hash,
        dropLimit: 0.25,
        rollbackAfterMs: 60_000,
        ...change,
      } satisfies ConfigOffer);
      return hash;
    },
    complain: async (worker, text) => {
      sequence += 1;
      const problems = [{ file: 'config.yaml', line: 3, field: 'tide', text }];
      const at = new Date().toISOString();
      await signal(SIGNALS.configRefused, { worker, sequence, at, problems, total: 1 });
    },
    leave: async (worker) => {
      await database.query('DELETE FROM config_workers WHERE worker = $1', [worker]);
      await signal(SIGNALS.configLeft, { worker });
    },
    say: (what, verdict) =>
      handle().executeUpdate<ConfigVerdictResult, [ConfigVerdict]>(
        what === 'confirm' ? UPDATES.confirmConfig : UPDATES.rejectConfig,
        { args: [verdict] },
      ),
    state: () => handle().query<ConfigState>(STATE_QUERY),
    numbers: async () => (await world.state()).activations.map(({ hash }) => hash),
    close: async () => {
      await handle()
        .terminate()
        .catch(() => undefined);
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
  const worker = await Worker.create({
    connection,
    taskQueue: queue,
    workflowBundle: await workflowBundle(),
    activities: {
      ...createConfigActivities({
        store,
        database: fragile,
        tell: async (message) => {
          told.push(message);
        },
        heartbeat,
        heartbeatDetails: () => activityInfo().heartbeatDetails,
      }),
    },
  });
  const running = worker.run();
  return world;
}

function fragileDatabase(database: Database, isAway: () => boolean): Database {
  const refuse = () => Promise.reject(new DatabaseUnavailable('the database is not available'));
  return {
    ...database,
    query: (text, values) => (isAway() ? refuse() : database.query(text, values)),
    transaction: (work) => (isAway() ? refuse() : database.transaction(work)),
  };
}

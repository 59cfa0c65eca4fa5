import { type Drop, dropsOf } from '../../config/change.ts';
import { ConfigError, describeReason, type Problem } from '../../config/problem.ts';
import type { ConfigSnapshot } from '../../config/snapshot.ts';
import type { Message } from '../../workflows/contract.ts';
import type {
  ConfigFault,
  ConfigInspection,
  ConfigLoss,
  ConfigProblem,
} from '../../workflows/domain/config-offer.ts';
import type { ConfigPorts } from '../../workflows/ports.ts';
import { type ConfigStore, storedConfig } from '../active-config.ts';
import { listActivations, saveActivation } from '../database/config-snapshots.ts';
import { listConfigWorkers, saveConfigEvents, saveConfigState } from '../database/config-state.ts';
import type { Database } from '../database/database.ts';
import { adoptRepositories } from '../database/repositories.ts';
import { isTransient } from '../decide/transient.ts';
import { createTelling } from './tell-config.ts';

/** What the activities of the configuration need. */
export interface ConfigSetting {
  readonly store: ConfigStore;
  readonly database: Database;
  readonly tell: (message: Message) => Promise<void>;
  readonly heartbeat: (details: unknown) => void;
  /** What the last try of this activity told by its heartbeat. */
  readonly heartbeatDetails: () => unknown;
}

/** Whoever reads this has other things to do than to read all of a thousand. */
const MOST_PROBLEMS = 50;
const MOST_NAMES = 200;
const LONGEST_TEXT = 600;

/** Looking at what was offered, making it active, and telling whom it concerns (docs/decisions/0009). */
export function createConfigActivities(setting: ConfigSetting): ConfigPorts {
  const { store, database } = setting;
  return {
    rememberedConfigs: () => listActivations(database),
    inspectConfig: ({ hash, against }) => inspect(store, hash, against),
    activateConfig: async (activation) => {
      const result = await saveActivation(database, activation);
      // Their age as ours counts from the first configuration that names them.
      await adoptRepositories(database, repositoriesOf(await store.byHash(activation.hash)));
      return result;
    },
    standingWorkers: async () => {
      const workers = await listConfigWorkers(database);
      return Object.fromEntries(workers.map(({ worker, hash }) => [worker, hash]));
    },
    publishConfig: async (state) => {
      await saveConfigEvents(database, state.unrecorded);
      await saveConfigState(database, { ...state, unrecorded: [] });
    },
    tellConfigChanged: createTelling(setting),
  };
}

async function inspect(
  store: ConfigStore,
  hash: string,
  against: string | undefined,
): Promise<ConfigInspection> {
  try {
    const after = await store.byHash(hash);
    const before = against === undefined ? undefined : await storedConfig(store, against);
    const { jobs, repositories } = dropsOf(before ?? after, after);
    return { kind: 'good', jobs: lossOf(jobs), repositories: lossOf(repositories) };
  } catch (error) {
    // A database that is away says nothing about the configuration.
    if (isTransient(error)) throw error;
    return { kind: 'refused', ...faultOf(error) };
  }
}

function lossOf({ before, after, names }: Drop): ConfigLoss {
  return { before, after, dropped: names.length, names: names.slice(0, MOST_NAMES) };
}

/** What is wrong with files, short enough to be sent and shown. */
export function faultOf(error: unknown): ConfigFault {
  if (!(error instanceof ConfigError)) {
    const text = error instanceof Error ? error.message : String(error);
    return { total: 1, problems: [{ file: '', line: 0, field: '', text: cut(text) }] };
  }
  const { problems } = error;
  return { total: problems.length, problems: problems.slice(0, MOST_PROBLEMS).map(shownProblem) };
}

/** A problem as pages and comments show it. */
export function shownProblem(problem: Problem): ConfigProblem {
  const { file, line = 0, field } = problem;
  return { file, line, field, text: cut(describeReason(problem)) };
}

function cut(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}…`;
}

/** Repositories that the files name, by jobs or plugins. */
export function repositoriesOf({ jobs, plugins }: ConfigSnapshot) {
  const names = new Set([
    ...Object.keys(jobs.presubmits),
    ...Object.keys(jobs.postsubmits),
    ...Object.keys(plugins.plugins),
  ]);
  return [...names].flatMap((name) => {
    const [org, repo, ...rest] = name.split('/');
    return org && repo && rest.length === 0 ? [{ org, repo }] : [];
  });
}

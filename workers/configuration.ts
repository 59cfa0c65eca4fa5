import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { type ConfigStore, createConfigStore } from '../activities/active-config.ts';
import { faultOf } from '../activities/config/config-activities.ts';
import { forgetConfigWorker, saveConfigWorker } from '../activities/database/config-state.ts';
import type { Database } from '../activities/database/database.ts';
import { listen } from '../activities/database/listen.ts';
import { deliver } from '../activities/tell.ts';
import { readConfigFiles } from '../config/load.ts';
import { parseConfig } from '../config/parse.ts';
import { ConfigError, describeProblem } from '../config/problem.ts';
import type { ConfigFiles } from '../config/reading.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import { watchConfig } from '../config/watch.ts';
import { type ConfigMetrics, createConfigMetrics } from './config-metrics.ts';
import { createOffers, type Offers } from './config-offers.ts';
import type { ConfigPathOptions } from './options.ts';

/** A configuration that is offered, followed and caught up with. */
export interface Configuration {
  readonly store: ConfigStore;
  /** Resolves when a configuration is active here, or after so many milliseconds. */
  active(patienceMs: number): Promise<void>;
  /** What `readyz` says of it, line by line. */
  standing(): readonly string[];
  close(): Promise<void>;
}

/** What opening a configuration needs. */
export interface ConfigurationOptions {
  readonly database: Database;
  readonly client: Client;
  readonly paths: ConfigPathOptions;
  readonly policy: ConfigPolicy;
  readonly registry: Registry;
  readonly log: Logger;
  /** Called with each configuration that comes into force, the first included. */
  readonly onActive: (snapshot: ConfigSnapshot) => void;
}

/** What a worker says with every offer. */
export interface ConfigPolicy {
  /** The share of jobs or repositories, 0 to 1, above which a loss has to be confirmed. */
  readonly dropLimit: number;
  readonly rollbackAfterMs: number;
}

/** A sign of life, and a look whether another one is active. */
const BEAT_MS = 10_000;

interface Loaded {
  readonly snapshot: ConfigSnapshot;
  readonly files: ConfigFiles;
}

/**
 * Loads the files and offers them, follows them, and follows which configuration is active: that is not always
 * what the files say (docs/decisions/0009).
 * @throws ConfigError if the files do not load now: then nothing is started (C06)
 */
export async function openConfiguration(options: ConfigurationOptions): Promise<Configuration> {
  const { database, client, paths, log, registry } = options;
  const worker = `${hostname()}/${randomUUID().slice(0, 8)}`;
  const store = createConfigStore(database);
  const metrics = createConfigMetrics(registry);
  const offers = createOffers({
    worker,
    policy: options.policy,
    log,
    send: (message) => deliver(client, message),
    keep: async ({ snapshot, files }, number) => {
      await store.keepFiles(snapshot, files);
      await saveConfigWorker(database, { worker, hash: snapshot.hash, number });
    },
    number: () => store.known()?.number ?? 0,
  });
  const first = await loadFirst(paths, offers, log);
  metrics.loaded(first.files, first.snapshot);
  offers.offer(first, 'start');
  const following = followActive({ ...options, store, metrics });
  const state = followFiles({ ...options, worker, offers, metrics }, first);
  const beat = setInterval(() => {
    const { hash } = state.loaded().snapshot;
    const number = store.known()?.number ?? 0;
    saveConfigWorker(database, { worker, hash, number }).catch(() => undefined);
    void following.look();
  }, BEAT_MS);
  return {
    store,
    active: (patienceMs) => following.active(patienceMs),
    standing: () => [...activeLine(store), ...state.standing()],
    close: async () => {
      clearInterval(beat);
      state.close();
      await following.close();
      await offers.close();
      await forgetConfigWorker(database, worker).catch(() => undefined);
      // Without a word of farewell the lease runs out by itself.
      const farewell = deliver(client, {
        to: 'config',
        input: {},
        signal: 'configLeft',
        body: { worker },
      });
      await farewell.catch(() => undefined);
    },
  };
}

async function loadFirst(paths: ConfigPathOptions, offers: Offers, log: Logger): Promise<Loaded> {
  try {
    const files = await readConfigFiles(paths);
    return { files, snapshot: parseConfig(files) };
  } catch (error) {
    logProblems(log, error, 'the configuration does not load, so nothing is started');
    await offers.complainOfStart(faultOf(error));
    throw error;
  }
}

function activeLine(store: ConfigStore): readonly string[] {
  const active = store.known();
  return [
    active === undefined
      ? 'configuration: none is active yet'
      : `configuration: number ${active.number}, ${active.snapshot.hash}`,
  ];
}

interface Following extends ConfigurationOptions {
  readonly store: ConfigStore;
  readonly metrics: ConfigMetrics;
}

/** Hears of activations, and looks now and then in case it did not hear. */
function followActive({ store, metrics, database, log, onActive }: Following) {
  let number = 0;
  let heard: () => void = () => undefined;
  const isActive = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const look = async (): Promise<void> => {
    try {
      const active = await store.refresh();
      if (active === undefined || active.number === number) return;
      number = active.number;
      log.info({ number, hash: active.snapshot.hash }, 'configuration active');
      metrics.active(active);
      onActive(active.snapshot);
      heard();
    } catch (error) {
      log.warn({ error: String(error) }, 'cannot see which configuration is active');
    }
  };
  const changes = listen(database, ({ topic }) => {
    if (topic === 'config' || topic === 'resync') void look();
  });
  return {
    look,
    active: async (patienceMs: number) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, patienceMs);
      });
      await Promise.race([isActive, late]);
      clearTimeout(timer);
    },
    close: () => changes.stop(),
  };
}

interface FollowedFiles extends ConfigurationOptions {
  readonly worker: string;
  readonly offers: Offers;
  readonly metrics: ConfigMetrics;
}

/** Follows the files from what was loaded first; what does not load leaves everything as it is. */
function followFiles({ paths, offers, metrics, log }: FollowedFiles, first: Loaded) {
  let loaded = first;
  let refused: readonly string[] = [];
  const watch = watchConfig({
    ...paths,
    hash: first.snapshot.hash,
    files: first.files,
    onChange: (snapshot, files) => {
      refused = [];
      loaded = { snapshot, files };
      log.info({ hash: snapshot.hash }, 'configuration files changed');
      metrics.loaded(files, snapshot);
      offers.offer(loaded, 'change');
    },
    onRecovered: () => {
      refused = [];
      metrics.loaded(loaded.files, loaded.snapshot);
      offers.offer(loaded, 'change');
    },
    onError: (error) => {
      refused = problemLines(error);
      logProblems(log, error, 'configuration files refused, what is active stays');
      metrics.refused();
      offers.complain(faultOf(error));
    },
  });
  return {
    loaded: () => loaded,
    standing: () =>
      refused.length === 0
        ? [`configuration files: good, ${loaded.snapshot.hash}`]
        : ['configuration files: refused, what is active stays', ...refused],
    close: () => watch.close(),
  };
}

const MOST_LINES = 20;

function problemLines(error: unknown): readonly string[] {
  if (!(error instanceof ConfigError)) return [`  ${String(error)}`];
  return error.problems.slice(0, MOST_LINES).map((problem) => `  ${describeProblem(problem)}`);
}

function logProblems(log: Logger, error: unknown, what: string): void {
  if (!(error instanceof ConfigError)) {
    log.error({ error: String(error) }, what);
    return;
  }
  for (const { file, line, column, field, ...problem } of error.problems.slice(0, MOST_LINES)) {
    log.error({ file, line, column, field, why: problem.why, next: problem.next }, what);
  }
}

/** Organisations (or users) that the files name, by themselves or by a repository. */
export function orgsOf({ jobs, plugins }: ConfigSnapshot): readonly string[] {
  const names = [
    ...Object.keys(jobs.presubmits),
    ...Object.keys(jobs.postsubmits),
    ...Object.keys(plugins.plugins),
  ];
  return [...new Set(names.map((name) => (name.split('/')[0] ?? '').toLowerCase()))].filter(
    (org) => org !== '' && org !== '*',
  );
}

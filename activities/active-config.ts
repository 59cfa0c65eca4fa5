import { ApplicationFailure } from '@temporalio/common';
import { LRUCache } from 'lru-cache';
import { contentText, type InRepoOrigin, restoredConfig } from '../config/content.ts';
import { type ConfigReader, createConfigReader } from '../config/reader.ts';
import type { ConfigFiles } from '../config/reading.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import { activeConfig, readConfigContent, saveConfigContent } from './database/config-snapshots.ts';
import type { Database } from './database/database.ts';
import type { ActiveConfig } from './decide/sources.ts';

/** Configurations that one process knows: the active one, and others by hash. */
export interface ConfigStore {
  /** The active one, at least this number: a worker that is behind catches up by hash. */
  current(atLeast: number): Promise<ActiveConfig>;
  byHash(hash: string): Promise<ConfigSnapshot>;
  /** The active one as far as this process knows. */
  known(): ActiveConfig | undefined;
  /** Asks the database which one is active now. */
  refresh(): Promise<ActiveConfig | undefined>;
  /** Keeps what was loaded under its hash, for everybody. */
  keepFiles(snapshot: ConfigSnapshot, files: ConfigFiles): Promise<void>;
  /** Keeps a configuration with a repository's own jobs, for everybody. */
  keepInRepo(snapshot: ConfigSnapshot, from: InRepoOrigin): Promise<void>;
}

/** Configurations that one process keeps by hash: decisions of some minutes ago still name them. */
const KEPT = 8;
const KEPT_IN_REPO = 200;

/** A store on the database; while the database is away the last known configuration stays in force. */
export function createConfigStore(database: Database): ConfigStore {
  const whole = new LRUCache<string, ConfigSnapshot>({ max: KEPT });
  const inRepo = new LRUCache<string, ConfigSnapshot>({ max: KEPT_IN_REPO });
  // It parses only those files of a configuration that differ from the one before.
  const reader: ConfigReader = createConfigReader();
  let active: ActiveConfig | undefined;
  let reading: Promise<ActiveConfig | undefined> | undefined;

  async function byHash(hash: string): Promise<ConfigSnapshot> {
    const known = whole.get(hash) ?? inRepo.get(hash);
    if (known !== undefined) return known;
    const text = await readConfigContent(database, hash);
    if (text === undefined) throw configMissing(hash);
    const snapshot = await restoredConfig(text, { hash, reader, byHash });
    (text.startsWith('{"kind":"in-repo"') ? inRepo : whole).set(hash, snapshot);
    return snapshot;
  }

  async function readActive(): Promise<ActiveConfig | undefined> {
    const newest = await activeConfig(database);
    if (newest === undefined || newest.number <= (active?.number ?? 0)) return active;
    const { number, hash } = newest;
    active = { number, snapshot: await byHash(hash) };
    return active;
  }

  function refresh(): Promise<ActiveConfig | undefined> {
    // Many ask at once when a configuration has just changed.
    reading ??= readActive().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  return {
    byHash,
    refresh,
    known: () => active,
    current: async (atLeast) => {
      if (active !== undefined && active.number >= atLeast) return active;
      const newest = await refresh();
      if (newest === undefined) throw configUnavailable('no configuration is active yet');
      if (newest.number >= atLeast) return newest;
      throw configUnavailable(
        `the newest configuration here is number ${newest.number}, but ${atLeast} is known elsewhere`,
      );
    },
    keepFiles: async (snapshot, files) => {
      whole.set(snapshot.hash, snapshot);
      const content = contentText({ kind: 'files', files });
      await saveConfigContent(database, { hash: snapshot.hash, content });
    },
    keepInRepo: async (snapshot, from) => {
      if (inRepo.has(snapshot.hash)) return;
      const content = contentText({ kind: 'in-repo', ...from });
      await saveConfigContent(database, { hash: snapshot.hash, content });
      inRepo.set(snapshot.hash, snapshot);
    },
  };
}

/** Type of the failure where nothing is stored under a hash: the database was lost since. */
const CONFIG_MISSING = 'ConfigMissing';

function configMissing(hash: string): ApplicationFailure {
  const message = `no configuration with the hash ${hash} is stored: start a worker whose files say it`;
  return ApplicationFailure.create({ type: CONFIG_MISSING, message });
}

/** The configuration under a hash; undefined if none is stored. */
export async function storedConfig(
  { byHash }: Pick<ConfigStore, 'byHash'>,
  hash: string,
): Promise<ConfigSnapshot | undefined> {
  try {
    return await byHash(hash);
  } catch (error) {
    if (error instanceof ApplicationFailure && error.type === CONFIG_MISSING) return undefined;
    throw error;
  }
}

/** Its cause passes by itself: whoever asked asks again. */
function configUnavailable(message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: 'ConfigUnavailable', message });
}

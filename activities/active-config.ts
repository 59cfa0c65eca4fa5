import type { ConfigSnapshot } from '../config/snapshot.ts';
import { activateConfig, activeConfig, readConfigContent } from './database/config-snapshots.ts';
import type { Database } from './database/database.ts';
import type { ActiveConfig } from './decide/sources.ts';

/** The configuration in force, and others by hash. */
export interface ConfigStore {
  /** The active one, at least this number: a worker that is behind catches up by hash. */
  current(atLeast: number): Promise<ActiveConfig>;
  byHash(hash: string): Promise<ConfigSnapshot>;
  /** Makes what was loaded the active one. */
  offer(snapshot: ConfigSnapshot): Promise<ActiveConfig>;
  /** The active one as far as this process knows. */
  known(): ActiveConfig | undefined;
}

/** Snapshots that one process keeps by hash: decisions of some minutes ago still name them. */
const KEPT = 8;

/** A store on the database; while the database is away the last known configuration stays in force. */
export function createConfigStore(database: Database): ConfigStore {
  const byHash = new Map<string, ConfigSnapshot>();
  let active: ActiveConfig | undefined;

  function keep(number: number, snapshot: ConfigSnapshot): ActiveConfig {
    byHash.delete(snapshot.hash);
    byHash.set(snapshot.hash, snapshot);
    for (const hash of byHash.keys()) if (byHash.size > KEPT) byHash.delete(hash);
    if (active === undefined || number >= active.number) active = { number, snapshot };
    return active;
  }

  async function read(hash: string): Promise<ConfigSnapshot> {
    const known = byHash.get(hash);
    if (known !== undefined) return known;
    const content = await readConfigContent(database, hash);
    if (content === undefined) throw new Error(`no configuration with the hash ${hash} is stored`);
    return restored(content);
  }

  return {
    known: () => active,
    byHash: read,
    current: async (atLeast) => {
      if (active !== undefined && active.number >= atLeast) return active;
      const newest = await activeConfig(database);
      if (newest === undefined) throw new Error('no configuration has been activated yet');
      return keep(newest.number, await read(newest.hash));
    },
    offer: async (snapshot) => {
      const content = JSON.stringify(snapshot);
      const { number } = await activateConfig(database, { hash: snapshot.hash, content });
      return keep(number, snapshot);
    },
  };
}

/** A snapshot is plain data that was checked when it was first read, by us. */
function restored(content: string): ConfigSnapshot {
  const snapshot: ConfigSnapshot = JSON.parse(content);
  return snapshot;
}

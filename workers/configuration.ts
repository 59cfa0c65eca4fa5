import type { Logger } from 'pino';
import { type ConfigStore, createConfigStore } from '../activities/active-config.ts';
import type { Database } from '../activities/database/database.ts';
import { adoptRepositories } from '../activities/database/repositories.ts';
import { loadConfig } from '../config/load.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import { watchConfig } from '../config/watch.ts';
import type { ConfigPathOptions } from './options.ts';

/** A configuration that is loaded, active and followed. */
export interface Configuration {
  readonly store: ConfigStore;
  close(): void;
}

/** What opening a configuration needs. */
export interface ConfigurationOptions {
  readonly database: Database;
  readonly paths: ConfigPathOptions;
  readonly log: Logger;
  /** Called with each configuration that comes into force, the first included. */
  readonly onActive: (snapshot: ConfigSnapshot) => void;
}

/** Loads the files, makes them active, and follows them; what does not load leaves the old one in force. */
export async function openConfiguration({
  database,
  paths,
  log,
  onActive,
}: ConfigurationOptions): Promise<Configuration> {
  const store = createConfigStore(database);
  const first = await loadConfig(paths);
  await activate(first);
  const watch = watchConfig({
    ...paths,
    hash: first.hash,
    onChange: (snapshot) => {
      activate(snapshot).catch((error: unknown) =>
        log.error({ error: String(error) }, 'configuration not activated'),
      );
    },
    onError: (error) =>
      log.error({ error: String(error) }, 'configuration not loaded, the old one stays'),
  });
  return { store, close: () => watch.close() };

  async function activate(snapshot: ConfigSnapshot): Promise<void> {
    const { number } = await store.offer(snapshot);
    await adoptRepositories(database, repositoriesOf(snapshot));
    log.info({ number, hash: snapshot.hash }, 'configuration active');
    onActive(snapshot);
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

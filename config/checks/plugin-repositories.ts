import type { PluginsFile } from '../plugins-file.ts';
import type { TideQuery } from '../prow/tide.ts';
import type { RepositorySet } from './repository-set.ts';
import { orgOf } from './repository-set.ts';

/** Where a plugin is enabled: organisations less what they exclude, and repositories. */
export function repositoriesOfPlugin(file: PluginsFile, plugin: string): RepositorySet {
  const enabled = Object.entries(file.plugins).filter(([, { plugins }]) =>
    plugins.includes(plugin),
  );
  const repos = new Set(enabled.map(([key]) => key).filter((key) => key.includes('/')));
  const orgs = new Map(
    enabled
      .filter(([key]) => !key.includes('/'))
      .map(([org, { excluded_repos }]) => [
        org,
        new Set(excluded_repos.map((repo) => `${org}/${repo}`).filter((repo) => !repos.has(repo))),
      ]),
  );
  return { orgs, repos };
}

/** Where an external plugin is enabled. */
export function repositoriesOfExternal(file: PluginsFile, plugin: string): RepositorySet {
  const keys = Object.entries(file.external_plugins)
    .filter(([, plugins]) => plugins.some(({ name }) => name === plugin))
    .map(([key]) => key);
  return {
    orgs: new Map(keys.filter((key) => !key.includes('/')).map((org) => [org, new Set<string>()])),
    repos: new Set(keys.filter((key) => key.includes('/'))),
  };
}

/** What queries are for; an organisation is without a repository only if every query that names it excludes it. */
export function repositoriesOfQueries(queries: readonly TideQuery[]): RepositorySet {
  const repos = new Set(queries.flatMap((query) => query.repos));
  const orgs = new Map<string, ReadonlySet<string>>();
  for (const query of queries) {
    for (const org of query.orgs) {
      const excluded = query.excludedRepos.filter((repo) => orgOf(repo) === org);
      const before = orgs.get(org);
      const without = before === undefined ? excluded : excluded.filter((repo) => before.has(repo));
      orgs.set(org, new Set(without.filter((repo) => !repos.has(repo))));
    }
  }
  return { orgs, repos };
}

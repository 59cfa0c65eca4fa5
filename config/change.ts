import { allowedClusters, hasInRepoConfig } from './in-repo.ts';
import { own } from './own.ts';
import type { ConfigSnapshot } from './snapshot.ts';
import { contentHash, enabledPlugins, externalPlugins, pluginSettings } from './snapshot.ts';
import { queriesFor } from './tide.ts';

/** What one configuration has that another has not. */
export interface Drop {
  readonly before: number;
  readonly after: number;
  /** Names, sorted. */
  readonly names: readonly string[];
}

/** Jobs and repositories that `after` does not have any more. */
export function dropsOf(
  before: ConfigSnapshot,
  after: ConfigSnapshot,
): { readonly jobs: Drop; readonly repositories: Drop } {
  return {
    jobs: dropOf(jobNames(before), jobNames(after)),
    repositories: dropOf(repositoryNames(before), repositoryNames(after)),
  };
}

function dropOf(before: ReadonlySet<string>, after: ReadonlySet<string>): Drop {
  const names = [...before].filter((name) => !after.has(name)).sort();
  return { before: before.size, after: after.size, names };
}

/** Several shards of one job are one job: they share its name and its context. */
function jobNames({ jobs }: ConfigSnapshot): ReadonlySet<string> {
  const named = (type: string, lists: Readonly<Record<string, readonly { name: string }[]>>) =>
    Object.entries(lists).flatMap(([repository, list]) =>
      list.map(({ name }) => `${type} ${repository} ${name}`),
    );
  return new Set([
    ...named('presubmit', jobs.presubmits),
    ...named('postsubmit', jobs.postsubmits),
    ...jobs.periodics.map(({ name }) => `periodic ${name}`),
  ]);
}

/** Repositories and organisations that jobs, plugins or merge queries are for. */
function repositoryNames({ prow, jobs, plugins }: ConfigSnapshot): ReadonlySet<string> {
  const withJobs = [jobs.presubmits, jobs.postsubmits].flatMap((lists) =>
    Object.entries(lists).flatMap(([name, list]) => (list.length === 0 ? [] : [name])),
  );
  const merging = prow.tide.queries.flatMap(({ orgs, repos }) => [...orgs, ...repos]);
  return new Set([...withJobs, ...Object.keys(plugins.plugins), ...merging]);
}

/**
 * Whether a repository's part of the configuration differs. What is not kept by repository (templates,
 * addresses, policies of everybody) is everybody's part.
 */
export function concerns(
  before: ConfigSnapshot,
  after: ConfigSnapshot,
): (repository: { readonly org: string; readonly repo: string }) => boolean {
  if (contentHash(sharedPart(before)) !== contentHash(sharedPart(after))) return () => true;
  const known = new Map<string, boolean>();
  return ({ org, repo }) => {
    const name = `${org}/${repo}`;
    const differs =
      known.get(name) ??
      contentHash(partOf(before, org, repo)) !== contentHash(partOf(after, org, repo));
    known.set(name, differs);
    return differs;
  };
}

function sharedPart({ prow }: ConfigSnapshot): unknown {
  // The version says which commit the files are of: nothing comes of it by itself.
  const { tide, in_repo_config: _own, presets: _presets, config_version_sha: _sha, ...rest } = prow;
  const { 'branch-protection': protection, ...others } = rest;
  const { queries: _queries, merge_method: _methods, context_options: options, ...merging } = tide;
  return {
    ...others,
    protection: { ...protection, orgs: {} },
    tide: { ...merging, options: { ...options, orgs: {} } },
  };
}

function partOf(snapshot: ConfigSnapshot, org: string, repo: string): unknown {
  const name = `${org}/${repo}`;
  const { prow } = snapshot;
  const isForIt = (key: string) => key === org || key === name || key.startsWith(`${name}@`);
  return {
    presubmits: own(snapshot.jobs.presubmits, name) ?? [],
    postsubmits: own(snapshot.jobs.postsubmits, name) ?? [],
    queries: queriesFor(snapshot, org, repo),
    plugins: enabledPlugins(snapshot, org, repo),
    external: externalPlugins(snapshot, org, repo),
    settings: pluginSettings(snapshot, org, repo),
    inRepo: hasInRepoConfig(snapshot, { org, repo })
      ? [prow.presets, [...allowedClusters(prow, name)]]
      : [],
    methods: Object.entries(prow.tide.merge_method).filter(([key]) => isForIt(key)),
    contexts: narrowed(own(prow.tide.context_options.orgs, org), repo),
    protection: narrowed(own(prow['branch-protection'].orgs, org), repo),
  };
}

/** What an organisation's settings say for one of its repositories. */
function narrowed(
  org: { readonly repos: Readonly<Record<string, unknown>> } | undefined,
  repo: string,
): unknown {
  return org === undefined ? null : { ...org, repos: own(org.repos, repo) ?? null };
}

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { jobFilePaths, keptBy, readConfigFile } from './files.ts';
import { own } from './own.ts';
import type { Problem, Report } from './problem.ts';
import { checkJobs } from './prow/check-jobs.ts';
import type { PlacedJobs } from './prow/collect-jobs.ts';
import { joinJobs, placedAt, readOwnJobs, withoutPlaces } from './prow/collect-jobs.ts';
import type { ProwConfig } from './prow/config-file.ts';
import { createJobDefaults } from './prow/job-defaults.ts';
import { collectPresets } from './prow/presets.ts';
import type { ConfigSnapshot } from './snapshot.ts';
import { contentHash } from './snapshot.ts';
import type { ConfigFile, Locate, Source } from './source.ts';
import { createLocate, createReport, readSource } from './source.ts';

/** What a repository's own files are read against. */
export interface InRepoScope {
  /** `org/repo`. */
  readonly repository: string;
  readonly prow: ProwConfig;
  /** The jobs that the configuration has, for those of the repository must go together with them. */
  readonly jobs: PlacedJobs;
}

/** A repository's own jobs as far as they could be read. */
export interface InRepoReading {
  /** The repository's own, without those of the configuration. */
  readonly jobs: PlacedJobs;
  readonly sources: readonly Source[];
  /** Everything that Prow refuses (J§4.4); empty if the files are good. */
  readonly problems: readonly Problem[];
  readonly locate: Locate;
}

/**
 * Reads a repository's own files: those of `.prow`, or else `.prow.yaml`, or else none.
 * @throws ConfigError if one cannot be read
 */
export async function readInRepoFiles(folder: string): Promise<readonly ConfigFile[]> {
  const [deep, flat] = [join(folder, '.prow'), join(folder, '.prow.yaml')];
  const paths = (await isThere(deep))
    ? await jobFilePaths(deep)
    : (await isThere(flat))
      ? [flat]
      : [];
  return Promise.all(paths.map((path) => readConfigFile(path, '--prow-yaml-path')));
}

/** Whether a repository's own files count (J§4.2, `in_repo_config.enabled`); the narrowest key decides. */
export function hasInRepoConfig(
  { prow }: ConfigSnapshot,
  { org, repo }: { readonly org: string; readonly repo: string },
): boolean {
  const { enabled } = prow.in_repo_config;
  return own(enabled, `${org}/${repo}`) ?? own(enabled, org) ?? own(enabled, '*') ?? false;
}

/** Whether a repository's own files are at a path, or a list of what of them is ignored. */
export function isInRepoPath(path: string): boolean {
  return path === '.prow.yaml' || path === '.prowignore' || path.startsWith('.prow/');
}

/** The files of a commit that count: those of `.prow/`, or else `.prow.yaml` (C17), in the order of their paths. */
export function inRepoFilesOf(
  files: readonly { readonly path: string; readonly text: string }[],
): readonly ConfigFile[] {
  const deep = files.filter(({ path }) => path.startsWith('.prow/'));
  const rules = files.filter(({ path }) => /^(\.prow\/)?\.prowignore$/.test(path));
  const keeps = rules.map(({ path, text }) =>
    keptBy(text, `/${path.replace(/\.prowignore$/, '')}`),
  );
  const chosen =
    deep.length > 0
      ? deep.filter(({ path }) => /\.ya?ml$/.test(path) && keeps.every((keep) => keep(`/${path}`)))
      : files.filter(({ path }) => path === '.prow.yaml');
  return [...chosen]
    .sort((one, other) => (one.path < other.path ? -1 : 1))
    .map(({ path, text }) => ({ name: path, text }));
}

// Whoever opens a pull request has it read here: what nobody writes by hand is not read at all.
const MOST_FILES = 1_000;
const LARGEST_SIZE = 4 * 1024 * 1024;

/** A configuration together with a repository's own jobs, or why there is none. */
export interface OwnJobs {
  /** Without the repository's own jobs if there is any problem: a file that is half good is refused whole. */
  readonly snapshot: ConfigSnapshot;
  readonly problems: readonly Problem[];
}

/** Adds a repository's own jobs to a configuration; its hash then names both. */
export function withOwnJobs(
  base: ConfigSnapshot,
  repository: string,
  files: readonly ConfigFile[],
): OwnJobs {
  if (files.length === 0) return { snapshot: base, problems: [] };
  const size = files.reduce((sum, { text }) => sum + text.length, 0);
  if (files.length > MOST_FILES || size > LARGEST_SIZE) {
    const why = `there are ${files.length} files of ${size} characters; ${MOST_FILES} of ${LARGEST_SIZE} are read`;
    const next = 'Say it in fewer words, or in the central configuration.';
    return { snapshot: base, problems: [{ file: '.prow', field: '', why, next }] };
  }
  const only = <Item>(all: Readonly<Record<string, readonly Item[]>>) => ({
    [repository]: own(all, repository) ?? [],
  });
  const { presubmits: staticPresubmits, postsubmits: staticPostsubmits } = base.jobs;
  const near = {
    presubmits: only(staticPresubmits),
    postsubmits: only(staticPostsubmits),
    periodics: [],
  };
  const placed = placedAt(near, 'the configuration');
  const reading = inspectInRepo(files, { repository, prow: base.prow, jobs: placed });
  if (reading.problems.length > 0) return { snapshot: base, problems: reading.problems };
  const { presubmits, postsubmits } = withoutPlaces(reading.jobs);
  const values = reading.sources.map(({ value }) => value ?? null);
  const jobs = {
    ...base.jobs,
    presubmits: added(base.jobs.presubmits, presubmits, repository),
    postsubmits: added(base.jobs.postsubmits, postsubmits, repository),
  };
  const hash = contentHash(['in-repo', base.hash, repository, values]);
  return { snapshot: { ...base, hash, jobs }, problems: [] };
}

function added<Item>(
  all: Readonly<Record<string, readonly Item[]>>,
  more: Readonly<Record<string, readonly Item[]>>,
  repository: string,
): Readonly<Record<string, readonly Item[]>> {
  const both = [...(own(all, repository) ?? []), ...(own(more, repository) ?? [])];
  return both.length === 0 ? all : { ...all, [repository]: both };
}

/** Reads and checks a repository's own jobs, together with those that the configuration has for it (J§4.4). */
export function inspectInRepo(files: readonly ConfigFile[], scope: InRepoScope): InRepoReading {
  const { repository, prow } = scope;
  const problems: Problem[] = [];
  const sources = files.map((file) => readSource(file, problems));
  const locate = createLocate(sources);
  const report = createReport(problems, locate);
  // Presets of a repository add to its own jobs alone.
  const presets = [...prow.presets, ...collectPresets(sources, undefined, report)];
  const defaults = createJobDefaults({ ...prow, presets });
  const jobs = joinJobs(
    sources.map((source) => readOwnJobs(source, { repository, defaults }, report)),
  );
  refuseClusters(jobs, scope, report);
  checkJobs(joinJobs([ofRepository(scope), jobs]), prow, report);
  return { jobs, sources, problems, locate };
}

/** The build clusters that a repository's own jobs may use (J§4.2, `in_repo_config`). */
export function allowedClusters(prow: ProwConfig, repository: string): ReadonlySet<string> {
  const { allowed_clusters: allowed } = prow.in_repo_config;
  const org = repository.split('/')[0] ?? '';
  const everywhere = own(allowed, '*') ?? ['default'];
  return new Set([
    ...everywhere,
    ...(own(allowed, org) ?? []),
    ...(own(allowed, repository) ?? []),
  ]);
}

function refuseClusters(jobs: PlacedJobs, { prow, repository }: InRepoScope, report: Report): void {
  const allowed = allowedClusters(prow, repository);
  const lists = [jobs.presubmits.get(repository) ?? [], jobs.postsubmits.get(repository) ?? []];
  for (const { job, place } of lists.flat()) {
    if (allowed.has(job.cluster)) continue;
    const why = `job ${job.name}: the repository's own jobs may not use the cluster ${job.cluster}`;
    const next = 'Use another cluster, or allow it in in_repo_config.allowed_clusters.';
    const at = { ...place, path: [...place.path, 'cluster'] };
    report(at, why, next, { found: job.cluster, allowed: [...allowed].sort().join(', ') });
  }
}

function ofRepository({ jobs, repository }: InRepoScope): PlacedJobs {
  const only = <Item>(map: ReadonlyMap<string, readonly Item[]>) =>
    new Map([[repository, map.get(repository) ?? []]]);
  return { presubmits: only(jobs.presubmits), postsubmits: only(jobs.postsubmits), periodics: [] };
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

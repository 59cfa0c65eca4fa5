import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { jobFilePaths, readConfigFile } from './files.ts';
import { own } from './own.ts';
import type { Problem, Report } from './problem.ts';
import { checkJobs } from './prow/check-jobs.ts';
import type { PlacedJobs } from './prow/collect-jobs.ts';
import { joinJobs, readOwnJobs } from './prow/collect-jobs.ts';
import type { ProwConfig } from './prow/config-file.ts';
import { createJobDefaults } from './prow/job-defaults.ts';
import { collectPresets } from './prow/presets.ts';
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

import type { PluginsFile } from './plugins-file.ts';
import { checkPlugins, pluginsFile } from './plugins-file.ts';
import type { Problem, Report } from './problem.ts';
import { ConfigError } from './problem.ts';
import { checkJobs } from './prow/check-jobs.ts';
import { checkProw } from './prow/check-prow.ts';
import { collectJobs, withoutPlaces } from './prow/collect-jobs.ts';
import type { ProwConfig } from './prow/config-file.ts';
import { prowConfig } from './prow/config-file.ts';
import { createJobDefaults } from './prow/job-defaults.ts';
import type { ConfigSnapshot } from './snapshot.ts';
import { contentHash } from './snapshot.ts';
import type { ConfigFile, Source } from './source.ts';
import { accept, createReport, readSource } from './source.ts';

/** The files of one configuration, as texts. */
export interface ConfigFiles {
  /** `config.yaml`. */
  readonly config: ConfigFile;
  /** Job files, in the order of their paths. */
  readonly jobs?: readonly ConfigFile[];
  /** `plugins.yaml`. */
  readonly plugins?: ConfigFile;
}

/**
 * Turns the files of a configuration into a snapshot.
 * @throws ConfigError with every problem found; a configuration that is half good is refused whole
 */
export function parseConfig(files: ConfigFiles): ConfigSnapshot {
  const problems: Problem[] = [];
  const jobFiles = files.jobs ?? [];
  const all = [files.config, ...jobFiles, ...(files.plugins ? [files.plugins] : [])];
  const report = createReport(problems, all);
  const config = readSource(files.config, problems);
  const jobs = jobFiles.map((file) => readSource(file, problems));
  const plugins = files.plugins && readSource(files.plugins, problems);
  const prow = parseProw(config, report);
  const hash = contentHash([config, ...jobs, ...(plugins ? [plugins] : [])].map(hashable));
  const placed = collectJobs([config, ...jobs], createJobDefaults(prow), report);
  checkJobs(placed, prow, report);
  const snapshot = {
    hash,
    prow,
    plugins: parsePlugins(plugins, report),
    jobs: withoutPlaces(placed),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return snapshot;
}

function parseProw(source: Source, report: Report): ProwConfig {
  const place = { file: source.name, path: [] };
  const config = accept(() => prowConfig.parse(source.value ?? {}), place, report);
  if (config === undefined) return prowConfig.parse({});
  checkProw(config, source.name, report);
  return config;
}

function parsePlugins(source: Source | undefined, report: Report): PluginsFile {
  if (source === undefined) return pluginsFile.parse({});
  const place = { file: source.name, path: [] };
  const plugins = accept(() => pluginsFile.parse(source.value ?? {}), place, report);
  if (plugins === undefined) return pluginsFile.parse({});
  checkPlugins(plugins, source.name, report);
  return plugins;
}

function hashable({ value }: Source): unknown {
  return value ?? null;
}

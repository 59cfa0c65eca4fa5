import { checkNames } from './plugins/check-names.ts';
import { mergeSupplementalPlugins } from './plugins/supplemental.ts';
import type { PluginsFile } from './plugins-file.ts';
import { checkPlugins, pluginsFile } from './plugins-file.ts';
import type { Problem, Report } from './problem.ts';
import { ConfigError } from './problem.ts';
import { checkJobs } from './prow/check-jobs.ts';
import { checkProw } from './prow/check-prow.ts';
import type { PlacedJobs } from './prow/collect-jobs.ts';
import { joinJobs, readJobs, withoutPlaces } from './prow/collect-jobs.ts';
import type { ProwConfig } from './prow/config-file.ts';
import { prowConfig } from './prow/config-file.ts';
import { createJobDefaults } from './prow/job-defaults.ts';
import { collectPresets } from './prow/presets.ts';
import { mergeSupplemental } from './prow/supplemental.ts';
import type { Merged } from './relocate.ts';
import { reportMerged } from './relocate.ts';
import { acceptedRest } from './repair.ts';
import type { ConfigSnapshot } from './snapshot.ts';
import { contentHash } from './snapshot.ts';
import type { ConfigFile, Locate, Source } from './source.ts';
import { accept, createLocate, createReport, readSource } from './source.ts';

/** The files of one configuration, as texts. */
export interface ConfigFiles {
  /** `config.yaml`. */
  readonly config: ConfigFile;
  /** Parts of `config.yaml` that lie elsewhere (`*_prowconfig.yaml`). */
  readonly supplemental?: readonly ConfigFile[];
  /** Job files, in the order of their paths. */
  readonly jobs?: readonly ConfigFile[];
  /** `plugins.yaml`. */
  readonly plugins?: ConfigFile;
  /** Parts of `plugins.yaml` that lie elsewhere (`*_pluginconfig.yaml`). */
  readonly supplementalPlugins?: readonly ConfigFile[];
  /** What the file `VERSION` beside `config.yaml` says. */
  readonly version?: string;
}

/** A configuration as far as it could be read, with all that checks ask for. */
export interface ConfigReading {
  /** What is wrong is left out of it, or has its default. */
  readonly snapshot: ConfigSnapshot;
  /** The jobs with the places where they are written. */
  readonly jobs: PlacedJobs;
  readonly sources: ConfigSources;
  /** Everything that Prow refuses (J§4.5), in the order of the files; empty if the configuration is good. */
  readonly problems: readonly Problem[];
  readonly locate: Locate;
}

/** The files of a configuration, read as YAML. */
export interface ConfigSources {
  readonly config: Source;
  readonly supplemental: readonly Source[];
  readonly jobs: readonly Source[];
  readonly plugins?: Source;
  readonly supplementalPlugins: readonly Source[];
}

/**
 * Turns the files of a configuration into a snapshot.
 * @throws ConfigError with every problem found; a configuration that is half good is refused whole
 */
export function parseConfig(files: ConfigFiles): ConfigSnapshot {
  const { snapshot, problems } = inspectConfig(files);
  if (problems.length > 0) throw new ConfigError(problems);
  return snapshot;
}

/** Reads the files of a configuration, whatever is wrong with them, and tells it. */
export function inspectConfig(files: ConfigFiles): ConfigReading {
  const problems: Problem[] = [];
  const sources = readSources(files, problems);
  const locate = createLocate(allOf(sources));
  const report = createReport(problems, locate);
  const merged = mergeSupplemental(sources.config, sources.supplemental, report);
  const own = parseProw(sources.config, merged, report);
  const owners = [sources.config, ...sources.jobs];
  const presets = collectPresets(owners, report);
  const prow = { ...own, presets, ...(files.version && { config_version_sha: files.version }) };
  const defaults = createJobDefaults(prow);
  const jobs = joinJobs(owners.map((source) => readJobs(source, defaults, report)));
  checkJobs(jobs, prow, report);
  const plugins = parsePlugins(sources, report);
  const hash = contentHash([...allOf(sources).map(hashable), files.version ?? null]);
  const snapshot = { hash, prow, plugins, jobs: withoutPlaces(jobs) };
  return { snapshot, jobs, sources, problems, locate };
}

function readSources(files: ConfigFiles, problems: Problem[]): ConfigSources {
  const read = (file: ConfigFile) => readSource(file, problems);
  const { config, supplemental = [], jobs = [], plugins, supplementalPlugins = [] } = files;
  return {
    config: read(config),
    supplemental: supplemental.map(read),
    jobs: jobs.map(read),
    ...(plugins && { plugins: read(plugins) }),
    supplementalPlugins: supplementalPlugins.map(read),
  };
}

function allOf(sources: ConfigSources): readonly Source[] {
  const { config, supplemental, jobs, plugins, supplementalPlugins } = sources;
  return [config, ...supplemental, ...jobs, ...(plugins ? [plugins] : []), ...supplementalPlugins];
}

function parseProw({ name }: Source, { value, moved }: Merged, to: Report): ProwConfig {
  const report = reportMerged(to, name, moved);
  const config = accept(
    () => prowConfig.parse(value ?? {}),
    { file: name, path: [] },
    { report, value },
  );
  if (config === undefined) return acceptedRest(prowConfig, value) ?? prowConfig.parse({});
  checkProw(config, name, report);
  return config;
}

function parsePlugins({ plugins: main, supplementalPlugins }: ConfigSources, to: Report) {
  const name = main?.name ?? 'plugins.yaml';
  const first = main ?? { name, text: '', value: undefined };
  const { value, moved } = mergeSupplementalPlugins(first, supplementalPlugins, to);
  const report = reportMerged(to, name, moved);
  const plugins: PluginsFile | undefined = accept(
    () => pluginsFile.parse(value ?? {}),
    { file: name, path: [] },
    { report, value },
  );
  if (plugins === undefined) return acceptedRest(pluginsFile, value) ?? pluginsFile.parse({});
  checkPlugins(plugins, name, report);
  checkNames(value, name, report);
  return plugins;
}

function hashable({ value }: Source): unknown {
  return value ?? null;
}

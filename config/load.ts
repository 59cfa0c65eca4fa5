import { dirname, join } from 'node:path';
import {
  jobFilePaths,
  readConfigFile,
  readIfThere,
  sameNames,
  supplementalPaths,
} from './files.ts';
import { inspectConfig, parseConfig } from './parse.ts';
import { ConfigError } from './problem.ts';
import type { ConfigFiles, ConfigReading } from './reading.ts';
import type { ConfigSnapshot } from './snapshot.ts';

/** Where a configuration lies, named as Prow's flags are. */
export interface ConfigPaths {
  /** `config.yaml`; a file. */
  readonly configPath: string;
  /** A job file, or a folder of them. */
  readonly jobConfigPath?: string;
  /** `plugins.yaml`; a file. */
  readonly pluginConfigPath?: string;
  /** Folders with parts of `config.yaml`. */
  readonly supplementalConfigDirs?: readonly string[];
  /** How the names of those parts end; `_prowconfig.yaml` unless given. */
  readonly supplementalConfigSuffix?: string;
  /** Folders with parts of `plugins.yaml`. */
  readonly supplementalPluginConfigDirs?: readonly string[];
  /** How the names of those parts end; `_pluginconfig.yaml` unless given. */
  readonly supplementalPluginConfigSuffix?: string;
}

/**
 * Reads and checks a configuration.
 * @throws ConfigError if a file cannot be read or anything in it is wrong
 */
export async function loadConfig(paths: ConfigPaths): Promise<ConfigSnapshot> {
  return parseConfig(await readConfigFiles(paths));
}

/**
 * Reads a configuration and tells what is wrong with it, instead of throwing it.
 * @throws ConfigError if a file cannot be read
 */
export async function inspectConfigAt(paths: ConfigPaths): Promise<ConfigReading> {
  return inspectConfig(await readConfigFiles(paths));
}

/**
 * Reads the files of a configuration without looking at what they say (J§4.1).
 * @throws ConfigError if a file cannot be read, or two job files share a base name
 */
export async function readConfigFiles(paths: ConfigPaths): Promise<ConfigFiles> {
  const { configPath, jobConfigPath, pluginConfigPath } = paths;
  const [jobs, supplemental, supplementalPlugins] = await pathsOf(paths);
  const problems = sameNames(jobs);
  if (problems.length > 0) throw new ConfigError(problems);
  const readAll = (list: readonly string[], flag: string) =>
    Promise.all(list.map((path) => readConfigFile(path, flag)));
  const version = await readIfThere(join(dirname(configPath), 'VERSION'));
  return {
    config: await readConfigFile(configPath, '--config-path'),
    supplemental: await readAll(supplemental, '--supplemental-prow-config-dir'),
    jobs: jobConfigPath === undefined ? [] : await readAll(jobs, '--job-config-path'),
    ...(pluginConfigPath !== undefined && {
      plugins: await readConfigFile(pluginConfigPath, '--plugin-config'),
    }),
    supplementalPlugins: await readAll(supplementalPlugins, '--supplemental-plugin-config-dir'),
    ...(version !== undefined && { version: version.trim() }),
  };
}

function pathsOf(paths: ConfigPaths) {
  const { jobConfigPath } = paths;
  return Promise.all([
    jobConfigPath === undefined ? [] : jobFilePaths(jobConfigPath),
    supplementalPaths(
      paths.supplementalConfigDirs ?? [],
      paths.supplementalConfigSuffix ?? '_prowconfig.yaml',
      '--supplemental-prow-config-dir',
    ),
    supplementalPaths(
      paths.supplementalPluginConfigDirs ?? [],
      paths.supplementalPluginConfigSuffix ?? '_pluginconfig.yaml',
      '--supplemental-plugin-config-dir',
    ),
  ]);
}

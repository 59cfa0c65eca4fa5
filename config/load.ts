import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ConfigFiles } from './parse.ts';
import { parseConfig } from './parse.ts';
import type { Problem } from './problem.ts';
import { ConfigError } from './problem.ts';
import type { ConfigSnapshot } from './snapshot.ts';
import type { ConfigFile } from './source.ts';

/** Where a configuration lies, named as Prow's flags are. */
export interface ConfigPaths {
  /** `config.yaml`; a file. */
  readonly configPath: string;
  /** A job file, or a folder of them. */
  readonly jobConfigPath?: string;
  /** `plugins.yaml`; a file. */
  readonly pluginConfigPath?: string;
}

/**
 * Reads and checks a configuration.
 * @throws ConfigError if a file cannot be read or anything in it is wrong
 */
export async function loadConfig(paths: ConfigPaths): Promise<ConfigSnapshot> {
  return parseConfig(await readConfigFiles(paths));
}

/**
 * Reads the files of a configuration without looking at what they say (J§4.1).
 * @throws ConfigError if a file cannot be read, or two job files share a base name
 */
export async function readConfigFiles(paths: ConfigPaths): Promise<ConfigFiles> {
  const { configPath, jobConfigPath, pluginConfigPath } = paths;
  const jobPaths = jobConfigPath === undefined ? [] : await jobFiles(jobConfigPath);
  refuseSameNames(jobPaths);
  const [config, plugins, ...jobs] = await Promise.all([
    readText(configPath, '--config-path'),
    pluginConfigPath === undefined ? undefined : readText(pluginConfigPath, '--plugin-config'),
    ...jobPaths.map((path) => readText(path, '--job-config-path')),
  ]);
  return { config, jobs, ...(plugins === undefined ? {} : { plugins }) };
}

async function readText(path: string, flag: string): Promise<ConfigFile> {
  try {
    const bytes = await readFile(path);
    const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return { name: path, text: (zipped ? gunzipSync(bytes) : bytes).toString('utf8') };
  } catch (error) {
    throw unreadable(path, flag, error);
  }
}

async function jobFiles(path: string): Promise<readonly string[]> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? await walk(path) : [path];
  } catch (error) {
    throw unreadable(path, '--job-config-path', error);
  }
}

// Names that start with `..` are how Kubernetes keeps the old and new contents of a mounted ConfigMap.
async function walk(folder: string): Promise<readonly string[]> {
  const entries = (await readdir(folder)).filter((name) => !name.startsWith('..')).sort();
  const found = await Promise.all(
    entries.map(async (name) => {
      const path = join(folder, name);
      if ((await stat(path)).isDirectory()) return walk(path);
      return /\.ya?ml$/.test(name) ? [path] : [];
    }),
  );
  return found.flat();
}

function refuseSameNames(paths: readonly string[]): void {
  const first = new Map<string, string>();
  const problems: Problem[] = [];
  for (const path of paths) {
    const name = basename(path);
    const other = first.get(name);
    if (other === undefined) first.set(name, path);
    else {
      const why = `${other} has the same base name, and base names are the keys of a ConfigMap`;
      problems.push({ file: path, field: '', why, next: 'Rename one of the two files.' });
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
}

function unreadable(path: string, flag: string, error: unknown): ConfigError {
  const why = `it cannot be read (${error instanceof Error ? error.message : String(error)})`;
  const next = `Check ${flag} and the permissions of the file.`;
  return new ConfigError([{ file: path, field: '', why, next }]);
}

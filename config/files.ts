import { readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';
import ignore from 'ignore';
import type { Problem } from './problem.ts';
import { ConfigError } from './problem.ts';
import type { ConfigFile } from './source.ts';

const IGNORE_FILE = '.prowignore';

/**
 * Reads a file, packed or not.
 * @throws ConfigError that names the flag
 */
export async function readConfigFile(path: string, flag: string): Promise<ConfigFile> {
  try {
    // Files of a configuration are small and many: to wait for each costs more than to read it.
    const bytes = readFileSync(path);
    const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return { name: path, text: (zipped ? gunzipSync(bytes) : bytes).toString('utf8') };
  } catch (error) {
    throw unreadable(path, flag, error);
  }
}

/** The text of a file that need not exist. */
export async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

/**
 * Paths of the job files: the one that is named, or the YAML files of a folder that its `.prowignore` leaves.
 * @throws ConfigError if the folder cannot be read
 */
export async function jobFilePaths(path: string): Promise<readonly string[]> {
  const flag = '--job-config-path';
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const rules = await readIfThere(join(path, IGNORE_FILE));
    const files = (await walk(path)).filter((file) => /\.ya?ml$/.test(file));
    return rules === undefined ? files : files.filter(keptBy(rules, path));
  } catch (error) {
    throw unreadable(path, flag, error);
  }
}

/**
 * Paths of the files in folders whose names end in a suffix, in order.
 * @throws ConfigError if a folder cannot be read
 */
export async function supplementalPaths(
  folders: readonly string[],
  suffix: string,
  flag: string,
): Promise<readonly string[]> {
  const lists = await Promise.all(
    folders.map((folder) =>
      walk(folder).catch((error: unknown) => {
        throw unreadable(folder, flag, error);
      }),
    ),
  );
  return lists.flat().filter((path) => path.endsWith(suffix));
}

/** Base names that two job files share: they are the keys of a ConfigMap (J§4.1). */
export function sameNames(paths: readonly string[]): readonly Problem[] {
  const first = new Map<string, string>();
  return paths.flatMap((path) => {
    const name = basename(path);
    const other = first.get(name);
    if (other === undefined) {
      first.set(name, path);
      return [];
    }
    const why = `${other} has the same base name, and base names are the keys of a ConfigMap`;
    return [{ file: path, field: '', why, next: 'Rename one of the two files.' }];
  });
}

/** Whether rules in gitignore's language leave a path below a folder. */
export function keptBy(rules: string, folder: string): (path: string) => boolean {
  const matcher = ignore().add(rules);
  return (path) => {
    const inside = relative(folder, path).split(sep).join('/');
    return !ignore.isPathValid(inside) || !matcher.ignores(inside);
  };
}

// Names that start with `..` are how Kubernetes keeps the old and new contents of a mounted ConfigMap.
async function walk(folder: string): Promise<readonly string[]> {
  const entries = (await readdir(folder, { withFileTypes: true }))
    .filter(({ name }) => !name.startsWith('..'))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      const isFolder = entry.isSymbolicLink()
        ? (await stat(path)).isDirectory()
        : entry.isDirectory();
      return isFolder ? walk(path) : [path];
    }),
  );
  return found.flat();
}

function unreadable(path: string, flag: string, error: unknown): ConfigError {
  const why = `it cannot be read (${error instanceof Error ? error.message : String(error)})`;
  const next = `Check ${flag} and the permissions of the file.`;
  return new ConfigError([{ file: path, field: '', why, next }]);
}

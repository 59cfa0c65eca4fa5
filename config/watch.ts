import type { FSWatcher } from 'node:fs';
import { watch } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { halfWritten, shortened } from './half-written.ts';
import type { ConfigPaths } from './load.ts';
import { readConfigFiles } from './load.ts';
import { accepted } from './parse.ts';
import { ConfigError } from './problem.ts';
import { createConfigReader } from './reader.ts';
import type { ConfigFiles } from './reading.ts';
import type { ConfigSnapshot } from './snapshot.ts';
import { contentHash } from './snapshot.ts';

/** Who hears of a configuration that changed. */
export interface ConfigWatch extends ConfigPaths {
  /** A new configuration, and the files that it is of; called only if its hash differs from the last one. */
  readonly onChange: (snapshot: ConfigSnapshot, files: ConfigFiles) => void;
  /** The files are unreadable or wrong; the last good configuration goes on. */
  readonly onError: (error: unknown) => void;
  /** The files say again what they said before they were wrong. */
  readonly onRecovered?: () => void;
  /** Hash of the configuration in use; absent: the first good load is a change. */
  readonly hash?: string;
  /** The files as they were loaded: what lost its end since is not taken. */
  readonly files?: ConfigFiles;
  /** Quiet time after an event of the file system before files are read; milliseconds. */
  readonly settle?: number;
  /** How often files are read even if no event came; milliseconds. */
  readonly poll?: number;
  /** How long files that only became shorter must stay as they are before they count; milliseconds. */
  readonly shortenedFor?: number;
}

/** Ends a watch. */
export interface WatchHandle {
  close(): void;
}

/**
 * Follows the files of a configuration: by events of their folders, which also tell of the `..data` link that
 * Kubernetes swaps under a mounted ConfigMap, and by a slow poll for what events miss. Files that are still being
 * written are waited for.
 */
export function watchConfig(given: ConfigWatch): WatchHandle {
  const { settle = 200, poll = 60_000 } = given;
  const follower = createFollower(given, () => soon());
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let reading: Promise<void> = Promise.resolve();

  const soon = () => {
    if (closed) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      reading = reading.then(() => follower.look(() => closed));
    }, settle);
  };
  const watchers = watchedFolders(given).flatMap((folder) => watchFolder(folder, soon));
  const interval = setInterval(soon, poll);
  interval.unref();
  return {
    close() {
      closed = true;
      clearTimeout(timer);
      clearInterval(interval);
      for (const watcher of watchers) watcher.close();
    },
  };
}

interface Follower {
  look(isClosed: () => boolean): Promise<void>;
}

/** Remembers what was read, and tells what is new in it. */
function createFollower(given: ConfigWatch, again: () => void): Follower {
  // It parses and checks only files that changed.
  const reader = createConfigReader();
  if (given.files !== undefined) reader.inspect(given.files);
  const isWhole = createWholeness(given, again);
  let known = given.hash;
  let good = given.files;
  let failure: string | undefined;
  let seen = good === undefined ? undefined : contentHash(good);

  /** Undefined if a byte is not different, or not for good. */
  const news = async (): Promise<ConfigFiles | undefined> => {
    const files = await readConfigFiles(given);
    const content = contentHash(files);
    // A large configuration takes seconds to check: the poll does so only if a byte differs.
    if (content === seen) return undefined;
    if (good !== undefined && !(await isWhole(good, files, content))) return undefined;
    return files;
  };
  const take = (files: ConfigFiles): void => {
    const snapshot = accepted(reader.inspect(files));
    const wasWrong = failure !== undefined;
    seen = contentHash(files);
    good = files;
    failure = undefined;
    if (snapshot.hash !== known) given.onChange(snapshot, files);
    else if (wasWrong) given.onRecovered?.();
    known = snapshot.hash;
  };
  return {
    async look(isClosed) {
      try {
        const files = await news();
        if (files !== undefined && !isClosed()) take(files);
      } catch (error) {
        // The poll meets the same fault again and again; it is told once.
        const text = String(error);
        seen = undefined;
        if (!isClosed() && text !== failure) given.onError(error);
        failure = text;
      }
    },
  };
}

/** Whether files are all there; those that only became shorter are looked at again before they count. */
function createWholeness(given: ConfigWatch, again: () => void) {
  const { shortenedFor = 3_000 } = given;
  let shorter: { readonly content: string; readonly since: number } | undefined;
  return async (before: ConfigFiles, after: ConfigFiles, content: string): Promise<boolean> => {
    if (await isMounted(given.configPath)) return true;
    const problems = halfWritten(before, after);
    if (problems.length > 0) throw new ConfigError(problems);
    if (!shortened(before, after)) return true;
    if (shorter?.content !== content) shorter = { content, since: Date.now() };
    if (Date.now() - shorter.since >= shortenedFor) return true;
    setTimeout(again, Math.min(shortenedFor, 1_000)).unref();
    return false;
  };
}

/** A mounted ConfigMap changes as a whole, by the swap of one link: none of its files is ever half written. */
async function isMounted(path: string): Promise<boolean> {
  const real = await realpath(path);
  return real.split(sep).some((part) => part.startsWith('..'));
}

interface Folder {
  readonly path: string;
  readonly recursive: boolean;
}

function watchedFolders(paths: ConfigPaths): Folder[] {
  const { configPath, jobConfigPath, pluginConfigPath } = paths;
  const plain = [configPath, pluginConfigPath, jobConfigPath].filter((path) => path !== undefined);
  const folders = [...new Set(plain.map(dirname))].map((path) => ({ path, recursive: false }));
  const trees = [
    ...(jobConfigPath === undefined ? [] : [jobConfigPath]),
    ...(paths.supplementalConfigDirs ?? []),
    ...(paths.supplementalPluginConfigDirs ?? []),
  ];
  return [...folders, ...[...new Set(trees)].map((path) => ({ path, recursive: true }))];
}

// A folder that cannot be watched (no such file yet, no watches left) is left to the poll.
function watchFolder({ path, recursive }: Folder, changed: () => void): FSWatcher[] {
  try {
    const watcher = watch(path, { recursive, persistent: false }, changed);
    watcher.on('error', changed);
    return [watcher];
  } catch {
    return [];
  }
}

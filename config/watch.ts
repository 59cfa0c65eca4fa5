import type { FSWatcher } from 'node:fs';
import { watch } from 'node:fs';
import { dirname } from 'node:path';
import type { ConfigPaths } from './load.ts';
import { readConfigFiles } from './load.ts';
import { accepted } from './parse.ts';
import { createConfigReader } from './reader.ts';
import type { ConfigSnapshot } from './snapshot.ts';
import { contentHash } from './snapshot.ts';

/** Who hears of a configuration that changed. */
export interface ConfigWatch extends ConfigPaths {
  /** A new configuration; called only if its hash differs from the last one. */
  readonly onChange: (snapshot: ConfigSnapshot) => void;
  /** The files are unreadable or wrong; the last good configuration goes on. */
  readonly onError: (error: unknown) => void;
  /** Hash of the configuration in use; absent: the first good load is a change. */
  readonly hash?: string;
  /** Quiet time after an event of the file system before files are read; milliseconds. */
  readonly settle?: number;
  /** How often files are read even if no event came; milliseconds. */
  readonly poll?: number;
}

/** Ends a watch. */
export interface WatchHandle {
  close(): void;
}

/**
 * Follows the files of a configuration: by events of their folders, which also tell of the `..data` link that
 * Kubernetes swaps under a mounted ConfigMap, and by a slow poll for what events miss.
 */
export function watchConfig(given: ConfigWatch): WatchHandle {
  const { settle = 200, poll = 60_000 } = given;
  // It parses and checks only files that changed.
  const reader = createConfigReader();
  let known = given.hash;
  let failure: string | undefined;
  let seen: string | undefined;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let reading: Promise<void> = Promise.resolve();

  const read = async () => {
    try {
      const files = await readConfigFiles(given);
      const content = contentHash(files);
      // A large configuration takes seconds to check: the poll does so only if a byte differs.
      if (content === seen) return;
      seen = content;
      const snapshot = accepted(reader.inspect(files));
      failure = undefined;
      if (closed || snapshot.hash === known) return;
      known = snapshot.hash;
      given.onChange(snapshot);
    } catch (error) {
      // The poll meets the same fault again and again; it is told once.
      const text = String(error);
      if (!closed && text !== failure) given.onError(error);
      failure = text;
    }
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      reading = reading.then(read);
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

interface Folder {
  readonly path: string;
  readonly recursive: boolean;
}

function watchedFolders({ configPath, jobConfigPath, pluginConfigPath }: ConfigPaths): Folder[] {
  const plain = [configPath, pluginConfigPath, jobConfigPath].filter((path) => path !== undefined);
  const folders = [...new Set(plain.map(dirname))].map((path) => ({ path, recursive: false }));
  return jobConfigPath === undefined
    ? folders
    : [...folders, { path: jobConfigPath, recursive: true }];
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

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning, readIdentity, rememberPid } from '../../workers/provision/pid-file.ts';

const PREFIX = 'bowsprit-cluster-';

/** A new folder for one cluster; it says whose it is, so that what a killed test left can be cleared. */
export function makeRunFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  rememberPid(join(folder, 'owner'), process.pid);
  return folder;
}

/** Folders of clusters whose tests were killed. */
export function abandonedRunFolders(): readonly string[] {
  const folders = readdirSync(tmpdir()).filter((name) => name.startsWith(PREFIX));
  return folders
    .map((name) => join(tmpdir(), name))
    .filter((folder) => {
      const owner = readIdentity(join(folder, 'owner'));
      return owner !== undefined && !isRunning(owner);
    });
}

/** Forgets a cluster's files. */
export function removeRunFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

import type { RunSummary } from '../activities/database/runs.ts';
import type { Storage } from '../activities/storage/storage.ts';

/** Opens the storage that a URL names; `openStorage` of `activities/storage`. */
export type OpenStorage = (url: string) => Storage;

const LOG = 'build-log.txt';
const CHUNK = 1024 * 1024;

/** A run's files: its log, live or finished, and what it left behind. */
export interface RunFiles {
  logSize(run: RunSummary): Promise<number | undefined>;
  readLog(run: RunSummary, start: number, length: number): Promise<Uint8Array>;
  size(run: RunSummary, path: string): Promise<number | undefined>;
  read(run: RunSummary, path: string, start: number, length: number): Promise<Uint8Array>;
  /** Everything the run stored, by path, a thousand at most. */
  list(run: RunSummary): Promise<readonly StoredFile[]>;
}

/** A stored file, by its path below the run's folder. */
export interface StoredFile {
  readonly path: string;
  readonly size: number;
}

const MOST_FILES = 1_000;

/** Reads what runs wrote where their rows say that it lies. */
export function createRunFiles(openStorage: OpenStorage): RunFiles {
  const of = (run: RunSummary): Storage | undefined =>
    run.logLocation === '' ? undefined : openStorage(run.logLocation);
  const files: RunFiles = {
    size: async (run, path) => of(run)?.size(path),
    read: async (run, path, start, length) =>
      (await of(run)?.read(path, { start, length })) ?? new Uint8Array(),
    logSize: (run) => files.size(run, LOG),
    readLog: (run, start, length) => files.read(run, LOG, start, length),
    list: async (run) => {
      const storage = of(run);
      return storage ? listAll(storage) : [];
    },
  };
  return files;
}

async function listAll(storage: Storage): Promise<readonly StoredFile[]> {
  const found: StoredFile[] = [];
  const folders = [''];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    const listing = await storage.list(folder, { limit: MOST_FILES });
    const parent = folder;
    found.push(...listing.objects.map(({ path, size }) => ({ path, size })));
    folders.push(...listing.folders.map((name) => `${parent}${name}`));
    if (found.length >= MOST_FILES) break;
  }
  return found.slice(0, MOST_FILES).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A file in pieces, so that a large one is never held whole. */
export async function* chunks(
  read: (start: number, length: number) => Promise<Uint8Array>,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; ) {
    const piece = await read(at, Math.min(CHUNK, end - at));
    if (piece.length === 0) return;
    at += piece.length;
    yield piece;
  }
}

import type { RunRecord, RunSummary } from '../activities/database/runs.ts';
import type { Listing, OpenStorage, Storage } from '../activities/storage/storage.ts';
import { NotFound } from './http/errors.ts';
import type { RunLog } from './run-logs.ts';

const CHUNK = 1024 * 1024;

/** Logs of pods that still run, read from their build clusters. */
export interface LiveLogs {
  /** Bytes so far; nothing while there is no such pod, or it has said nothing yet. */
  size(run: RunRecord, container: string): Promise<number | undefined>;
  read(run: RunRecord, container: string, part: Part): Promise<Uint8Array>;
}

/** A part of a file. */
export interface Part {
  readonly start: number;
  readonly length: number;
}

/** A run's files: its logs, live or finished, and what it left behind. */
export interface RunFiles {
  /** Nothing if the run left no such log, or has not begun with it. */
  logSize(run: RunRecord, log: RunLog): Promise<number | undefined>;
  readLog(run: RunRecord, log: RunLog, part: Part): Promise<Uint8Array>;
  size(run: RunSummary, path: string): Promise<number | undefined>;
  read(run: RunSummary, path: string, part: Part): Promise<Uint8Array>;
  /** Where the storage itself hands the file out for a few minutes; nothing if it does not. */
  directUrl(run: RunSummary, path: string): Promise<string | undefined>;
  /** Everything the run stored, by path, a thousand at most. */
  list(run: RunSummary): Promise<readonly StoredFile[]>;
}

/** A stored file, by its path below the run's folder. */
export interface StoredFile {
  readonly path: string;
  readonly size: number;
}

/** Where files are read. */
export interface FileSources {
  readonly openStorage: OpenStorage;
  /** Whether what lies at an address may be shown at all. */
  readonly mayShow: (location: string) => boolean;
  readonly liveLogs?: LiveLogs | undefined;
}

const MOST_FILES = 1_000;
const DIRECT_MS = 10 * 60_000;

/** Reads what runs wrote where their rows say that it lies. */
export function createRunFiles({ openStorage, mayShow, liveLogs }: FileSources): RunFiles {
  const of = (run: RunSummary): Storage | undefined => {
    const { logLocation } = run;
    if (logLocation === '') return undefined;
    if (mayShow(logLocation)) return openStorage(logLocation);
    const bucket = logLocation.split('/').slice(0, 3).join('/');
    throw new NotFound(
      `Files in ${bucket} are not shown: the configuration names it nowhere. deck.additional_allowed_buckets would allow it.`,
    );
  };
  const size: RunFiles['size'] = async (run, path) => of(run)?.size(path);
  const read: RunFiles['read'] = async (run, path, part) =>
    (await of(run)?.read(path, part)) ?? new Uint8Array();
  /** A pod's log moves from its cluster to the bucket when the run ends. */
  const isLive = async (run: RunRecord, { container, file }: RunLog): Promise<boolean> => {
    if (liveLogs === undefined) return false;
    if (run.completedAt !== null && (await size(run, file)) !== undefined) return false;
    return (await liveLogs.size(run, container)) !== undefined;
  };
  return {
    size,
    read,
    logSize: async (run, log) =>
      (await isLive(run, log)) ? liveLogs?.size(run, log.container) : size(run, log.file),
    readLog: async (run, log, part) =>
      liveLogs !== undefined && (await isLive(run, log))
        ? liveLogs.read(run, log.container, part)
        : read(run, log.file, part),
    directUrl: async (run, path) =>
      of(run)?.signedUrl(path, { expiresInMs: DIRECT_MS, saveAs: path.split('/').at(-1) ?? path }),
    list: async (run) => {
      const storage = of(run);
      return storage ? listAll(storage) : [];
    },
  };
}

async function listAll(storage: Storage): Promise<readonly StoredFile[]> {
  const found: StoredFile[] = [];
  // A set, since it grows while it is walked, and some servers name a folder on every page.
  const folders = new Set(['']);
  for (const folder of folders) {
    for await (const listing of pagesOf(storage, folder)) {
      found.push(...listing.objects.map(({ path, size }) => ({ path, size })));
      for (const name of listing.folders) folders.add(`${folder}${name}`);
      if (found.length >= MOST_FILES) return sorted(found.slice(0, MOST_FILES));
    }
  }
  return sorted(found);
}

async function* pagesOf(storage: Storage, folder: string): AsyncGenerator<Listing> {
  for (let after: string | undefined; ; ) {
    const page = after === undefined ? {} : { after };
    const listing = await storage.list(folder, { limit: MOST_FILES, ...page });
    yield listing;
    after = listing.next;
    if (after === undefined) return;
  }
}

function sorted(files: readonly StoredFile[]): readonly StoredFile[] {
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
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

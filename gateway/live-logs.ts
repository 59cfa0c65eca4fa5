import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { RunSummary } from '../activities/database/runs.ts';
import type { LiveLogs } from './run-files.ts';

/**
 * The log of a container of a run's pod, from its beginning and on while it grows; nothing if there is no
 * such pod, or it has not started. Throws if the build cluster does not answer.
 */
export type FollowPodLog = (
  of: { readonly run: RunSummary; readonly container: string },
  signal: AbortSignal,
) => Promise<AsyncIterable<Uint8Array> | undefined>;

const MOST_LOGS = 100;
/** A log that nobody reads is no longer followed. */
const IDLE_MS = 60_000;
const NO_LOG_MS = 2_000;
const MOST_BYTES = 256 * 1024 * 1024;
/** Who comes first waits for what is there already. */
const CATCH_UP_MS = 1_000;
const QUIET_MS = 100;

/**
 * Keeps what clusters say in files of a folder of our own while somebody reads them: however many follow
 * a log, the cluster is asked once.
 */
export function createLiveLogs(
  follow: FollowPodLog,
): LiveLogs & { readonly close: () => Promise<void> } {
  const folder = mkdtemp(join(tmpdir(), 'bowsprit-logs-'));
  const spools = new LRUCache<string, Promise<Spool | undefined>>({
    max: MOST_LOGS,
    ttl: IDLE_MS,
    ttlAutopurge: true,
    updateAgeOnGet: true,
    dispose: (spool) => void spool.then((one) => one?.close()).catch(() => undefined),
  });
  // Apart, since being asked for must not make what is missing missing for longer.
  const missing = new LRUCache<string, true>({ max: 10 * MOST_LOGS, ttl: NO_LOG_MS });
  const spoolOf = async (run: RunSummary, container: string): Promise<Spool | undefined> => {
    if (run.buildId === '') return undefined;
    const key = `${run.uuid}-${run.buildId}-${encodeURIComponent(container)}`;
    if (missing.has(key)) return undefined;
    const known = spools.get(key);
    if (known !== undefined) return known;
    const opening = folder.then((place) =>
      openSpool(join(place, key), (signal) => follow({ run, container }, signal), {
        // A stream that broke is begun anew; its bytes will be the same.
        onBroken: () => spools.delete(key),
      }),
    );
    spools.set(key, opening);
    const opened = await opening.catch(() => undefined);
    if (opened === undefined) {
      spools.delete(key);
      missing.set(key, true);
    }
    return opened;
  };
  return {
    size: async (run, container) => (await spoolOf(run, container))?.size(),
    read: async (run, container, { start, length }) =>
      (await (await spoolOf(run, container))?.read(start, length)) ?? new Uint8Array(),
    async close() {
      spools.clear();
      await rm(await folder, { recursive: true, force: true });
    },
  };
}

interface Spool {
  size(): number;
  read(start: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

async function openSpool(
  path: string,
  follow: (signal: AbortSignal) => Promise<AsyncIterable<Uint8Array> | undefined>,
  { onBroken }: { readonly onBroken: () => void },
): Promise<Spool | undefined> {
  const closing = new AbortController();
  const stream = await follow(closing.signal);
  if (stream === undefined) return undefined;
  const file = await open(path, 'w+');
  let size = 0;
  const writing = pour(stream, file, (bytes) => {
    size += bytes;
    return size < MOST_BYTES;
  }).catch(() => {
    if (!closing.signal.aborted) onBroken();
  });
  await quiet(writing, () => size);
  return {
    size: () => size,
    async read(start, length) {
      const wanted = Math.max(0, Math.min(length, size - start));
      const { buffer, bytesRead } = await file.read(Buffer.alloc(wanted), 0, wanted, start);
      return buffer.subarray(0, bytesRead);
    },
    async close() {
      closing.abort();
      await writing;
      await file.close();
      await rm(path, { force: true });
    },
  };
}

async function pour(
  stream: AsyncIterable<Uint8Array>,
  file: FileHandle,
  written: (bytes: number) => boolean,
): Promise<void> {
  for await (const piece of stream) {
    await file.write(piece);
    if (!written(piece.length)) return;
  }
}

/** Returns when the stream has ended, or says nothing for a moment, or goes on and on. */
async function quiet(ended: Promise<void>, size: () => number): Promise<void> {
  const until = Date.now() + CATCH_UP_MS;
  let over = false;
  void ended.then(() => {
    over = true;
  });
  for (let before = -1; !over && Date.now() < until; ) {
    before = size();
    await Promise.race([ended, delay(QUIET_MS)]);
    if (size() === before && before > 0) return;
  }
}

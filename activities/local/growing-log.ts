import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Storage } from '../storage/storage.ts';

/** A log that is written here, and kept elsewhere. */
export interface GrowingLog {
  /** File that the job's output is appended to. */
  readonly file: string;
  /** The whole is stored when this resolves. */
  close(): Promise<void>;
}

/** Where a log lies in the storage, and where it may be meanwhile. */
export interface LogPlace {
  readonly storage: Storage;
  readonly path: string;
  readonly scratchFile: string;
}

const TEXT = { contentType: 'text/plain; charset=utf-8' };
const FIRST_PAUSE_MS = 2_000;
/** So long a log is not sent again for each second that its bytes take on a slow line (1 MB/s). */
const PAUSE_PER_BYTE = 10 / 1_000;

/** A log in a storage that is a disk grows there; elsewhere it is sent whole, again and again while it grows. */
export async function openLog({ storage, path, scratchFile }: LogPlace): Promise<GrowingLog> {
  const direct = await storage.appendTo(path);
  if (direct !== undefined) return { file: direct, close: async () => undefined };
  const closed = new AbortController();
  let sent = 0;
  const send = async (): Promise<void> => {
    const size = await sizeOf(scratchFile);
    if (size === sent) return;
    await storage.upload(path, scratchFile, TEXT);
    sent = size;
  };
  const follow = async (): Promise<void> => {
    for (;;) {
      const pause = Math.max(FIRST_PAUSE_MS, sent * PAUSE_PER_BYTE);
      const over = await delay(pause, false, { signal: closed.signal }).catch(() => true);
      if (over) return;
      // A storage that is away for a while is asked again, and once more at the end.
      await send().catch(() => undefined);
    }
  };
  const following = follow();
  return {
    file: scratchFile,
    async close() {
      closed.abort();
      await following;
      await send();
    },
  };
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Exit, OwnedProcess } from './process.ts';

/** A part of the system that is started again when it dies. */
export interface Supervised {
  readonly name: string;
  /** The process of the moment; none while it is being started again. */
  current(): OwnedProcess | undefined;
  /** Ends it for good. */
  stop(): Promise<void>;
}

/** What is told about a part that died. */
export interface SupervisionOptions {
  readonly name: string;
  readonly onDeath?: (exit: Exit, process: OwnedProcess) => void;
  readonly onRestart?: (process: OwnedProcess) => void;
  /** A start that failed; it is tried again. */
  readonly onFailure?: (error: unknown) => void;
  readonly firstPauseMs?: number;
  readonly longestPauseMs?: number;
}

/** Living this long makes the next death count as the first one. */
const STABLE_MS = 10_000;

/**
 * Starts a process and keeps it alive: if it ends without being asked to, `start` is called again, at
 * once, then with growing pauses. Rejects if the very first start fails.
 */
export async function supervise(
  start: () => Promise<OwnedProcess>,
  options: SupervisionOptions,
): Promise<Supervised> {
  const stopping = new AbortController();
  let current: OwnedProcess | undefined = await start();
  const running = keepAlive(current, start, {
    options,
    signal: stopping.signal,
    became: (process) => {
      current = process;
    },
  });
  return {
    name: options.name,
    current: () => current,
    stop: async () => {
      stopping.abort();
      await current?.stop();
      await running;
    },
  };
}

interface Watch {
  readonly options: SupervisionOptions;
  readonly signal: AbortSignal;
  readonly became: (process: OwnedProcess | undefined) => void;
}

async function keepAlive(
  first: OwnedProcess,
  start: () => Promise<OwnedProcess>,
  watch: Watch,
): Promise<void> {
  const { options, signal, became } = watch;
  let process = first;
  let failures = 0;
  for (;;) {
    const since = performance.now();
    const exit = await process.exited;
    became(undefined);
    if (signal.aborted) return;
    options.onDeath?.(exit, process);
    failures = performance.now() - since > STABLE_MS ? 0 : failures + 1;
    const next = await startAgain(start, failures, watch);
    if (next === undefined) return;
    process = next;
    became(process);
    options.onRestart?.(process);
  }
}

/** Nothing if we were stopped meanwhile. */
async function startAgain(
  start: () => Promise<OwnedProcess>,
  failures: number,
  { options, signal }: Watch,
): Promise<OwnedProcess | undefined> {
  const longest = options.longestPauseMs ?? 5_000;
  for (let attempt = failures; !signal.aborted; attempt += 1) {
    const pause = Math.min((options.firstPauseMs ?? 100) * 2 ** Math.min(attempt, 10), longest);
    await delay(attempt === 0 ? 0 : pause, undefined, { signal }).catch(() => {});
    if (signal.aborted) return undefined;
    try {
      const process = await start();
      if (!signal.aborted) return process;
      await process.stop();
    } catch (error) {
      options.onFailure?.(error);
    }
  }
  return undefined;
}

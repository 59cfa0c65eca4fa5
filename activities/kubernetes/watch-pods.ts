import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type Pod, parsePod } from './pod.ts';
import type { PodApi } from './pod-api.ts';

/** What is done with what is seen. */
export interface PodWatchSetting {
  readonly api: PodApi;
  /** Asked before each listing: it may change with the configuration. */
  readonly namespace: () => Promise<string>;
  readonly onPod: (pod: Pod) => void;
  /** Called with each pod of a change first, and with all that the API says of it. */
  readonly onWhole?: (pod: Pod, whole: unknown) => void;
  /** Deleted, and nothing is left of it. */
  readonly onGone: (pod: Pod) => void;
  /** A listing is through: these are all pods of ours that there are in a namespace, by UID. */
  readonly onListed: (namespace: string, uids: ReadonlySet<string>) => void;
  readonly onError: (error: unknown) => void;
  /** A whole listing repairs what changes did not tell; milliseconds, asked before each listing. */
  readonly relistEvery?: () => Promise<number>;
}

/** A watch that runs. */
export interface PodWatch {
  close(): Promise<void>;
}

const RELIST_MS = 15 * 60_000;
const WATCH_SECONDS = 240;
/** A connection that is silent for longer than the server would keep it is dead. */
const SILENCE_MS = (WATCH_SECONDS + 30) * 1_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/** One informer: lists all pods of ours, then hears of changes; lists again when the server has forgotten. */
export function watchPods(setting: PodWatchSetting): PodWatch {
  const closing = new AbortController();
  const { signal } = closing;
  const running = keepWatching(setting, signal);
  return {
    async close() {
      closing.abort();
      await running;
    },
  };
}

async function keepWatching(setting: PodWatchSetting, signal: AbortSignal): Promise<void> {
  let pause = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      await listAndWatch(setting, signal, () => {
        pause = FIRST_PAUSE_MS;
      });
    } catch (error) {
      if (signal.aborted) return;
      setting.onError(error);
      await delay(pause, undefined, { signal }).catch(() => undefined);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }
}

/** Returns when it is time for another listing. */
async function listAndWatch(
  setting: PodWatchSetting,
  signal: AbortSignal,
  onAnswer: () => void,
): Promise<void> {
  const namespace = await setting.namespace();
  let resourceVersion: string | undefined = await listAll(setting, namespace);
  onAnswer();
  const until = Date.now() + ((await setting.relistEvery?.()) ?? RELIST_MS);
  while (resourceVersion !== undefined && Date.now() < until && !signal.aborted) {
    const left = Math.max(1, Math.ceil((until - Date.now()) / 1_000));
    const timeoutSeconds = Math.min(WATCH_SECONDS, left);
    const start = { namespace, resourceVersion, timeoutSeconds, signal };
    resourceVersion = await watchFrom(setting, start);
  }
}

async function listAll(
  { api, onPod, onListed }: PodWatchSetting,
  namespace: string,
): Promise<string> {
  let after: string | undefined;
  let version = '';
  const uids = new Set<string>();
  do {
    const page = await api.list(namespace, after);
    for (const pod of page.items) {
      uids.add(pod.metadata.uid);
      onPod(pod);
    }
    version = page.metadata.resourceVersion;
    after = page.metadata.continue || undefined;
  } while (after !== undefined);
  onListed(namespace, uids);
  return version;
}

const changeSchema = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: z.looseObject({
    metadata: z.looseObject({ resourceVersion: z.string().optional() }).optional(),
    message: z.string().optional(),
  }),
});

interface WatchStart {
  readonly namespace: string;
  readonly resourceVersion: string;
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

/** The version to go on from, or nothing if the server has forgotten what we know (410). */
async function watchFrom(
  setting: PodWatchSetting,
  { namespace, resourceVersion, timeoutSeconds, signal }: WatchStart,
): Promise<string | undefined> {
  const silent = new AbortController();
  const stream = await setting.api.watch({
    namespace,
    resourceVersion,
    timeoutSeconds,
    signal: AbortSignal.any([signal, silent.signal]),
  });
  const timer = setTimeout(() => silent.abort(), SILENCE_MS);
  let version = resourceVersion;
  try {
    for await (const line of createInterface(stream)) {
      timer.refresh();
      const { type, object } = changeSchema.parse(JSON.parse(line));
      if (type === 'ERROR') return undefined;
      version = object.metadata?.resourceVersion ?? version;
      if (type === 'BOOKMARK') continue;
      const pod = parsePod(object);
      setting.onWhole?.(pod, object);
      if (type === 'DELETED') setting.onGone(pod);
      else setting.onPod(pod);
    }
    return version;
  } finally {
    clearTimeout(timer);
    stream.destroy();
  }
}

import { LRUCache } from 'lru-cache';
import pRetry from 'p-retry';
import type { RunObservation } from '../../workflows/contract.ts';
import { ClusterRefusal } from './cluster-error.ts';
import type { EndedPods } from './ended-pods.ts';
import { observePod } from './observe-pod.ts';
import { attemptOf, hasPhaseOfEnd, type Pod } from './pod.ts';
import type { PodApi } from './pod-api.ts';
import { type PodWatch, watchPods } from './watch-pods.ts';

/** How the informer of one cluster reaches the runs. */
export interface RunWatchSetting {
  readonly api: PodApi;
  readonly namespace: () => Promise<string>;
  /** Tells a run; false if it has ended, or there is none. Whatever it throws is tried again. */
  readonly tell: (uuid: string, seen: RunObservation) => Promise<boolean>;
  /** Whether a run has not ended yet. */
  readonly lives: (uuid: string) => Promise<boolean>;
  readonly onError: (error: unknown) => void;
  /** Pods of ended runs are deleted so long after their end; milliseconds. */
  readonly keepEnded: () => Promise<number>;
  /** Milliseconds, asked before each listing. */
  readonly relistEvery?: () => Promise<number>;
  /** Where what was seen of ended pods is kept for a while. */
  readonly ended?: EndedPods;
  /** What only says that a pod gets on is told after so long, if it still is so; milliseconds, 10 s by default. */
  readonly calmAfter?: number;
}

const MOST_PODS = 20_000;
const CALM_MS = 10_000;

/** Tried until it is told: a Temporal or a cluster that is away comes back. */
const UNTIL_TOLD = {
  retries: Number.POSITIVE_INFINITY,
  minTimeout: 500,
  maxTimeout: 10_000,
  randomize: true,
};

/** Tells the runs of one build cluster what happens to their pods, and clears up after those that ended. */
export function watchRuns(setting: RunWatchSetting): PodWatch {
  const closing = new AbortController();
  const { signal } = closing;
  // A pod that is forgotten here is only told of once more.
  const desks = new LRUCache<string, Desk>({
    max: MOST_PODS,
    dispose: (desk) => clearTimeout(desk.calm),
  });
  const busy = new Set<Promise<void>>();
  const serve = (desk: Desk): void => {
    clearTimeout(desk.calm);
    desk.calm = undefined;
    if (desk.busy || signal.aborted) return;
    desk.busy = true;
    const work = drain(desk, setting, signal)
      .catch((error: unknown) => {
        if (!signal.aborted) setting.onError(error);
      })
      .finally(() => busy.delete(work));
    busy.add(work);
  };
  const onPod = (pod: Pod): void => {
    const news = newsOf(pod);
    if (news === undefined) return;
    const desk = desks.get(pod.metadata.uid) ?? newDesk(news);
    desks.set(pod.metadata.uid, desk);
    desk.newest = news;
    if (!isCalm(news.seen) || desk.over) serve(desk);
    else desk.calm ??= setTimeout(() => serve(desk), setting.calmAfter ?? CALM_MS).unref();
  };
  const onGone = ({ metadata: { uid } }: Pod): void => {
    const desk = desks.get(uid);
    if (desk === undefined) return;
    desk.newest = goneNews(desk.newest);
    desks.delete(uid);
    serve(desk);
  };
  const watch = watchPods({
    ...setting,
    onPod,
    onWhole: (pod, whole) => setting.ended?.note(pod, whole),
    onGone,
    onListed: (namespace, uids) => {
      for (const { newest } of [...desks.values()]) {
        const { metadata } = newest.pod;
        if (metadata.namespace === namespace && !uids.has(metadata.uid)) onGone(newest.pod);
      }
    },
  });
  return {
    async close() {
      closing.abort();
      for (const desk of desks.values()) clearTimeout(desk.calm);
      await watch.close();
      await Promise.allSettled(busy);
    },
  };
}

/** What is known of a pod. */
interface News {
  readonly uuid: string;
  readonly pod: Pod;
  readonly seen: RunObservation;
  readonly gone: boolean;
}

interface Desk {
  newest: News;
  /** What the run was last told, but for the version. */
  told: string;
  /** The run has ended: there is nobody to tell. */
  over: boolean;
  busy: boolean;
  /** Rings when it is time to tell what is no news. */
  calm: NodeJS.Timeout | undefined;
}

function newDesk(newest: News): Desk {
  return { newest, told: '', over: false, busy: false, calm: undefined };
}

/** Nothing if it is no pod of ours. */
function newsOf(pod: Pod): News | undefined {
  const mark = attemptOf(pod);
  if (mark === undefined) return undefined;
  const seen = { ...observePod(pod), attempt: mark.attempt };
  return { uuid: mark.uuid, pod, seen, gone: false };
}

/** A pod that is no more is missing, unless it was seen to end before (P26, P27). */
function goneNews(news: News): News {
  const { seen } = news;
  if (!isCalm(seen)) return { ...news, gone: true };
  const { attempt, pod } = seen;
  return { ...news, seen: { attempt, phase: 'missing', ...(pod ? { pod } : {}) }, gone: true };
}

/** Whether it only says that a pod gets on as it should. */
function isCalm({ phase, trouble }: RunObservation): boolean {
  return (phase === 'waiting' || phase === 'running') && trouble === undefined;
}

/** Tells the newest state, one at a time: an older one never follows a newer one. */
async function drain(desk: Desk, setting: RunWatchSetting, signal: AbortSignal): Promise<void> {
  const tellNewest = async (): Promise<News> => {
    const { newest } = desk;
    await tellChange(desk, newest, setting);
    return newest;
  };
  const options = {
    ...UNTIL_TOLD,
    signal,
    onFailedAttempt: ({ error }: { readonly error: Error }) => setting.onError(error),
    shouldRetry: ({ error }: { readonly error: Error }) => !(error instanceof ClusterRefusal),
  };
  try {
    while ((await pRetry(tellNewest, options)) !== desk.newest);
  } finally {
    // In the same breath as the last look: what comes later finds nobody at work.
    desk.busy = false;
  }
}

async function tellChange(desk: Desk, news: News, setting: RunWatchSetting): Promise<void> {
  const { uuid, pod, seen } = news;
  const content = JSON.stringify({ ...seen, pod: pod.metadata.uid });
  if (content !== desk.told) {
    desk.over ||= !(await setting.tell(uuid, seen));
    desk.told = content;
  } else if (isOver(pod)) desk.over ||= !(await setting.lives(uuid));
  if (desk.over && !news.gone) await clear(pod, setting);
}

function isOver(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined || hasPhaseOfEnd(pod);
}

/** Nobody waits for this pod: one that runs is ended, one that ended is let go, and deleted in its time. */
async function clear(pod: Pod, { api, keepEnded }: RunWatchSetting): Promise<void> {
  const finished = hasPhaseOfEnd(pod);
  if (finished || pod.metadata.deletionTimestamp !== undefined) await api.release(pod);
  if (pod.metadata.deletionTimestamp !== undefined) return;
  const age = Date.now() - Date.parse(observePod(pod).finishedAt ?? pod.metadata.creationTimestamp);
  if (!finished) {
    await api.release(pod);
    await api.remove(pod);
  } else if (age > (await keepEnded())) await api.remove(pod);
}

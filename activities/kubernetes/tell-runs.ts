import { LRUCache } from 'lru-cache';
import type { RunObservation } from '../../workflows/contract.ts';
import { observePod } from './observe-pod.ts';
import { attemptOf, type Pod } from './pod.ts';
import type { PodApi } from './pod-api.ts';
import { type PodWatch, watchPods } from './watch-pods.ts';

/** How the informer of one cluster reaches the runs. */
export interface RunWatchSetting {
  readonly api: PodApi;
  readonly namespace: () => Promise<string>;
  /** Tells a run; false if it has ended, or there is none. */
  readonly tell: (uuid: string, seen: RunObservation) => Promise<boolean>;
  readonly onError: (error: unknown) => void;
  /** Pods of ended runs are deleted so long after their end; milliseconds. */
  readonly keepEnded: () => Promise<number>;
  /** Milliseconds, asked before each listing. */
  readonly relistEvery?: () => Promise<number>;
}

const MOST_PODS = 20_000;

/** Tells the runs of one build cluster what happens to their pods, and clears up after those that ended. */
export function watchRuns(setting: RunWatchSetting): PodWatch {
  // A pod that is forgotten here is only told of once more.
  const desks = new LRUCache<string, Desk>({ max: MOST_PODS });
  const busy = new Set<Promise<void>>();
  const onPod = (pod: Pod): void => {
    const { uid } = pod.metadata;
    if (attemptOf(pod) === undefined) return;
    const desk = desks.get(uid) ?? { newest: pod, told: '', over: false, busy: false };
    desks.set(uid, desk);
    desk.newest = pod;
    if (desk.busy) return;
    desk.busy = true;
    const work = drain(desk, setting)
      .catch(setting.onError)
      .finally(() => {
        desk.busy = false;
        busy.delete(work);
      });
    busy.add(work);
  };
  const watch = watchPods({
    ...setting,
    onPod,
    onGone: (pod) => {
      onPod(pod);
      desks.delete(pod.metadata.uid);
    },
  });
  return {
    async close() {
      await watch.close();
      await Promise.allSettled(busy);
    },
  };
}

interface Desk {
  newest: Pod;
  /** What the run was last told, but for the version. */
  told: string;
  /** The run has ended: there is nobody to tell. */
  over: boolean;
  busy: boolean;
}

/** Tells the newest state, one at a time: an older one never follows a newer one. */
async function drain(desk: Desk, setting: RunWatchSetting): Promise<void> {
  for (let pod: Pod | undefined; pod !== desk.newest; ) {
    pod = desk.newest;
    await tellChange(desk, pod, setting);
  }
}

async function tellChange(desk: Desk, pod: Pod, setting: RunWatchSetting): Promise<void> {
  const mark = attemptOf(pod);
  if (mark === undefined) return;
  const seen: RunObservation = { ...observePod(pod), attempt: mark.attempt };
  const content = JSON.stringify({ ...seen, pod: pod.metadata.uid });
  // A run hears nothing new of a pod that it has seen end; it is asked only whether it still is there.
  if (content === desk.told && !isOver(pod)) return;
  desk.over ||= !(await setting.tell(mark.uuid, seen));
  desk.told = content;
  if (desk.over) await clear(pod, setting);
}

function isOver({ metadata, status }: Pod): boolean {
  return (
    metadata.deletionTimestamp !== undefined ||
    status.phase === 'Succeeded' ||
    status.phase === 'Failed'
  );
}

/** Nobody waits for this pod: one that runs is ended, one that ended is let go, and deleted in its time. */
async function clear(pod: Pod, { api, keepEnded }: RunWatchSetting): Promise<void> {
  const { phase } = pod.status;
  const finished = phase === 'Succeeded' || phase === 'Failed';
  if (finished || pod.metadata.deletionTimestamp !== undefined) await api.release(pod);
  if (pod.metadata.deletionTimestamp !== undefined) return;
  const age = Date.now() - Date.parse(observePod(pod).finishedAt ?? pod.metadata.creationTimestamp);
  if (!finished) {
    await api.release(pod);
    await api.remove(pod);
  } else if (age > (await keepEnded())) await api.remove(pod);
}

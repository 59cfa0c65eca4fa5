import { LRUCache } from 'lru-cache';
import { hasPhaseOfEnd, MARKS, type Pod } from './pod.ts';
import type { PodName } from './pod-api.ts';

/**
 * Pods whose end the informer of this process has seen, as the API described them: whoever settles them need
 * not ask for them again. What is not here is asked for.
 */
export interface EndedPods {
  note(pod: Pod, whole: unknown): void;
  /** Forgets it, too. */
  take(name: PodName, buildId: string): unknown;
}

/** Some ten megabytes at most, of descriptions as they usually are. */
const MOST = 1_000;

/** Empty at first. */
export function createEndedPods(): EndedPods {
  const pods = new LRUCache<string, { readonly whole: unknown }>({ max: MOST });
  const key = ({ namespace, name }: PodName, buildId = ''): string =>
    `${namespace}/${name}/${buildId}`;
  return {
    note(pod, whole) {
      const { metadata } = pod;
      const id = key(metadata, metadata.labels[MARKS.buildId]);
      const wanted = hasPhaseOfEnd(pod) && metadata.finalizers.length > 0;
      if (wanted) pods.set(id, { whole });
      else pods.delete(id);
    },
    take(name, buildId) {
      const id = key(name, buildId);
      const found = pods.get(id);
      pods.delete(id);
      return found?.whole;
    },
  };
}

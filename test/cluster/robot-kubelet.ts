import { setTimeout as delay } from 'node:timers/promises';
import type { Pod } from '../../activities/kubernetes/pod.ts';
import { type PodHand, statusOf } from '../activities/kubernetes/hand-driven.ts';

/** What becomes of a pod: how long it runs, milliseconds, and its exit code. */
export interface PodFate {
  readonly runs: number;
  readonly exitCode: number;
}

/** It plays until it is stopped. */
export interface RobotKubelet {
  /** Names of which it has seen more than one pod. */
  madeTwice(): readonly string[];
  stop(): Promise<void>;
}

/** Plays scheduler and kubelet for all pods until it is stopped, whatever becomes of the API meanwhile. */
export function startRobotKubelet(hand: PodHand, fateOf: (pod: Pod) => PodFate): RobotKubelet {
  const begun = new Map<string, number>();
  const uids = new Map<string, Set<string>>();
  let on = true;
  const round = async (): Promise<void> => {
    let after: string | undefined;
    do {
      const page = await hand.api.list(hand.namespace, after);
      for (const { metadata } of page.items) {
        uids.set(metadata.name, (uids.get(metadata.name) ?? new Set()).add(metadata.uid));
      }
      await Promise.all(page.items.map((pod) => step(hand, pod, { begun, fate: fateOf(pod) })));
      after = page.metadata.continue || undefined;
    } while (after !== undefined);
  };
  const running = (async () => {
    while (on) {
      // The API may be away, a pod may be gone: the next round sees.
      await round().catch(() => undefined);
      await delay(100);
    }
  })();
  return {
    madeTwice: () => [...uids].flatMap(([name, made]) => (made.size > 1 ? [name] : [])),
    async stop() {
      on = false;
      await running;
    },
  };
}

async function step(
  hand: PodHand,
  { metadata, spec, status }: Pod,
  { begun, fate }: { readonly begun: Map<string, number>; readonly fate: PodFate },
): Promise<void> {
  const { name, uid, deletionTimestamp } = metadata;
  const over = status.phase === 'Succeeded' || status.phase === 'Failed';
  if (deletionTimestamp !== undefined) {
    if (!over && spec.nodeName !== '') await hand.end(name, 130);
    // A finalizer keeps it until its end was seen.
    await hand.bury(name);
  } else if (spec.nodeName === '') {
    await hand.bind(name);
  } else if (status.phase === 'Pending') {
    begun.set(uid, Date.now());
    const startedAt = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    const containerStatuses = [statusOf('test', { running: { startedAt } })];
    await hand.say(name, { phase: 'Running', startTime: startedAt, containerStatuses });
  } else if (!over && Date.now() - (begun.get(uid) ?? 0) > fate.runs) {
    await hand.end(name, fate.exitCode);
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { hasEnded } from './observe-pod.ts';
import { MARKS, type Pod } from './pod.ts';
import type { PodApi, PodName } from './pod-api.ts';

/** How a pod is stopped. */
export interface StopSetting {
  readonly buildId: string;
  /** Beyond the pod's own grace, milliseconds. */
  readonly margin: number;
  readonly heartbeat: () => void;
  /** Keeps what would go with the pod, and lets it go. */
  readonly settle: (pod: Pod) => Promise<void>;
}

const FIRST_STEP_MS = 100;
const LONGEST_STEP_MS = 2_000;

/** Deletes an attempt's pod with the grace that it asks for; returns when it is gone. */
export async function stopPod(api: PodApi, name: PodName, setting: StopSetting): Promise<void> {
  const read = async (): Promise<Pod | undefined> => {
    const pod = await api.read(name);
    return pod?.metadata.labels[MARKS.buildId] === setting.buildId ? pod : undefined;
  };
  const alive = await read();
  if (alive === undefined) return;
  await api.remove(alive);
  const until = Date.now() + graceOf(await read()) + setting.margin;
  let settled = false;
  for (let step = FIRST_STEP_MS; ; step = Math.min(step * 1.5, LONGEST_STEP_MS)) {
    const pod = await read();
    if (pod === undefined) return;
    const late = Date.now() > until;
    if (!settled && (late || hasEnded(pod))) {
      await setting.settle(pod);
      settled = true;
    }
    // A node that does not answer lets no pod go.
    if (late) await api.remove(pod, 0);
    setting.heartbeat();
    await delay(step);
  }
}

function graceOf(pod: Pod | undefined): number {
  return (pod?.metadata.deletionGracePeriodSeconds ?? 0) * 1_000;
}

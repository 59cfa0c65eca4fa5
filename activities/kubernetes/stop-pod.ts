import { setTimeout as delay } from 'node:timers/promises';
import { hasEnded } from './observe-pod.ts';
import { MARKS, type Pod, parsePod } from './pod.ts';
import type { PodApi, PodName } from './pod-api.ts';

/** How a pod is stopped. */
export interface StopSetting {
  readonly buildId: string;
  /** Beyond the pod's own grace, milliseconds. */
  readonly margin: number;
  readonly heartbeat: () => void;
  /** Keeps what would go with the pod, given as the API has it, and lets it go. */
  readonly settle: (whole: unknown) => Promise<void>;
}

const FIRST_STEP_MS = 100;
const LONGEST_STEP_MS = 2_000;

/** Deletes an attempt's pod with the grace that it asks for; returns when it is gone. */
export async function stopPod(api: PodApi, name: PodName, setting: StopSetting): Promise<void> {
  const read = () => readAttempt(api, name, setting.buildId);
  const alive = await read();
  if (alive === undefined) return;
  await api.remove(alive.pod);
  const until = Date.now() + graceOf((await read())?.pod) + setting.margin;
  let settled = false;
  for (let step = FIRST_STEP_MS; ; step = Math.min(step * 1.5, LONGEST_STEP_MS)) {
    const seen = await read();
    if (seen === undefined) return;
    const { pod, whole } = seen;
    const late = Date.now() > until;
    if (!settled && (late || hasEnded(pod))) {
      await setting.settle(whole);
      settled = true;
    }
    // A node that does not answer lets no pod go.
    if (late) await api.remove(pod, 0);
    setting.heartbeat();
    await delay(step);
  }
}

/** An attempt's pod, as we read it and whole; nothing if it is gone, or another attempt's. */
export async function readAttempt(
  api: PodApi,
  name: PodName,
  buildId: string,
): Promise<{ readonly pod: Pod; readonly whole: unknown } | undefined> {
  const whole = await api.readWhole(name);
  if (whole === undefined) return undefined;
  const pod = parsePod(whole);
  return pod.metadata.labels[MARKS.buildId] === buildId ? { pod, whole } : undefined;
}

function graceOf(pod: Pod | undefined): number {
  return (pod?.metadata.deletionGracePeriodSeconds ?? 0) * 1_000;
}

import type { RunObservation } from '../../workflows/contract.ts';
import type { Attempt, ExecutorPorts, PodPorts } from '../../workflows/ports.ts';
import type { RenderedPod, RenderedRun, RenderRun } from '../rendered-run.ts';
import type { OpenStorage } from '../storage/storage.ts';
import type { EndedPods } from './ended-pods.ts';
import { observePod } from './observe-pod.ts';
import type { Pod } from './pod.ts';
import type { PodApi, PodName } from './pod-api.ts';
import { type PodRecords, settlePod } from './settle-pod.ts';
import { startPod } from './start-pod.ts';
import { readAttempt, stopPod } from './stop-pod.ts';
import { volumeTrouble } from './volume-trouble.ts';

/** What the executor of one build cluster needs. */
export interface KubernetesExecutorSetting {
  readonly api: PodApi;
  readonly render: RenderRun;
  readonly openStorage: OpenStorage;
  /** What this process's informer saw of ended pods. */
  readonly ended?: EndedPods;
  /** Hears in words why nothing of a pod could be kept. */
  readonly lost?: (attempt: Attempt, reason: string) => Promise<void>;
  /** Says to Temporal that a long stop is still at work. */
  readonly heartbeat?: () => void;
  /**
   * Milliseconds; by default 20 s for an older pod to give way, 60 s beyond a pod's grace, 20 s until
   * somebody asks why a pod has no container yet.
   */
  readonly replaceWithin?: number;
  readonly stopMargin?: number;
  readonly volumePatience?: number;
}

/** Runs jobs as pods of one build cluster (DESIGN §5). It keeps nothing: any worker may go on. */
export function createKubernetesExecutor(
  setting: KubernetesExecutorSetting,
): ExecutorPorts & PodPorts {
  const { api } = setting;
  return {
    startRun: async (attempt) => {
      const rendered = await setting.render(attempt.run);
      if (typeof rendered === 'string') return refusal(attempt, rendered);
      const pod = podOf(rendered, attempt);
      const patience = { replaceWithin: setting.replaceWithin ?? 20_000 };
      return { ...(await startPod(api, { pod, attempt }, patience)), attempt: attempt.attempt };
    },
    observeRun: async (attempt) => {
      const pod = await findPod(setting, attempt);
      if (pod === undefined) return { attempt: attempt.attempt, phase: 'missing' };
      const seen = observePod(pod);
      const patience = setting.volumePatience ?? 20_000;
      const trouble = seen.trouble ?? (await volumeTrouble(api, pod, patience));
      return { ...seen, ...(trouble ? { trouble } : {}), attempt: attempt.attempt };
    },
    stopRun: async (attempt) => {
      const { name, records } = await placeOf(setting, attempt);
      await stopPod(api, name, {
        buildId: attempt.buildId,
        margin: setting.stopMargin ?? 60_000,
        heartbeat: setting.heartbeat ?? (() => undefined),
        settle: (whole) => settlePod(api, whole, records),
      });
      return { attempt: attempt.attempt, phase: 'missing' };
    },
    settleRun: async (attempt) => {
      const { name, records } = await placeOf(setting, attempt);
      const seen = setting.ended?.take(name, attempt.buildId);
      const whole = seen ?? (await readAttempt(api, name, attempt.buildId))?.whole;
      if (whole !== undefined) await settlePod(api, whole, records);
    },
  };
}

function refusal({ attempt }: Attempt, description: string): RunObservation {
  return { attempt, phase: 'finished', verdict: 'error', description };
}

async function findPod(
  setting: KubernetesExecutorSetting,
  attempt: Attempt,
): Promise<Pod | undefined> {
  const { name } = await placeOf(setting, attempt);
  return (await readAttempt(setting.api, name, attempt.buildId))?.pod;
}

async function placeOf(
  setting: KubernetesExecutorSetting,
  attempt: Attempt,
): Promise<{ readonly name: PodName; readonly records: PodRecords }> {
  const rendered = await setting.render(attempt.run);
  if (typeof rendered === 'string') throw new Error(rendered);
  const { namespace, name } = podOf(rendered, attempt).metadata;
  const { bucket, folder } = rendered.place(attempt.buildId);
  const storage = setting.openStorage(bucket);
  const records: PodRecords = {
    storage,
    folder,
    keepLogs: !rendered.decorated,
    lost: async (reason) => setting.lost?.(attempt, reason),
  };
  return { name: { namespace, name }, records };
}

function podOf(rendered: RenderedRun, { run, buildId }: Attempt): RenderedPod {
  const pod = rendered.pod(buildId);
  if (pod === undefined) throw new Error(`the job "${run.job}" has no pod`);
  return pod;
}

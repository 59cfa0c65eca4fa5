import { allowed } from './cluster-error.ts';
import { hasContainers, type Pod } from './pod.ts';
import type { PodApi } from './pod-api.ts';

const REASONS = new Set(['FailedMount', 'FailedAttachVolume', 'FailedCreatePodSandBox']);

/**
 * Why a pod with a node has no container yet: the cluster says so in events only, which we may have no
 * right to read. `patience` is how long a pod may prepare its volumes before anybody asks, milliseconds.
 */
export async function volumeTrouble(
  api: PodApi,
  pod: Pod,
  patience: number,
): Promise<string | undefined> {
  const { phase, startTime } = pod.status;
  if (phase !== 'Pending' || !startTime || hasContainers(pod)) return undefined;
  if (Date.now() - Date.parse(startTime) < patience) return undefined;
  const events = (await allowed(api.events(pod))) ?? [];
  const last = events.filter(({ reason }) => REASONS.has(reason)).at(-1);
  return last === undefined ? undefined : `${last.reason}: ${last.message}`;
}

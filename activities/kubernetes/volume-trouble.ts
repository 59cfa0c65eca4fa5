import { hasContainers, type Pod } from './pod.ts';
import type { PodApi } from './pod-api.ts';

/** So long a pod may prepare its volumes before anybody asks. */
const PATIENCE_MS = 20_000;

const REASONS = new Set(['FailedMount', 'FailedAttachVolume', 'FailedCreatePodSandBox']);

/** Why a pod with a node has no container yet: the cluster says so in events only. */
export async function volumeTrouble(api: PodApi, pod: Pod): Promise<string | undefined> {
  const { phase, startTime } = pod.status;
  if (phase !== 'Pending' || !startTime || hasContainers(pod)) return undefined;
  if (Date.now() - Date.parse(startTime) < PATIENCE_MS) return undefined;
  const events = await api.events(pod);
  const last = events.filter(({ reason }) => REASONS.has(reason)).at(-1);
  return last === undefined ? undefined : `${last.reason}: ${last.message}`;
}

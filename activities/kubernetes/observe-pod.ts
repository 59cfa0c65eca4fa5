import type { RunObservation } from '../../workflows/contract.ts';
import { SAYS } from '../../workflows/domain/job-state.ts';
import { type ContainerStatus, hasPhaseOfEnd, type Pod } from './pod.ts';

/** What a pod's state means for its run, but for whose attempt it is. */
export type PodObservation = Omit<RunObservation, 'attempt'>;

/** Reads a pod from the top of Prow's table (J§1.2.3) downwards; timeouts and counts are the workflow's. */
export function observePod(pod: Pod): PodObservation {
  const { uid, resourceVersion } = pod.metadata;
  const { startTime } = pod.status;
  const times = startTime ? { startedAt: startTime } : {};
  return { ...judge(pod), ...times, pod: { uid, resourceVersion } };
}

function judge(pod: Pod): PodObservation {
  const { phase } = pod.status;
  const lost = lossOf(pod);
  if (lost !== undefined) return { phase: 'missing', lost };
  if (phase === 'Running' && wasOutOfMemory(pod)) return error(SAYS.outOfMemory, true);
  if (phase === 'Succeeded') return judgeSuccess(pod);
  if (phase === 'Failed') return { phase: 'finished', verdict: 'failure', ...lastTime(pod) };
  if (pod.metadata.deletionTimestamp !== undefined) return error(SAYS.deleted, true);
  if (phase === 'Running') return { phase: 'running' };
  const trouble = troubleOf(pod);
  return { phase: 'waiting', ...(trouble === undefined ? {} : { trouble }) };
}

function error(description: string, alive: boolean): PodObservation {
  return { phase: 'finished', verdict: 'error', description, ...(alive ? { alive } : {}) };
}

const EVICTIONS = new Set([
  'EvictionByEvictionAPI',
  'PreemptionByScheduler',
  'TerminationByKubelet',
]);

/** Pods that were stopped by the cluster, not by their test: evicted, or their node is gone. */
function lossOf({ metadata, status }: Pod): RunObservation['lost'] {
  const { phase, reason, conditions } = status;
  if (reason === 'Evicted') return 'evicted';
  if (phase === 'Unknown') return 'unknown';
  if (reason === 'NodeLost' && metadata.deletionTimestamp !== undefined) return 'unreachable';
  if (phase === 'Succeeded') return undefined;
  // What today's clusters say instead of the above.
  const disrupted = conditions.find((one) => one.type === 'DisruptionTarget');
  if (disrupted?.status !== 'True') return undefined;
  return EVICTIONS.has(disrupted.reason) ? 'evicted' : 'unreachable';
}

function wasOutOfMemory(pod: Pod): boolean {
  return statusesOf(pod).some(({ state }) => state.terminated?.reason === 'OOMKilled');
}

function judgeSuccess(pod: Pod): PodObservation {
  // A sidecar that runs beside the test is ended with it: its exit code says nothing.
  const sidecars = pod.spec.initContainers.filter((one) => one.restartPolicy === 'Always');
  const counted = statusesOf(pod).filter(
    ({ name }) => !sidecars.some((sidecar) => sidecar.name === name),
  );
  const done = counted.every(
    ({ state }) => state.terminated?.exitCode === 0 && Boolean(state.terminated.finishedAt),
  );
  return done
    ? { phase: 'finished', verdict: 'success', ...lastTime(pod) }
    : error(SAYS.unfinishedContainers, false);
}

function lastTime(pod: Pod): { readonly finishedAt?: string } {
  const times = statusesOf(pod).flatMap(({ state }) => state.terminated?.finishedAt ?? []);
  const last = times.sort().at(-1);
  return last === undefined ? {} : { finishedAt: last };
}

/** Reasons for which a container waits that do not pass by waiting a moment. */
const TROUBLES = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'CrashLoopBackOff',
]);

/** Why a pod does not get on, in words. */
function troubleOf(pod: Pod): string | undefined {
  for (const { name, state } of statusesOf(pod)) {
    const { reason = '', message = '' } = state.waiting ?? {};
    if (TROUBLES.has(reason)) return `container "${name}": ${reason}: ${message || 'no reason'}`;
  }
  return undefined;
}

/** Of init containers and containers. */
function statusesOf({ status }: Pod): readonly ContainerStatus[] {
  return [...status.initContainerStatuses, ...status.containerStatuses];
}

/** Whether nothing of the pod runs any more, or ever did. */
export function hasEnded(pod: Pod): boolean {
  if (pod.spec.nodeName === '' || hasPhaseOfEnd(pod)) return true;
  const statuses = statusesOf(pod);
  return (
    statuses.length > 0 &&
    statuses.every(({ state }) => state.running === undefined && state.terminated !== undefined)
  );
}

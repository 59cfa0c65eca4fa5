import type { IncomingMessage } from 'node:http';
import { allowed } from './cluster-error.ts';
import { hasContainers, MARKS } from './pod.ts';
import type { PodApi, PodName } from './pod-api.ts';

/** Which log of which attempt. */
export interface PodLogQuestion {
  readonly container: string;
  readonly buildId: string;
  readonly signal: AbortSignal;
}

/**
 * A container's log, from its beginning until it ends; nothing if there is no such pod, or it has not
 * started. Throws `ClusterUnreachable`.
 */
export async function followPodLog(
  api: PodApi,
  name: PodName,
  { container, buildId, signal }: PodLogQuestion,
): Promise<IncomingMessage | undefined> {
  const pod = await allowed(api.read(name));
  if (pod === undefined) return undefined;
  if (pod.metadata.labels[MARKS.buildId] !== buildId || !hasContainers(pod)) return undefined;
  return await allowed(api.log(name, { container, follow: true, signal }));
}

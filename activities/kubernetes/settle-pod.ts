import { buffer } from 'node:stream/consumers';
import type { Storage } from '../storage/storage.ts';
import { ClusterRefusal } from './cluster-error.ts';
import type { Pod } from './pod.ts';
import type { PodApi } from './pod-api.ts';

/** What is kept of a pod, and where. */
export interface PodRecords {
  readonly storage: Storage;
  /** Folder of the run's objects. */
  readonly folder: string;
  /** Nobody else uploads its logs: the job is not decorated. */
  readonly keepLogs: boolean;
}

/** A log that is longer is cut: the whole must fit into memory. */
const LOG_LIMIT = 64 * 1024 * 1024;

/** Keeps what would go with the pod, then lets it go. Doing so twice changes nothing. */
export async function settlePod(api: PodApi, pod: Pod, records: PodRecords): Promise<void> {
  const { storage, folder } = records;
  const options = { contentType: 'text/plain; charset=utf-8' };
  for (const { container, file } of records.keepLogs ? logsOf(pod) : []) {
    const log = await readLog(api, pod, container);
    if (log !== undefined) await storage.write(`${folder}/${file}`, log, options);
  }
  const content = JSON.stringify(await describePod(api, pod));
  await storage.write(`${folder}/podinfo.json`, content, { contentType: 'application/json' });
  await api.release(pod);
}

/** Named as the pod utilities would (J§1.4.5). */
function logsOf({ spec }: Pod) {
  const alone = spec.containers.length === 1;
  return spec.containers.map(({ name }) => ({
    container: name,
    file: alone ? 'build-log.txt' : `${name}-build-log.txt`,
  }));
}

/** Nothing if the container never ran, or its log is gone with its node. */
async function readLog(api: PodApi, pod: Pod, container: string): Promise<Uint8Array | undefined> {
  if (pod.spec.nodeName === '') return undefined;
  try {
    return await buffer(await api.log(pod.metadata, { container, limitBytes: LOG_LIMIT }));
  } catch (error) {
    if (error instanceof ClusterRefusal) return undefined;
    throw error;
  }
}

/** As Prow's `podinfo.json`: pod, events, node (J§1.5). */
async function describePod(api: PodApi, pod: Pod): Promise<object> {
  const whole = await api.readWhole(pod.metadata);
  const events = await optional(api.events(pod));
  const { nodeName } = pod.spec;
  const node = nodeName === '' ? undefined : await optional(api.node(nodeName));
  return { pod: whole, ...(events ? { events } : {}), ...(node ? { node } : {}) };
}

/** What we have no right to read, or is gone, is left out. */
async function optional<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ClusterRefusal) return undefined;
    throw error;
  }
}

import { buffer } from 'node:stream/consumers';
import type { Storage } from '../storage/storage.ts';
import { isPermanent } from '../storage/storage-error.ts';
import { allowed } from './cluster-error.ts';
import { type Pod, parsePod } from './pod.ts';
import type { PodApi } from './pod-api.ts';

/** What is kept of a pod, and where. */
export interface PodRecords {
  readonly storage: Storage;
  /** Folder of the run's objects. */
  readonly folder: string;
  /** Nobody else uploads its logs: the job is not decorated. */
  readonly keepLogs: boolean;
  /** Hears in words why nothing could be kept, when trying again would not help. */
  readonly lost: (reason: string) => Promise<void>;
}

/** A log that is longer is cut: the whole must fit into memory. */
const LOG_LIMIT = 64 * 1024 * 1024;

/**
 * Keeps what would go with the pod, `whole` as the API has it, then lets it go. Doing so twice changes
 * nothing. A bucket that will never take it does not keep the pod for ever.
 */
export async function settlePod(api: PodApi, whole: unknown, records: PodRecords): Promise<void> {
  const pod = parsePod(whole);
  try {
    await keep(api, { pod, whole }, records);
  } catch (error) {
    if (!isPermanent(error)) throw error;
    await records.lost(error.message);
  }
  await api.release(pod);
}

async function keep(
  api: PodApi,
  { pod, whole }: { readonly pod: Pod; readonly whole: unknown },
  { storage, folder, keepLogs }: PodRecords,
): Promise<void> {
  const options = { contentType: 'text/plain; charset=utf-8' };
  for (const { container, file } of keepLogs ? logsOf(pod) : []) {
    const log = await readLog(api, pod, container);
    if (log !== undefined) await storage.write(`${folder}/${file}`, log, options);
  }
  const content = JSON.stringify(await describePod(api, pod, whole));
  await storage.write(`${folder}/podinfo.json`, content, { contentType: 'application/json' });
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
  const log = await allowed(api.log(pod.metadata, { container, limitBytes: LOG_LIMIT }));
  return log === undefined ? undefined : await buffer(log);
}

/** As Prow's `podinfo.json`: pod, events, node (J§1.5); what we have no right to read, or is gone, is left out. */
async function describePod(api: PodApi, pod: Pod, whole: unknown): Promise<object> {
  const events = await allowed(api.events(pod));
  const { nodeName } = pod.spec;
  const node = nodeName === '' ? undefined : await api.node(nodeName);
  return { pod: whole, ...(events ? { events } : {}), ...(node ? { node } : {}) };
}

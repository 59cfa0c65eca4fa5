import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { allowed, isConflict, isMissing } from './cluster-error.ts';
import { FINALIZER, MARKS, type Pod, type PodList, parsePod, parsePodList } from './pod.ts';
import type { Transport } from './transport.ts';

/** Which pod. */
export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/** What we ask of a cluster's API. */
export interface PodApi {
  readonly alias: string;
  /** Throws `ClusterRefusal`. */
  create(namespace: string, pod: unknown): Promise<Pod>;
  read(name: PodName): Promise<Pod | undefined>;
  /** The pod as the API has it, with all its fields. */
  readWhole(name: PodName): Promise<unknown>;
  list(namespace: string, after?: string): Promise<PodList>;
  /** Changes of pods from a version on, a JSON text per line. */
  watch(question: WatchQuestion): Promise<IncomingMessage>;
  /** Deletes this very pod, not another one of its name; by default with the grace that it asks for. */
  remove(pod: Pod, graceSeconds?: number): Promise<void>;
  /** Takes our finalizer away from this very pod. */
  release(pod: Pod): Promise<void>;
  events(pod: Pod): Promise<readonly PodEvent[]>;
  /** Nodes change little: one is asked for once in ten minutes. Nothing if we may not, or it is gone. */
  node(name: string): Promise<unknown>;
  log(name: PodName, question: LogQuestion): Promise<IncomingMessage>;
  /** Whether we have the right to do this with pods. */
  mayDo(verb: string, namespace: string): Promise<boolean>;
}

/** From where, and until when, changes are wanted. */
export interface WatchQuestion {
  readonly namespace: string;
  readonly resourceVersion: string;
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

/** Which part of which log. */
export interface LogQuestion {
  readonly container: string;
  readonly follow?: boolean;
  readonly limitBytes?: number;
  readonly signal?: AbortSignal;
}

const podEvent = z.looseObject({
  type: z.string().default(''),
  reason: z.string().default(''),
  message: z.string().default(''),
});

/** What the cluster said of a pod. */
export type PodEvent = z.infer<typeof podEvent>;

const eventList = z.object({ items: z.array(podEvent) });

const review = z.object({ status: z.object({ allowed: z.boolean() }) });

const PAGE = 500;
const NODE_AGE_MS = 10 * 60_000;

/** Speaks to one cluster. */
export function createPodApi(transport: Transport): PodApi {
  const readWhole = async (name: PodName): Promise<unknown> => {
    try {
      return await transport.json({ method: 'GET', path: pathOf(name) });
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
  const nodes = new LRUCache<string, { readonly node: unknown }>({ max: 1_000, ttl: NODE_AGE_MS });
  return {
    alias: transport.alias,
    create: async (namespace, body) =>
      parsePod(await transport.json({ method: 'POST', path: podsOf(namespace), body })),
    readWhole,
    read: async (name) => {
      const pod = await readWhole(name);
      return pod === undefined ? undefined : parsePod(pod);
    },
    list: async (namespace, after) => {
      const page = { limit: `${PAGE}`, ...(after === undefined ? {} : { continue: after }) };
      const path = `${podsOf(namespace)}?${new URLSearchParams({ ...OURS, ...page })}`;
      return parsePodList(await transport.json({ method: 'GET', path }));
    },
    watch: ({ namespace, resourceVersion, timeoutSeconds, signal }) => {
      const query = new URLSearchParams({
        ...OURS,
        watch: '1',
        allowWatchBookmarks: 'true',
        resourceVersion,
        timeoutSeconds: `${timeoutSeconds}`,
      });
      return transport.stream({ method: 'GET', path: `${podsOf(namespace)}?${query}`, signal });
    },
    remove: async (pod, gracePeriodSeconds) => {
      const body = {
        preconditions: { uid: pod.metadata.uid },
        ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
      };
      await unlessGone(transport.json({ method: 'DELETE', path: pathOf(pod.metadata), body }));
    },
    release: async (pod) => {
      if (!pod.metadata.finalizers.includes(FINALIZER)) return;
      const { uid } = pod.metadata;
      const body = { metadata: { uid, '$deleteFromPrimitiveList/finalizers': [FINALIZER] } };
      const contentType = 'application/strategic-merge-patch+json';
      const path = pathOf(pod.metadata);
      await unlessGone(transport.json({ method: 'PATCH', path, body, contentType }));
    },
    events: async ({ metadata: { namespace, uid } }) => {
      const query = new URLSearchParams({ fieldSelector: `involvedObject.uid=${uid}` });
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/events?${query}`;
      return eventList.parse(await transport.json({ method: 'GET', path })).items;
    },
    node: async (name) => {
      const path = `/api/v1/nodes/${encodeURIComponent(name)}`;
      const known = nodes.get(name) ?? {
        node: await allowed(transport.json({ method: 'GET', path })),
      };
      nodes.set(name, known, { noUpdateTTL: true });
      return known.node;
    },
    mayDo: async (verb, namespace) => {
      const [apiVersion, kind] = ['authorization.k8s.io/v1', 'SelfSubjectAccessReview'];
      const spec = { resourceAttributes: { verb, namespace, resource: 'pods' } };
      const path = `/apis/${apiVersion}/selfsubjectaccessreviews`;
      const body = { apiVersion, kind, spec };
      return review.parse(await transport.json({ method: 'POST', path, body })).status.allowed;
    },
    log: (name, { container, follow, limitBytes, signal }) => {
      const query = new URLSearchParams({
        container,
        ...(follow ? { follow: 'true' } : {}),
        ...(limitBytes === undefined ? {} : { limitBytes: `${limitBytes}` }),
      });
      const path = `${pathOf(name)}/log?${query}`;
      return transport.stream({ method: 'GET', path, ...(signal ? { signal } : {}) });
    },
  };
}

const OURS = { labelSelector: `${MARKS.byProw}=true` };

function podsOf(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
}

function pathOf({ namespace, name }: PodName): string {
  return `${podsOf(namespace)}/${encodeURIComponent(name)}`;
}

/** A pod that is gone, or another one by now, is as good as deleted. */
async function unlessGone(asked: Promise<unknown>): Promise<void> {
  try {
    await asked;
  } catch (error) {
    if (!isMissing(error) && !isConflict(error)) throw error;
  }
}

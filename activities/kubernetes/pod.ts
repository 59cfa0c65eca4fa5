import { z } from 'zod';

const containerState = z.object({
  waiting: z.object({ reason: z.string().default(''), message: z.string().default('') }).optional(),
  running: z.object({ startedAt: z.string().nullish() }).optional(),
  terminated: z
    .object({
      exitCode: z.number(),
      reason: z.string().default(''),
      finishedAt: z.string().nullish(),
    })
    .optional(),
});

const containerStatus = z.object({ name: z.string(), state: containerState.default({}) });

const specContainer = z.object({ name: z.string(), restartPolicy: z.string().optional() });

const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    creationTimestamp: z.string(),
    deletionTimestamp: z.string().optional(),
    deletionGracePeriodSeconds: z.number().optional(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
    finalizers: z.array(z.string()).default([]),
  }),
  spec: z.object({
    nodeName: z.string().default(''),
    containers: z.array(specContainer),
    initContainers: z.array(specContainer).default([]),
  }),
  status: z
    .object({
      phase: z.string().default(''),
      reason: z.string().default(''),
      message: z.string().default(''),
      startTime: z.string().nullish(),
      conditions: z
        .array(z.object({ type: z.string(), status: z.string(), reason: z.string().default('') }))
        .default([]),
      initContainerStatuses: z.array(containerStatus).default([]),
      containerStatuses: z.array(containerStatus).default([]),
    })
    .prefault({}),
});

/** As much of a pod as we read. */
export type Pod = z.infer<typeof podSchema>;

/** One container's state. */
export type ContainerStatus = z.infer<typeof containerStatus>;

/** Reads a pod that the API answered. */
export function parsePod(value: unknown): Pod {
  return podSchema.parse(value);
}

const podList = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().optional() }),
  items: z.array(podSchema),
});

/** A page of a listing. */
export type PodList = z.infer<typeof podList>;

/** Reads a listing of pods. */
export function parsePodList(value: unknown): PodList {
  return podList.parse(value);
}

/** Labels and annotations that say whose pod it is. */
export const MARKS = {
  run: 'prow.k8s.io/id',
  buildId: 'prow.k8s.io/build-id',
  /** Ours: only pods with it are ours to tell of and to delete. */
  attempt: 'bowsprit/attempt',
  byProw: 'created-by-prow',
} as const;

/** Keeps a pod until its end was seen; Prow's name, so that Prow's tools know it. */
export const FINALIZER = 'prow.x-k8s.io/gcsk8sreporter';

/** Which attempt of which run a pod is; nothing if it is no pod of ours. */
export function attemptOf(
  pod: Pod,
): { readonly uuid: string; readonly attempt: number; readonly buildId: string } | undefined {
  const { labels, annotations } = pod.metadata;
  const attempt = Number(annotations[MARKS.attempt]);
  const uuid = labels[MARKS.run];
  const buildId = labels[MARKS.buildId];
  if (!Number.isInteger(attempt) || uuid === undefined || buildId === undefined) return undefined;
  return { uuid, attempt, buildId };
}

/** Whether any container of the pod runs, or did. */
export function hasContainers({ status }: Pod): boolean {
  return [...status.initContainerStatuses, ...status.containerStatuses].some(
    ({ state }) => state.running !== undefined || state.terminated !== undefined,
  );
}

/** Whether its containers have ended for good. */
export function hasPhaseOfEnd({ status }: Pod): boolean {
  return status.phase === 'Succeeded' || status.phase === 'Failed';
}

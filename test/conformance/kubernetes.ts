import { ApiextensionsV1Api, CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';
import { type PodHand, takeHand } from '../activities/kubernetes/hand-driven.ts';
import { startApiOnly } from '../cluster/api-only.ts';
import { until } from '../system/until.ts';

const GROUP = 'prow.k8s.io';

const LISTING = { group: GROUP, version: 'v1', namespace: 'default', plural: 'prowjobs' };

/** Prow's run records; what is in them is Prow's business. */
const PROW_JOBS = {
  metadata: {
    name: `prowjobs.${GROUP}`,
    annotations: { 'api-approved.kubernetes.io': 'unapproved, a test' },
  },
  spec: {
    group: GROUP,
    scope: 'Namespaced',
    names: { kind: 'ProwJob', listKind: 'ProwJobList', plural: 'prowjobs', singular: 'prowjob' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: { type: 'object', x_kubernetes_preserve_unknown_fields: true },
        },
      },
    ],
  },
};

/** A Kubernetes API that knows Prow's run records: one for all systems, each with a namespace for its pods. */
export interface Kubernetes {
  readonly kubeconfig: string;
  /** A hand on the pods of a new namespace. */
  handIn(namespace: string): Promise<PodHand>;
  /** All run records. */
  prowJobs(): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts one. */
export async function startKubernetes(): Promise<Kubernetes> {
  const plane = await startApiOnly();
  try {
    const config = new KubeConfig();
    config.loadFromFile(plane.kubeconfig);
    const types = config.makeApiClient(ApiextensionsV1Api);
    await types.createCustomResourceDefinition({ body: PROW_JOBS });
    const records = config.makeApiClient(CustomObjectsApi);
    const prowJobs = (): Promise<unknown> => records.listNamespacedCustomObject(LISTING);
    const served = (): Promise<boolean> =>
      prowJobs().then(
        () => true,
        () => false,
      );
    await until('the type of run records to be served', 20_000, served);
    const handIn = (namespace: string): Promise<PodHand> => takeHand(plane, namespace);
    return { kubeconfig: plane.kubeconfig, handIn, prowJobs, stop: plane.stop };
  } catch (error) {
    await plane.stop();
    throw error;
  }
}

import { ApiextensionsV1Api, CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';
import { startApiOnly } from '../cluster/api-only.ts';
import type { ControlPlane } from '../cluster/control-plane.ts';
import { until } from '../system/until.ts';

const GROUP = 'prow.k8s.io';

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
          openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        },
      },
    ],
  },
};

/** A Kubernetes API that knows Prow's run records. */
export async function startKubernetes(): Promise<ControlPlane> {
  const plane = await startApiOnly();
  try {
    const config = new KubeConfig();
    config.loadFromFile(plane.kubeconfig);
    const types = config.makeApiClient(ApiextensionsV1Api);
    await types.createCustomResourceDefinition({ body: PROW_JOBS });
    const records = config.makeApiClient(CustomObjectsApi);
    await until('the type of run records to be served', 20_000, () =>
      records
        .listNamespacedCustomObject({
          group: GROUP,
          version: 'v1',
          namespace: 'default',
          plural: 'prowjobs',
        })
        .then(
          () => true,
          () => false,
        ),
    );
    return plane;
  } catch (error) {
    await plane.stop();
    throw error;
  }
}

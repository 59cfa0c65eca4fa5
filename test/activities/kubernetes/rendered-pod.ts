import type { RenderedPod } from '../../../activities/rendered-run.ts';
import { NAMESPACE } from './hand-driven.ts';

/** An undecorated run's pod. */
export function renderedPod(change: {
  readonly uuid: string;
  readonly buildId: string;
  readonly namespace?: string;
  readonly spec?: object;
}): RenderedPod {
  const { uuid, buildId, namespace = NAMESPACE } = change;
  const labels = {
    'created-by-prow': 'true',
    'prow.k8s.io/id': uuid,
    'prow.k8s.io/build-id': buildId,
  };
  const spec = {
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: 1,
    containers: [{ name: 'test', image: 'localhost/busybox:1' }],
    ...change.spec,
  };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: uuid, namespace, labels }, spec };
}

import { KubeConfig } from '@kubernetes/client-node';
import type { BuildCluster } from '../../../activities/kubernetes/build-clusters.ts';
import { type Pod, parsePod } from '../../../activities/kubernetes/pod.ts';
import { createPodApi, type PodApi } from '../../../activities/kubernetes/pod-api.ts';
import { createTransport, type Transport } from '../../../activities/kubernetes/transport.ts';
import type { ControlPlane } from '../../cluster/control-plane.ts';
import { until } from '../../system/until.ts';

/** A hand on the pods of a cluster without a node: it plays scheduler and kubelet. */
export interface PodHand {
  readonly api: PodApi;
  readonly transport: Transport;
  readonly namespace: string;
  /** Gives the pod a node. */
  bind(name: string): Promise<void>;
  /** Writes the pod's status, as its kubelet would. */
  say(name: string, status: object): Promise<Pod>;
  /** The pod's only container ended so. */
  end(name: string, exitCode: number): Promise<Pod>;
  /** The kubelet has seen to a deletion. */
  bury(name: string): Promise<void>;
  read(name: string): Promise<Pod | undefined>;
  /** Asks the API to evict it. */
  evict(name: string): Promise<void>;
  /** Waits until the namespace's service account is there, which its controller makes. */
  mayHavePods(): Promise<void>;
  /** Limits what the namespace may hold, or no more; as its controller would. */
  setQuota(hard: Readonly<Record<string, string>> | undefined): Promise<void>;
}

/** The namespace of hand-driven pods, unless a test has several. */
export const NAMESPACE = 'test-pods';

/** A cluster as an executor knows it, with other credentials if asked. */
export function buildCluster(
  { url, credentials }: ControlPlane,
  { token = credentials.tokens.admin }: { readonly token?: string } = {},
): BuildCluster {
  const config = new KubeConfig();
  const caData = Buffer.from(credentials.authority).toString('base64');
  config.loadFromClusterAndUser(
    { name: 'test', server: url, caData, skipTLSVerify: false },
    { name: 'user', token },
  );
  return { alias: 'default', config };
}

/** Makes the namespace, too. */
export async function takeHand(plane: ControlPlane, namespace = NAMESPACE): Promise<PodHand> {
  const transport = createTransport(buildCluster(plane));
  const api = createPodApi(transport);
  const path = (name: string): string => `/api/v1/namespaces/${namespace}/pods/${name}`;
  await transport.json({
    method: 'POST',
    path: '/api/v1/namespaces',
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  });
  const say = async (name: string, status: object): Promise<Pod> => {
    const contentType = 'application/merge-patch+json';
    const body = { status };
    return parsePod(
      await transport.json({ method: 'PATCH', path: `${path(name)}/status`, body, contentType }),
    );
  };
  return {
    api,
    transport,
    namespace,
    bind: async (name) => {
      const target = { apiVersion: 'v1', kind: 'Node', name: 'node' };
      const body = { apiVersion: 'v1', kind: 'Binding', metadata: { name }, target };
      await transport.json({ method: 'POST', path: `${path(name)}/binding`, body });
    },
    say,
    end: async (name, exitCode) => {
      const finishedAt = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
      const state = { terminated: { exitCode, finishedAt, startedAt: finishedAt } };
      return say(name, {
        phase: exitCode === 0 ? 'Succeeded' : 'Failed',
        containerStatuses: [statusOf('test', state)],
      });
    },
    bury: async (name) => {
      const pod = await api.read({ namespace, name });
      if (pod !== undefined) await api.remove(pod, 0);
    },
    read: (name) => api.read({ namespace, name }),
    evict: async (name) => {
      const head = { apiVersion: 'policy/v1', kind: 'Eviction' };
      const body = { ...head, metadata: { name, namespace } };
      await transport.json({ method: 'POST', path: `${path(name)}/eviction`, body });
    },
    mayHavePods: async () => {
      const account = `/api/v1/namespaces/${namespace}/serviceaccounts/default`;
      await until('the default service account', 20_000, () =>
        transport.json({ method: 'GET', path: account }).then(
          () => true,
          () => false,
        ),
      );
    },
    setQuota: async (hard) => {
      const quotas = `/api/v1/namespaces/${namespace}/resourcequotas`;
      if (hard === undefined) {
        await transport.json({ method: 'DELETE', path: `${quotas}/limit` });
        return;
      }
      const head = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'limit' } };
      await transport.json({ method: 'POST', path: quotas, body: { ...head, spec: { hard } } });
      const used = Object.fromEntries(Object.keys(hard).map((name) => [name, '0']));
      await transport.json({
        method: 'PATCH',
        path: `${quotas}/limit/status`,
        body: { status: { hard, used } },
        contentType: 'application/merge-patch+json',
      });
    },
  };
}

/** One container's status as the API wants it. */
export function statusOf(name: string, state: object): object {
  return { name, image: 'x', imageID: '', ready: false, restartCount: 0, state };
}

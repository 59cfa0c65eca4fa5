import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { stateOfCluster } from '../../activities/kubernetes/cluster-state.ts';
import { createKubernetesExecutor } from '../../activities/kubernetes/kubernetes-executor.ts';
import { createPodApi } from '../../activities/kubernetes/pod-api.ts';
import { podApis } from '../../activities/kubernetes/pod-apis.ts';
import { createTransport, type Transport } from '../../activities/kubernetes/transport.ts';
import { openStorage } from '../../activities/storage/open-storage.ts';
import { parseConfig } from '../../config/parse.ts';
import { tellClusterStates } from '../../workers/cluster-states.ts';
import { buildCluster } from '../activities/kubernetes/hand-driven.ts';
import { renderedPod } from '../activities/kubernetes/rendered-pod.ts';
import { attemptOf, practice } from '../activities/local/practice.ts';
import { startApiOnly } from '../cluster/api-only.ts';
import type { ControlPlane } from '../cluster/control-plane.ts';
import { describeWith } from '../tools.ts';

const FOLDER = join(import.meta.dirname, '../../deploy/kubernetes');
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));

const manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
});
type Manifest = z.infer<typeof manifest>;

const PLURALS: Readonly<Record<string, string>> = {
  Namespace: 'namespaces',
  ConfigMap: 'configmaps',
  ServiceAccount: 'serviceaccounts',
  Service: 'services',
  Deployment: 'deployments',
  Role: 'roles',
  RoleBinding: 'rolebindings',
};

function manifestsIn(file: string): readonly Manifest[] {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  return parseAllDocuments(text).map((document) => manifest.parse(document.toJS()));
}

function collectionOf({ apiVersion, kind, metadata: { namespace } }: Manifest): string {
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${group}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${PLURALS[kind]}`;
}

describeWith(['git', 'kubernetes-api'], 'the manifests', () => {
  let plane: ControlPlane;
  let admin: Transport;
  const tokens = new Map<string, string>();
  const make = (body: Manifest, query = ''): Promise<unknown> =>
    admin.json({ method: 'POST', path: `${collectionOf(body)}${query}`, body });

  beforeAll(async () => {
    plane = await startApiOnly();
    admin = createTransport(buildCluster(plane));
    const all = FILES.filter((name) => name !== 'jobs-events.yaml').flatMap(manifestsIn);
    const order = ['Namespace', 'ServiceAccount', 'Role', 'RoleBinding'];
    for (const kind of order) {
      for (const one of all.filter((other) => other.kind === kind)) await make(one);
    }
    for (const account of ['bowsprit-worker', 'bowsprit-gateway']) {
      const path = `/api/v1/namespaces/bowsprit/serviceaccounts/${account}/token`;
      const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
      const { status } = z
        .object({ status: z.object({ token: z.string() }) })
        .parse(await admin.json({ method: 'POST', path, body }));
      tokens.set(account, status.token);
    }
  }, 180_000);
  afterAll(() => plane?.stop());

  const as = (account: string): Transport =>
    createTransport(buildCluster(plane, { token: tokens.get(account) ?? '' }));

  test.for(FILES)('%s would be taken by the API server, strictly', async (file) => {
    for (const one of manifestsIn(file)) {
      const path = `${collectionOf(one)}?dryRun=All&fieldValidation=Strict`;
      const asked = admin.json({ method: 'POST', path, body: one });
      // What is there already was made of the same text.
      await asked.catch((error: unknown) => expect(String(error)).toContain('already exists'));
    }
  });

  describe('the worker', () => {
    test('may do all that a run takes: create, find, read, release, stop', async () => {
      const given = practice();
      const api = createPodApi(as('bowsprit-worker'));
      const executor = createKubernetesExecutor({
        api,
        render: async ({ uuid }) =>
          given.render(['true'], {
            pod: (buildId) => renderedPod({ uuid, buildId, namespace: 'test-pods' }),
          }),
        openStorage,
        volumePatience: 0,
      });
      const attempt = attemptOf(given);

      expect(await executor.startRun(attempt)).toMatchObject({ phase: 'waiting' });
      expect(await executor.observeRun(attempt)).toMatchObject({ phase: 'waiting' });
      expect((await api.list('test-pods')).items).toHaveLength(1);
      await executor.settleRun(attempt);
      await executor.stopRun(attempt);

      expect((await api.list('test-pods')).items).toEqual([]);
    });

    test('without the right to events a pod in trouble is only slower to say so', async () => {
      const given = practice();
      const executor = createKubernetesExecutor({
        api: createPodApi(as('bowsprit-worker')),
        render: async ({ uuid }) =>
          given.render(['true'], {
            pod: (buildId) => renderedPod({ uuid, buildId, namespace: 'test-pods' }),
          }),
        openStorage,
        volumePatience: 0,
      });
      const attempt = attemptOf(given);
      await executor.startRun(attempt);
      const status = { phase: 'Pending', startTime: '2026-01-01T00:00:00Z' };
      const path = `/api/v1/namespaces/test-pods/pods/${attempt.run.uuid}/status`;
      const contentType = 'application/merge-patch+json';
      await admin.json({ method: 'PATCH', path, body: { status }, contentType });

      expect(await executor.observeRun(attempt)).toMatchObject({ phase: 'waiting' });
      await executor.stopRun(attempt);
    });
  });

  test.for([
    ['bowsprit-worker', 'test-pods', 'Reachable'],
    ['bowsprit-worker', 'default', 'MissingPermissions'],
    ['bowsprit-gateway', 'test-pods', 'MissingPermissions'],
  ] as const)('how the cluster is for %s in %s: %s', async ([account, namespace, state]) => {
    expect(await stateOfCluster(createPodApi(as(account)), namespace)).toBe(state);
  });

  test('how the clusters are is written where the configuration says', async () => {
    const { storage, storageUrl } = practice();
    const { prow } = parseConfig({
      config: {
        name: 'config.yaml',
        text: 'pod_namespace: test-pods\nplank: { build_cluster_status_file: gs://ci/states.json }',
      },
      jobs: [],
    });
    const { config } = buildCluster({ ...plane, url: 'https://127.0.0.1:9' });
    const apis = [createPodApi(as('bowsprit-worker')), podApis()({ alias: 'gone', config })];
    const asked: string[] = [];
    const duty = tellClusterStates({
      apis: () => apis,
      prow: async () => prow,
      openStorage: (url) => {
        asked.push(url);
        return openStorage(storageUrl);
      },
      onError: (error) => {
        throw error;
      },
    });

    await expect
      .poll(async () => Buffer.from((await storage.read('states.json')) ?? []).toString(), {
        timeout: 15_000,
      })
      .toBe('{"default":"Reachable","gone":"Error"}');
    expect(asked).toEqual(['gs://ci']);
    await duty.close();
  });

  const jobs = '/api/v1/namespaces/test-pods';
  const home = '/api/v1/namespaces/bowsprit';
  test.for([
    ['bowsprit-worker', 'GET', `${jobs}/secrets`],
    ['bowsprit-worker', 'GET', `${jobs}/configmaps`],
    ['bowsprit-worker', 'GET', `${jobs}/events`],
    ['bowsprit-worker', 'POST', `${jobs}/pods/x/exec?command=sh`],
    ['bowsprit-worker', 'POST', `${jobs}/pods/x/attach`],
    ['bowsprit-worker', 'POST', `${jobs}/pods/x/portforward`],
    ['bowsprit-worker', 'POST', `${jobs}/pods/x/ephemeralcontainers`],
    ['bowsprit-worker', 'POST', `${jobs}/serviceaccounts/default/token`],
    ['bowsprit-worker', 'PATCH', `${jobs}/pods/x/status`],
    ['bowsprit-worker', 'POST', `${jobs}/secrets`],
    ['bowsprit-worker', 'DELETE', `${jobs}/pods`],
    ['bowsprit-worker', 'POST', '/apis/apps/v1/namespaces/test-pods/deployments'],
    ['bowsprit-worker', 'POST', '/apis/batch/v1/namespaces/test-pods/jobs'],
    ['bowsprit-worker', 'POST', '/apis/rbac.authorization.k8s.io/v1/namespaces/test-pods/roles'],
    ['bowsprit-worker', 'GET', '/api/v1/nodes'],
    ['bowsprit-worker', 'GET', '/api/v1/namespaces'],
    ['bowsprit-worker', 'GET', '/api/v1/pods'],
    ['bowsprit-worker', 'GET', `${home}/pods`],
    ['bowsprit-worker', 'GET', `${home}/secrets/github-token`],
    ['bowsprit-worker', 'POST', '/api/v1/namespaces/default/pods'],
    ['bowsprit-gateway', 'POST', `${jobs}/pods`],
    ['bowsprit-gateway', 'GET', `${jobs}/pods`],
    ['bowsprit-gateway', 'DELETE', `${jobs}/pods/x`],
    ['bowsprit-gateway', 'GET', `${jobs}/secrets`],
  ] as const)('%s may not %s %s', async ([account, method, path]) => {
    const body = method === 'GET' || method === 'DELETE' ? {} : { body: {} };
    const contentType = method === 'PATCH' ? { contentType: 'application/merge-patch+json' } : {};

    const asked = as(account).json({ method, path, ...body, ...contentType });

    await expect(asked).rejects.toMatchObject({ name: 'ClusterRefusal', status: 403 });
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { freePort } from '../../workers/provision/ports.ts';
import { type OwnedProcess, spawnOwned } from '../../workers/provision/process.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { writeKubeconfig } from './credentials.ts';
import { basicImages } from './images.ts';
import { clearNode, startNode, type TestNode } from './node.ts';
import { NODE_NAME } from './node-files.ts';
import { programPath } from './programs.ts';
import { abandonedRunFolders, makeRunFolder, removeRunFolder } from './run-folder.ts';
import { askApi, waitUntil } from './waiting.ts';

/** A whole Kubernetes of one node, on 127.0.0.1. */
export interface Cluster extends ControlPlane {
  /** The host as pods see it that are not on the host's network. */
  readonly hostAddress: string;
}

const NODE_LIMIT_MS = 120_000;

/**
 * Starts a Kubernetes whose node runs pods. Pods use the images `localhost/busybox:1` and those given
 * (archives of `writeImage`); what must reach 127.0.0.1 asks for the host's network. Any number at once.
 * Needs the tool `kubernetes-node`.
 */
export async function startCluster(images: readonly string[] = []): Promise<Cluster> {
  await clearAbandoned();
  const all = [...(await basicImages()), ...images];
  const folder = makeRunFolder();
  const started: (() => Promise<void>)[] = [async () => removeRunFolder(folder)];
  const stop = async (): Promise<void> => {
    for (const end of started.reverse()) await end();
    started.length = 0;
  };
  try {
    const plane = await startControlPlane(folder, { controllers: true });
    started.push(() => plane.stop());
    const controllers = await startControllers(plane);
    started.push(async () => {
      await Promise.all(controllers.map((one) => one.stop(1_000)));
    });
    const node = await startNode(plane, all);
    started.push(() => node.stop());
    await nodeIsReady(plane, node, controllers);
    return { ...plane, hostAddress: `${node.network.prefix}.1`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Controllers give the default service accounts, the scheduler gives nodes to pods. */
async function startControllers(plane: ControlPlane): Promise<readonly OwnedProcess[]> {
  const { credentials, folder, url } = plane;
  const start = async (
    program: 'kube-controller-manager' | 'kube-scheduler',
    kubeconfig: string,
    args: readonly string[],
  ) => {
    const who = ['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig'];
    const common = [
      ...who.map((name) => `--${name}=${kubeconfig}`),
      '--bind-address=127.0.0.1',
      `--secure-port=${await freePort()}`,
      `--cert-dir=${join(folder, program)}`,
      '--leader-elect=false',
      '--profiling=false',
    ];
    const log = join(folder, 'logs', `${program}.log`);
    return spawnOwned(programPath(program), [...common, ...args], { name: program, log });
  };
  return [
    await start('kube-controller-manager', writeKubeconfig(credentials, 'controllers', url), [
      '--use-service-account-credentials=true',
      `--service-account-private-key-file=${credentials.file('accounts.key')}`,
      `--root-ca-file=${credentials.file('ca.crt')}`,
      // At its usual pace the first service account would take five seconds.
      '--kube-api-qps=300',
      '--kube-api-burst=600',
    ]),
    await start('kube-scheduler', writeKubeconfig(credentials, 'scheduler', url), []),
  ];
}

const nodeSchema = z.object({
  spec: z.object({ taints: z.array(z.unknown()).optional() }),
  status: z.object({
    conditions: z.array(z.object({ type: z.string(), status: z.string() })).optional(),
  }),
});

async function nodeIsReady(
  plane: ControlPlane,
  node: TestNode,
  controllers: readonly OwnedProcess[],
): Promise<void> {
  const { authority, tokens } = plane.credentials;
  const read = (path: string) =>
    askApi({ url: `${plane.url}/api/v1/${path}`, authority, token: tokens.admin });
  const limits = { limitMs: NODE_LIMIT_MS, processes: [node.process, ...controllers] };
  await waitUntil(async () => isReady((await read(`nodes/${NODE_NAME}`))?.text), {
    ...limits,
    what: 'the node is ready',
  });
  const account = 'namespaces/default/serviceaccounts/default';
  await waitUntil(async () => (await read(account))?.status === 200, {
    ...limits,
    what: 'pods may be made',
  });
}

function isReady(text: string | undefined): boolean {
  const node = nodeSchema.safeParse(text === undefined ? undefined : JSON.parse(text));
  if (!node.success) return false;
  const { spec, status } = node.data;
  const ready = status.conditions?.some((one) => one.type === 'Ready' && one.status === 'True');
  return ready === true && (spec.taints ?? []).length === 0;
}

/** Bridges and cgroups of clusters whose tests were killed; their processes ended with them. */
async function clearAbandoned(): Promise<void> {
  for (const folder of abandonedRunFolders()) {
    const bridge = bridgeOf(folder);
    if (bridge !== '') await clearNode(bridge);
    removeRunFolder(folder);
  }
}

function bridgeOf(folder: string): string {
  try {
    return readFileSync(join(folder, 'bridge'), 'utf8');
  } catch {
    return '';
  }
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../workers/provision/ports.ts';
import { type OwnedProcess, spawnOwned } from '../../workers/provision/process.ts';
import { makeCgroups, removeCgroups } from './cgroups.ts';
import type { ControlPlane } from './control-plane.ts';
import { writeKubeconfig } from './credentials.ts';
import { type ClusterNetwork, makeNetwork, removeNetwork } from './network.ts';
import { writeNodeFiles } from './node-files.ts';

/** A node that runs pods. */
export interface TestNode {
  readonly process: OwnedProcess;
  readonly network: ClusterNetwork;
  stop(): Promise<void>;
}

/** Starts containerd and kubelet in mount and process namespaces of their own. */
export async function startNode(plane: ControlPlane, images: readonly string[]): Promise<TestNode> {
  const folder = join(plane.folder, 'node');
  const network = makeNetwork();
  // Noted at once, for whoever clears up after a killed test.
  writeFileSync(join(plane.folder, 'bridge'), network.bridge);
  makeCgroups(network.bridge);
  const init = writeNodeFiles({
    folder,
    network,
    cgroup: network.bridge,
    kubeconfig: writeKubeconfig(plane.credentials, 'node', plane.url),
    authorityFile: plane.credentials.file('ca.crt'),
    ports: { kubelet: await freePort(), health: await freePort() },
    images,
  });
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const process = await spawnOwned('unshare', [...namespaces, '--propagation', 'private', init], {
    name: 'node',
    log: join(plane.folder, 'logs', 'node.log'),
  });
  return {
    process,
    network,
    stop: async () => {
      // Whoever ends the first process of the namespace ends all that is in it.
      await process.stop(0);
      await clearNode(network.bridge);
    },
  };
}

/** Takes away what a node leaves on the machine: its bridge and its cgroups. */
export async function clearNode(bridge: string): Promise<void> {
  await removeCgroups(bridge);
  removeNetwork(bridge);
}

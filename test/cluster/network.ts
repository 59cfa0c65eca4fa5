import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A cluster's own bridge and addresses; its number also names its cgroups. */
export interface ClusterNetwork {
  readonly number: number;
  readonly bridge: string;
  /** First three numbers of all addresses; the host is `.1`. */
  readonly prefix: string;
}

const NAME = 'bowsprit';
const MOST = 200;

/** Takes the first number that nobody has: who could make the bridge owns it. */
export function makeNetwork(): ClusterNetwork {
  for (let number = 1; number <= MOST; number += 1) {
    const network = { number, bridge: `${NAME}${number}`, prefix: `10.87.${number}` };
    if (!ip('link', 'add', network.bridge, 'type', 'bridge')) continue;
    ip('addr', 'add', `${network.prefix}.1/24`, 'dev', network.bridge);
    ip('link', 'set', network.bridge, 'up');
    return network;
  }
  throw new Error(`no bridge can be made: \`ip link add ${NAME}1 type bridge\` says why`);
}

/** Takes the bridge away. */
export function removeNetwork(bridge: string): void {
  ip('link', 'del', bridge);
}

/** Tells the runtime's plugins: addresses on the bridge, and no way out of it. */
export function writeNetworkConfig(folder: string, { bridge, prefix }: ClusterNetwork): void {
  rmSync(join(folder, 'addresses'), { recursive: true, force: true });
  mkdirSync(join(folder, 'plugins.d'), { recursive: true });
  const ranges = [
    [{ subnet: `${prefix}.0/24`, rangeStart: `${prefix}.10`, gateway: `${prefix}.1` }],
  ];
  const ipam = {
    type: 'host-local',
    dataDir: join(folder, 'addresses'),
    ranges,
    routes: [{ dst: '0.0.0.0/0', gw: `${prefix}.1` }],
  };
  const plugin = { type: 'bridge', bridge, isGateway: false, ipMasq: false, ipam };
  const list = { cniVersion: '1.0.0', name: bridge, plugins: [plugin] };
  writeFileSync(join(folder, 'plugins.d', '10-bridge.conflist'), JSON.stringify(list));
}

function ip(...args: readonly string[]): boolean {
  try {
    execFileSync('ip', [...args], { stdio: 'ignore', timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

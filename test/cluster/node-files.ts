import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { debianRoot } from './debian.ts';
import { type ClusterNetwork, writeNetworkConfig } from './network.ts';
import { programPath } from './programs.ts';

/** What a node is told. */
export interface NodeSetting {
  readonly folder: string;
  readonly network: ClusterNetwork;
  readonly cgroup: string;
  readonly kubeconfig: string;
  /** File of the authority whose clients the kubelet believes. */
  readonly authorityFile: string;
  readonly ports: { readonly kubelet: number; readonly health: number };
  /** Archives of the images that its pods can use. */
  readonly images: readonly string[];
}

/** The node's name, and with that its address. */
export const NODE_NAME = '127.0.0.1';

/** Sysctls that the kubelet would set for the whole machine: it is shown these instead. */
const SHOWN_SYSCTLS = {
  'vm/overcommit_memory': '1',
  'vm/panic_on_oom': '0',
  'kernel/panic': '10',
  'kernel/panic_on_oops': '1',
  'kernel/keys/root_maxkeys': '1000000',
  'kernel/keys/root_maxbytes': '25000000',
} as const;

/** Writes all files of a node; the path of its first program. */
export function writeNodeFiles(setting: NodeSetting): string {
  const { folder } = setting;
  for (const name of ['sysctl', 'pods', 'volume-plugins', 'kubelet', 'containerd-plugins']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  for (const [path, value] of Object.entries(SHOWN_SYSCTLS)) {
    writeFileSync(join(folder, 'sysctl', path.replaceAll('/', '.')), `${value}\n`);
  }
  writeFileSync(join(folder, 'resolv.conf'), 'nameserver 127.0.0.1\n');
  writeNetworkConfig(join(folder, 'network'), setting.network);
  writeFileSync(join(folder, 'containerd.toml'), containerdConfig(folder));
  writeFileSync(join(folder, 'kubelet.json'), JSON.stringify(kubeletConfig(setting)));
  const init = join(folder, 'init.sh');
  writeFileSync(init, initScript(setting), { mode: 0o755 });
  return init;
}

/** Socket of the node's container runtime. */
function socketOf(folder: string): string {
  return join(folder, 'containerd.sock');
}

function containerdConfig(folder: string): string {
  const root = debianRoot();
  return `version = 2
root = "${folder}/containerd"
state = "${folder}/containerd-state"
disabled_plugins = ["io.containerd.internal.v1.tracing", "io.containerd.tracing.processor.v1.otlp", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.aufs"]

[grpc]
  address = "${socketOf(folder)}"

[plugins."io.containerd.internal.v1.opt"]
  path = "${folder}/containerd-plugins"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  # Machines of tests may not lower a score.
  restrict_oom_score_adj = true
  disable_apparmor = true
  netns_mounts_under_state_dir = true
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"

[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "${root}/usr/lib/cni"
  conf_dir = "${folder}/network/plugins.d"

[plugins."io.containerd.grpc.v1.cri".containerd]
  snapshotter = "overlayfs"
  default_runtime_name = "runc"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  BinaryName = "${root}/usr/sbin/runc"
  SystemdCgroup = false
`;
}

function kubeletConfig({ folder, cgroup, authorityFile, ports }: NodeSetting): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: '127.0.0.1',
    port: ports.kubelet,
    readOnlyPort: 0,
    healthzBindAddress: '127.0.0.1',
    healthzPort: ports.health,
    containerRuntimeEndpoint: `unix://${socketOf(folder)}`,
    failCgroupV1: false,
    failSwapOn: false,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${cgroup}`,
    enforceNodeAllocatable: ['pods'],
    oomScoreAdj: 0,
    makeIPTablesUtilChains: false,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: authorityFile },
    },
    authorization: { mode: 'Webhook' },
    resolvConf: join(folder, 'resolv.conf'),
    podLogsDir: join(folder, 'pods'),
    volumePluginDir: join(folder, 'volume-plugins'),
    // An image that is collected cannot be had again: there is no registry.
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    evictionHard: {
      'memory.available': '100Mi',
      'nodefs.available': '200Mi',
      'imagefs.available': '200Mi',
    },
    maxPods: 200,
  };
}

/** The first process of the node's own namespaces: with it all containers and mounts end. */
function initScript({ folder, kubeconfig, images }: NodeSetting): string {
  const root = debianRoot();
  const ctr = `ctr -a ${socketOf(folder)}`;
  const imports = images.map((archive) => `${ctr} -n k8s.io images import ${archive}`);
  return `#!/bin/bash
# Paths that kubelet and runtime insist on are the node's own.
for place in /run /var/lib /var/log; do mount -t tmpfs tmpfs $place; done
mkdir -p /run/lock
for file in ${folder}/sysctl/*; do name=$(basename $file); mount --bind $file /proc/sys/\${name//.//}; done
mount --make-rshared /
export PATH=${root}/usr/bin:${root}/usr/sbin:/usr/sbin:/usr/bin:/sbin:/bin
containerd -c ${folder}/containerd.toml >${folder}/containerd.log 2>&1 &
until ${ctr} version >/dev/null 2>&1; do sleep 0.05; done
${imports.join('\n')}
${programPath('kubelet')} --config=${folder}/kubelet.json --kubeconfig=${kubeconfig} \\
  --hostname-override=${NODE_NAME} --root-dir=${folder}/kubelet --cert-dir=${folder}/kubelet-keys &
trap : TERM
while :; do wait -n || true; sleep 1; done
`;
}

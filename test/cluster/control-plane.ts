import { join } from 'node:path';
import { freePort } from '../../workers/provision/ports.ts';
import { type OwnedProcess, spawnOwned } from '../../workers/provision/process.ts';
import { type Credentials, issueCredentials, writeKubeconfig } from './credentials.ts';
import { programPath } from './programs.ts';
import { askApi, waitUntil } from './waiting.ts';

/** The API of a cluster: etcd and kube-apiserver on 127.0.0.1. */
export interface ControlPlane {
  readonly url: string;
  readonly credentials: Credentials;
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly folder: string;
  /** Kills the API server, as a crash would; what is stored stays. */
  crash(): Promise<void>;
  /** Starts the API server again, at its old address. */
  recover(): Promise<void>;
  stop(): Promise<void>;
}

const READY_LIMIT_MS = 90_000;

/** Starts it in a run folder. Without controllers nobody makes service accounts: then none are asked for. */
export async function startControlPlane(
  folder: string,
  { controllers }: { readonly controllers: boolean },
): Promise<ControlPlane> {
  const [etcdPort, peerPort, apiPort] = [await freePort(), await freePort(), await freePort()];
  const credentials = issueCredentials(join(folder, 'credentials'));
  const url = `https://127.0.0.1:${apiPort}`;
  const kubeconfig = writeKubeconfig(credentials, 'admin', url);
  const log = (name: string): string => join(folder, 'logs', `${name}.log`);
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const etcd = await spawnOwned(
    programPath('etcd'),
    etcdArguments(etcdUrl, `http://127.0.0.1:${peerPort}`, join(folder, 'etcd')),
    { name: 'etcd', log: log('etcd') },
  );
  const args = apiArguments({ credentials, etcdUrl, apiPort, controllers });
  const startApi = () =>
    spawnOwned(programPath('kube-apiserver'), args, {
      name: 'kube-apiserver',
      log: log('kube-apiserver'),
    });
  let api = await startApi();
  const isReady = (processes: readonly OwnedProcess[]) =>
    waitUntil(async () => (await ready(url, credentials))?.status === 200, {
      what: 'the API is ready',
      limitMs: READY_LIMIT_MS,
      processes,
    });
  const stop = async (): Promise<void> => {
    await api.stop(3_000);
    await etcd.stop(3_000);
  };
  await isReady([etcd, api]).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    url,
    credentials,
    kubeconfig,
    folder,
    crash: async () => void (await api.stop(0)),
    recover: async () => {
      api = await startApi();
      await isReady([etcd, api]);
    },
    stop,
  };
}

function ready(url: string, { authority }: Credentials) {
  return askApi({ url: `${url}/readyz`, authority });
}

function etcdArguments(client: string, peer: string, folder: string): readonly string[] {
  return [
    '--name=test',
    `--data-dir=${folder}`,
    // Nothing of a test outlives a power cut.
    '--unsafe-no-fsync',
    '--log-level=warn',
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=test=${peer}`,
  ];
}

function apiArguments(setting: {
  readonly credentials: Credentials;
  readonly etcdUrl: string;
  readonly apiPort: number;
  readonly controllers: boolean;
}): readonly string[] {
  const { credentials, etcdUrl, apiPort, controllers } = setting;
  const { file } = credentials;
  return [
    `--etcd-servers=${etcdUrl}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${apiPort}`,
    '--advertise-address=127.0.0.1',
    // An endpoint of the loopback would be refused.
    '--endpoint-reconciler-type=none',
    `--tls-cert-file=${file('apiserver.crt')}`,
    `--tls-private-key-file=${file('apiserver.key')}`,
    `--client-ca-file=${file('ca.crt')}`,
    `--token-auth-file=${file('tokens.csv')}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    ...(controllers ? [] : ['--disable-admission-plugins=ServiceAccount']),
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${file('accounts.key')}`,
    `--service-account-signing-key-file=${file('accounts.key')}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    '--allow-privileged=true',
    '--profiling=false',
    `--kubelet-client-certificate=${file('kubelet-client.crt')}`,
    `--kubelet-client-key=${file('kubelet-client.key')}`,
    '--kubelet-preferred-address-types=InternalIP',
  ];
}

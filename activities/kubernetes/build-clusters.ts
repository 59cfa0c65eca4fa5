import { KubeConfig } from '@kubernetes/client-node';

/** A cluster that runs jobs: the alias that jobs call it by, and the way to its API. */
export interface BuildCluster {
  readonly alias: string;
  /** May be another one from one look to the next: credentials change. */
  readonly config: KubeConfig;
}

/** Where build clusters are found. */
export interface ClusterSource {
  /** A file with a context per cluster. */
  readonly kubeconfig?: string;
  /** The cluster that we run in ourselves. */
  readonly inCluster?: boolean;
}

const DEFAULT_ALIAS = 'default';

/**
 * The build clusters by alias, as Prow finds them: every context under its name; `default` is the context
 * of that name, else the cluster that we run in, else the file's current context.
 */
export function loadBuildClusters(source: ClusterSource): ReadonlyMap<string, BuildCluster> {
  const clusters = new Map<string, BuildCluster>();
  const add = (alias: string, config: KubeConfig): void => {
    if (!clusters.has(alias)) clusters.set(alias, { alias, config });
  };
  const file = source.kubeconfig === undefined ? undefined : readKubeconfig(source.kubeconfig);
  for (const { name } of file?.getContexts() ?? []) {
    if (file !== undefined) add(name, inContext(file, name));
  }
  if (source.inCluster) {
    const own = new KubeConfig();
    own.loadFromCluster();
    add(DEFAULT_ALIAS, own);
  }
  if (file !== undefined) add(DEFAULT_ALIAS, file);
  return clusters;
}

/** Names an API and who asks it: the same for aliases that mean one cluster, as `default` and the context that it falls back to. */
export function placeOf({ config }: BuildCluster): string {
  const { server, proxyUrl, tlsServerName } = config.getCurrentCluster() ?? {};
  return JSON.stringify([server, config.getCurrentUser()?.name, proxyUrl, tlsServerName]);
}

function readKubeconfig(path: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(path);
  return config;
}

function inContext(file: KubeConfig, currentContext: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: file.getClusters(),
    users: file.getUsers(),
    contexts: file.getContexts(),
    currentContext,
  });
  return config;
}

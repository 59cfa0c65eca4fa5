import { createConfigStore } from '../activities/active-config.ts';
import { openDatabase } from '../activities/database/database.ts';
import { listen } from '../activities/database/listen.ts';
import { type KnownClusters, knowClusters } from '../activities/kubernetes/known-clusters.ts';
import { podApis } from '../activities/kubernetes/pod-apis.ts';
import { followPodLog } from '../activities/kubernetes/pod-logs.ts';
import { createStorageOpener } from '../activities/storage/open-storage.ts';
import { deliver } from '../activities/tell.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import { buildGateway } from '../gateway/app.ts';
import { createLiveLogs } from '../gateway/live-logs.ts';
import { createLogger } from '../gateway/logger.ts';
import { hmacSecretsFromFile } from '../gateway/webhook/hmac-secrets.ts';
import { plugins } from '../workflows/plugins/index.ts';
import type { GatewayCommandOptions } from './options.ts';
import { stopSignal } from './provision/stop-signal.ts';
import { connectTemporal } from './temporal-client.ts';

/** Serves webhooks and pages until it is asked to stop; the schema is the worker's business. */
export async function runGateway(options: GatewayCommandOptions): Promise<void> {
  const stopped = stopSignal();
  const log = createLogger('hook');
  const database = openDatabase(options.databaseUrl, {
    onIdleError: (error) => log.warn({ err: error }, 'an idle database connection broke'),
  });
  const { client, close } = await connectTemporal(options.temporal);
  const store = createConfigStore(database);
  const refresh = async (): Promise<void> => {
    await store
      .refresh()
      .catch((error: unknown) => log.warn({ err: error }, 'the configuration cannot be read'));
  };
  const changes = listen(database, ({ topic }) => {
    if (topic === 'config' || topic === 'resync') void refresh();
  });
  const clusters = knowClusters(options.clusters);
  const following = clusters.follow({
    onError: (error) => log.error({ err: error }, 'the build clusters are as they were'),
  });
  const liveLogs = podLogs(clusters, () => store.known()?.snapshot);
  const app = buildGateway({
    log,
    database,
    temporal: { signalWithStart: (message) => deliver(client, message) },
    hmac: hmacSecretsFromFile(options.hmacSecretFile, (error) =>
      log.error({ err: error }, 'the webhook secrets cannot be read'),
    ),
    links: {
      temporalUi: namespacePage(options.temporal),
      githubUrl: webUrl(options.github.endpoint),
    },
    snapshot: () => store.known()?.snapshot,
    plugins,
    openStorage: createStorageOpener(options.storageCredentials),
    ...(liveLogs === undefined ? {} : { liveLogs }),
    options: { webhookPath: options.webhookPath },
  });
  await app.listen({ host: options.host, port: options.port });
  await stopped;
  await app.close();
  await liveLogs?.close();
  await following.close();
  await changes.stop();
  await Promise.all([close(), database.close()]);
}

/** Empty where nobody said what the address of Temporal's UI is. */
function namespacePage({ uiUrl, namespace }: GatewayCommandOptions['temporal']): string {
  return uiUrl === undefined ? '' : `${uiUrl.replace(/\/+$/, '')}/namespaces/${namespace}`;
}

/** Nothing where there are no build clusters. */
function podLogs(
  clusters: KnownClusters,
  snapshot: () => ConfigSnapshot | undefined,
): ReturnType<typeof createLiveLogs> | undefined {
  if (clusters.aliases().length === 0) return undefined;
  const apiOf = podApis();
  return createLiveLogs(async ({ run, container }, signal) => {
    const cluster = clusters.get(run.cluster);
    const namespace = snapshot()?.prow.pod_namespace;
    if (cluster === undefined || namespace === undefined) return undefined;
    const { uuid: name, buildId } = run;
    return followPodLog(apiOf(cluster), { namespace, name }, { container, buildId, signal });
  });
}

/** Where people see what the API serves. */
function webUrl(endpoint: string): string {
  if (endpoint === 'https://api.github.com') return 'https://github.com';
  return endpoint.replace(/\/api\/v3$/, '');
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { createPodApi, type PodApi } from '../../activities/kubernetes/pod-api.ts';
import { createTransport } from '../../activities/kubernetes/transport.ts';
import { createStorageOpener } from '../../activities/storage/open-storage.ts';
import type { Storage } from '../../activities/storage/storage.ts';
import { freePort } from '../../workers/provision/ports.ts';
import { buildCluster, NAMESPACE } from '../activities/kubernetes/hand-driven.ts';
import { type Cluster, startCluster } from '../cluster/cluster.ts';
import { type GitHub, startGitHub } from '../github/server.ts';
import { type ObjectServer, s3CredentialsJson, startS3Server } from '../object-stores/servers.ts';
import { UTILITY_IMAGES, utilityImages } from '../pod-utilities/images.ts';
import { type Bowsprit, startBowsprit } from './bowsprit.ts';
import { type Town, townAt } from './town.ts';
import { until } from './until.ts';

/** A run as the list of `/prowjobs.js` shows it. */
export type SeenRun = z.infer<typeof runSchema>;

/** Everything that a decorated run meets: GitHub, a Kubernetes of one node, S3, and Bowsprit. */
export interface PodSite {
  readonly town: Town;
  readonly bowsprit: Bowsprit;
  readonly pages: string;
  readonly bucket: Storage;
  readonly pods: PodApi;
  /** The newest run of a job on a pull request, in one of these states. */
  run(job: string, number: number, states: readonly string[], timeoutMs?: number): Promise<SeenRun>;
  /** An object of a run, by its name below the run's folder. */
  stored(run: SeenRun, name: string): Promise<string>;
  page(path: string): Promise<string>;
  stop(): Promise<void>;
}

const BOT = 'acme-bot';
const SECRET = 'a-secret-of-hooks';
const BUCKET = 'ci-logs';
const REPOSITORY = 'acme/clock';

const runSchema = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    job: z.string(),
    refs: z.object({ pulls: z.array(z.object({ number: z.number() })) }),
  }),
  status: z.object({
    state: z.string(),
    build_id: z.string().default(''),
    url: z.string().default(''),
    description: z.string().default(''),
    startTime: z.string(),
  }),
});

const CONFIG = `
pod_namespace: ${NAMESPACE}
deck:
  skip_storage_path_validation: false
plank:
  pod_pending_timeout: 2m
  default_decoration_configs:
    '*':
      timeout: 5m
      grace_period: 4s
      utility_images: ${JSON.stringify(UTILITY_IMAGES)}
      gcs_configuration: { bucket: s3://${BUCKET}, path_strategy: explicit }
      s3_credentials_secret: s3-credentials
`;
const PLUGINS = `plugins: { ${REPOSITORY}: { plugins: [trigger] } }\n`;

/** Brings all of it up. `jobs` is the text of a file of jobs, given GitHub's address. */
export async function startPodSite(jobs: (github: string) => string): Promise<PodSite> {
  const started: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of started.reverse()) await end();
    started.length = 0;
  };
  try {
    const folder = await mkdtemp(join(tmpdir(), 'bowsprit-pods-'));
    started.push(() => rm(folder, { recursive: true, force: true }));
    const images = await utilityImages();
    const begun = await Promise.allSettled([
      startCluster(images),
      startGitHub(),
      startS3Server([BUCKET]),
    ]);
    const [cluster, github, s3] = begun;
    if (cluster.status === 'fulfilled') started.push(() => cluster.value.stop());
    if (github.status === 'fulfilled') started.push(() => github.value.close());
    if (s3.status === 'fulfilled') started.push(() => s3.value.stop());
    const parts = {
      folder,
      cluster: settledValue(cluster),
      github: settledValue(github),
      s3: settledValue(s3),
    };
    const { pods, credentials } = await prepareCluster(parts);
    const { bowsprit, port } = await startOn(parts, credentials, jobs(parts.github.url));
    started.push(() => bowsprit.stop());
    const open = createStorageOpener({ s3CredentialsFile: credentials });
    const pages = `http://127.0.0.1:${port}`;
    return { ...viewOf(parts.github, pages, open), bowsprit, pods, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function settledValue<Value>(result: PromiseSettledResult<Value>): Value {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

interface Parts {
  readonly folder: string;
  readonly cluster: Cluster;
  readonly github: GitHub;
  readonly s3: ObjectServer;
}

/** The namespace of the pods, and the secrets that they are given. */
async function prepareCluster({ cluster, folder, s3 }: Parts) {
  const transport = createTransport(buildCluster(cluster));
  const make = (path: string, body: object) => transport.json({ method: 'POST', path, body });
  const secret = (name: string, stringData: object) =>
    make(`/api/v1/namespaces/${NAMESPACE}/secrets`, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name },
      stringData,
    });
  const metadata = { name: NAMESPACE };
  await make('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata });
  await secret('s3-credentials', { 'service-account.json': s3CredentialsJson(s3.url) });
  await secret('deploy-key', { key: 'do-not-print-me' });
  const credentials = join(folder, 's3.json');
  await writeFile(credentials, s3CredentialsJson(s3.url), { mode: 0o600 });
  const pods = createPodApi(transport);
  const account = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/default`;
  await until('a service account for pods', 30_000, () =>
    transport.json({ method: 'GET', path: account }).then(
      () => true,
      () => false,
    ),
  );
  return { pods, credentials };
}

async function startOn({ folder, cluster, github }: Parts, credentials: string, jobs: string) {
  const files = { 'config.yaml': CONFIG, 'plugins.yaml': PLUGINS, 'jobs.yaml': jobs };
  const secrets = { token: 'a-token', hmac: SECRET };
  for (const [name, text] of Object.entries({ ...files, ...secrets })) {
    await writeFile(join(folder, name), text);
  }
  const port = await freePort();
  await townAt(github.url, REPOSITORY).seed({
    users: ['ann', 'bob', { login: BOT, type: 'Bot' }],
    tokens: { 'a-token': BOT },
    orgs: {
      acme: {
        members: ['ann', 'bob'],
        hooks: [{ url: `http://127.0.0.1:${port}/hook`, secret: SECRET }],
      },
    },
    repos: [
      {
        name: REPOSITORY,
        files: { 'README.md': 'a clock\n', 'shared.txt': 'one\n' },
        collaborators: { [BOT]: 'admin' },
      },
    ],
  });
  const file = (name: string) => join(folder, name);
  const bowsprit = await startBowsprit({
    args: [
      `--config-path=${file('config.yaml')}`,
      `--plugin-config=${file('plugins.yaml')}`,
      `--job-config-path=${file('jobs.yaml')}`,
      `--github-token-path=${file('token')}`,
      `--hmac-secret-file=${file('hmac')}`,
      `--github-endpoint=${github.url}`,
      `--kubeconfig=${cluster.kubeconfig}`,
      `--s3-credentials-file=${credentials}`,
      `--storage=s3://${BUCKET}`,
      `--port=${port}`,
      '--dry-run=false',
    ],
  });
  await bowsprit.line(/Ctrl-C/, 120_000);
  return { bowsprit, port };
}

function viewOf(github: GitHub, pages: string, open: (url: string) => Storage) {
  const bucket = open(`s3://${BUCKET}`);
  const page = async (path: string): Promise<string> => {
    const answer = await fetch(`${pages}${path}`, { signal: AbortSignal.timeout(20_000) });
    return answer.text();
  };
  const runs = z.object({ items: z.array(runSchema) });
  const run: PodSite['run'] = async (job, number, states, timeoutMs = 90_000) => {
    let seen = 'nothing';
    return until(`${job} on #${number} to be ${states.join(' or ')}`, timeoutMs, async () => {
      const { items } = runs.parse(JSON.parse(await page('/prowjobs.js')));
      const of = items.filter(
        ({ spec }) => spec.job === job && spec.refs.pulls[0]?.number === number,
      );
      const newest = of.toSorted((a, b) => (a.status.startTime < b.status.startTime ? 1 : -1))[0];
      seen = JSON.stringify(newest?.status ?? seen);
      return newest !== undefined && states.includes(newest.status.state) && newest;
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}; last seen: ${seen}`);
    });
  };
  const stored: PodSite['stored'] = async ({ spec, status }, name) => {
    const number = spec.refs.pulls[0]?.number;
    const folder = `pr-logs/pull/acme_clock/${number}/${spec.job}/${status.build_id}`;
    return Buffer.from((await bucket.read(`${folder}/${name}`)) ?? []).toString();
  };
  return { town: townAt(github.url, REPOSITORY), pages, bucket, run, stored, page };
}

import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from '../../workers/provision/ports.ts';
import { NAMESPACE } from '../activities/kubernetes/hand-driven.ts';
import { type GitHub, startGitHub } from '../github/server.ts';
import { type Bowsprit, startBowsprit } from './bowsprit.ts';
import { addressOf, type Town, townAt } from './town.ts';

/** Bowsprit on an emulated GitHub; its jobs run in the pods of a cluster. */
export interface PodTown {
  readonly town: Town;
  readonly github: GitHub;
  readonly bowsprit: Bowsprit;
  readonly gatewayUrl: string;
  /** Of this town alone: it may be changed. */
  readonly kubeconfig: string;
  close(): Promise<void>;
}

/** What is configured. */
export interface PodTownSetting {
  readonly kubeconfig: string;
  /** Of the one repository. */
  readonly presubmits: readonly object[];
  readonly postsubmits?: readonly object[];
  /** Beside what is set here. */
  readonly config?: object;
  /** More flags of `up`. */
  readonly args?: readonly string[];
}

/** The one repository. */
export const REPO = 'acme/shop';

const TOKEN = 'token-of-the-bot';
/** Of the organisation's hook. */
export const SECRET = 'a-secret-of-hooks';
const BOT = 'acme-bot';

/** Starts a GitHub and `up` on it. */
export async function startPodTown(setting: PodTownSetting): Promise<PodTown> {
  const folder = await mkdtemp(join(tmpdir(), 'bowsprit-pods-'));
  // As root, the account that PostgreSQL runs as must reach its files in here.
  await chmod(folder, 0o755);
  const github = await startGitHub();
  const ends: (() => Promise<unknown>)[] = [
    () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
    () => github.close(),
  ];
  const close = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const port = await freePort();
    await seed(github, `http://127.0.0.1:${port}/hook`);
    const kubeconfig = join(folder, 'kubeconfig');
    await copyFile(setting.kubeconfig, kubeconfig);
    const bowsprit = await startBowsprit({
      stateDir: join(folder, 'state'),
      args: [
        ...(await writeFiles(folder, setting)),
        `--kubeconfig=${kubeconfig}`,
        `--github-endpoint=${github.url}`,
        `--github-graphql-endpoint=${github.url}/graphql`,
        `--port=${port}`,
        '--dry-run=false',
        ...(setting.args ?? []),
      ],
    });
    ends.push(() => bowsprit.stop());
    await bowsprit.line(/Ctrl-C/, 120_000);
    const gatewayUrl = addressOf(bowsprit, 'Bowsprit');
    return { town: townAt(github.url, REPO), github, bowsprit, gatewayUrl, kubeconfig, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function seed(github: GitHub, hook: string): Promise<void> {
  await github.control.seed({
    users: ['ann', 'bob', { login: BOT, type: 'User' }],
    tokens: { [TOKEN]: BOT },
    orgs: {
      acme: { members: ['ann', 'bob'], admins: [], hooks: [{ url: hook, secret: SECRET }] },
    },
    repos: [
      {
        name: REPO,
        files: { 'README.md': 'A shop.\n' },
        collaborators: { ann: 'write', bob: 'write', [BOT]: 'admin' },
      },
    ],
  });
}

/** Prow's files; the flags that point to them. */
async function writeFiles(folder: string, setting: PodTownSetting): Promise<readonly string[]> {
  const files = join(folder, 'files');
  await mkdir(files);
  const write = async (flag: string, name: string, text: string): Promise<string> => {
    await writeFile(join(files, name), text);
    return `--${flag}=${join(files, name)}`;
  };
  const config = {
    pod_namespace: NAMESPACE,
    sinker: { resync_period: '3s', max_pod_age: '1s' },
    ...setting.config,
  };
  const jobs = {
    presubmits: { [REPO]: setting.presubmits },
    ...(setting.postsubmits ? { postsubmits: { [REPO]: setting.postsubmits } } : {}),
  };
  return [
    await write('config-path', 'config.yaml', stringify(config)),
    await write('job-config-path', 'jobs.yaml', stringify(jobs)),
    await write(
      'plugin-config',
      'plugins.yaml',
      stringify({ plugins: { [REPO]: { plugins: ['trigger'] } } }),
    ),
    await write('github-token-path', 'token', TOKEN),
    await write('hmac-secret-file', 'hmac', SECRET),
  ];
}

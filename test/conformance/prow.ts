import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../workers/provision/ports.ts';
import { bareEnvironment, type OwnedProcess, spawnOwned } from '../../workers/provision/process.ts';
import { waitUntil } from '../cluster/waiting.ts';
import { startKubernetes } from './kubernetes.ts';
import { type ProwProgram, prowPath } from './prow-programs.ts';
import { BOT, TOKEN } from './scenario.ts';
import type { Stage, System } from './system.ts';

/** Prow's git speaks https only; this leads it to the emulator. */
async function writeGitConfig({ folder, github }: Stage): Promise<string> {
  const host = new URL(github.url).host;
  const account = `${BOT}:${TOKEN}`;
  const file = join(folder, 'gitconfig');
  const lines = [
    `[url "http://${account}@${host}/"]`,
    `\tinsteadOf = https://${account}@${host}/`,
    `[url "http://${host}/"]`,
    `\tinsteadOf = https://${host}/`,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}

async function environmentOf(stage: Stage): Promise<Record<string, string>> {
  const temporary = join(stage.folder, 'tmp');
  await mkdir(temporary, { recursive: true });
  return bareEnvironment({
    HOME: stage.folder,
    TMPDIR: temporary,
    GIT_CONFIG_GLOBAL: await writeGitConfig(stage),
    GIT_CONFIG_NOSYSTEM: '1',
  });
}

function sharedFlags({ github, files, folder }: Stage, kubeconfig: string): readonly string[] {
  return [
    `--config-path=${files.config}`,
    `--job-config-path=${files.jobs}`,
    `--kubeconfig=${kubeconfig}`,
    `--github-token-path=${files.token}`,
    `--github-endpoint=${github.url}`,
    `--github-graphql-endpoint=${github.url}/graphql`,
    `--github-host=${new URL(github.url).host}`,
    '--github-client.max-404-retries=0',
    '--github-client.initial-delay=50ms',
    `--cache-dir-base=${folder}`,
    '--dry-run=false',
  ];
}

interface Part {
  readonly process: OwnedProcess;
  /** Answers anything at all once the program is up. */
  readonly url: string;
}

interface Start {
  readonly port: number;
  readonly flags: readonly string[];
  readonly environment: Record<string, string>;
}

/** Starts one of Prow's programs, its side ports wherever there is room. */
async function startPart(stage: Stage, name: ProwProgram, start: Start): Promise<Part> {
  const flags = [
    ...start.flags,
    `--port=${start.port}`,
    `--health-port=${await freePort()}`,
    `--metrics-port=${await freePort()}`,
    `--pprof-port=${await freePort()}`,
  ];
  const log = join(stage.folder, `${name}.log`);
  const process = await spawnOwned(prowPath(name), flags, { name, log, env: start.environment });
  return { process, url: `http://127.0.0.1:${start.port}/` };
}

async function isUp({ url }: Part): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(1000) }).then(
    () => true,
    () => false,
  );
}

/** Prow's own `hook` and `tide`, with a Kubernetes API for their run records. */
export async function startProw(stage: Stage): Promise<System> {
  const kubernetes = await startKubernetes();
  const parts: Part[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(parts.map(({ process }) => process.stop(2000)));
    await kubernetes.stop();
  };
  try {
    const environment = await environmentOf(stage);
    const shared = sharedFlags(stage, kubernetes.kubeconfig);
    const hook = [
      ...shared,
      `--plugin-config=${stage.files.plugins}`,
      `--hmac-secret-file=${stage.files.hmac}`,
      '--grace-period=1s',
    ];
    const tide = [...shared, '--sync-hourly-tokens=36000', '--status-hourly-tokens=36000'];
    parts.push(await startPart(stage, 'hook', { port: stage.hookPort, flags: hook, environment }));
    parts.push(
      await startPart(stage, 'tide', { port: await freePort(), flags: tide, environment }),
    );
    const everyone = async (): Promise<boolean> =>
      (await Promise.all(parts.map(isUp))).every(Boolean);
    const processes = parts.map(({ process }) => process);
    await waitUntil(everyone, { what: 'Prow is up', limitMs: 60_000, processes });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    log: async () => {
      const logs = parts.map(({ process }) => readFile(process.log, 'utf8').catch(() => ''));
      return (await Promise.all(logs)).map((text) => text.slice(-20_000)).join('\n');
    },
    stop,
  };
}

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../workers/provision/ports.ts';
import { bareEnvironment, type OwnedProcess, spawnOwned } from '../../workers/provision/process.ts';
import { waitUntil } from '../cluster/waiting.ts';
import { BOT, TOKEN } from './people.ts';
import { PROW_NAMES, type ProwProgram, prowPath } from './prow-programs.ts';
import { readJson } from './read-json.ts';
import type { Ground, System } from './system.ts';

/** Prow's git speaks https only; this leads it to the emulator. */
async function writeGitConfig({ folder, github }: Ground): Promise<string> {
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

async function environmentOf(ground: Ground): Promise<Record<string, string>> {
  const temporary = join(ground.folder, 'tmp');
  await mkdir(temporary, { recursive: true });
  return bareEnvironment({
    HOME: ground.folder,
    TMPDIR: temporary,
    GIT_CONFIG_GLOBAL: await writeGitConfig(ground),
    GIT_CONFIG_NOSYSTEM: '1',
  });
}

function sharedFlags(ground: Ground): readonly string[] {
  const { github, files, folder, kubernetes } = ground;
  return [
    `--config-path=${files.config}`,
    `--job-config-path=${files.jobs}`,
    `--kubeconfig=${kubernetes.kubeconfig}`,
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
  readonly name: ProwProgram;
  readonly process: OwnedProcess;
  /** Answers anything at all once the program is up. */
  readonly url: string;
}

/** What each program needs besides. */
function ownFlags({ files }: Ground): Readonly<Record<ProwProgram, readonly string[]>> {
  return {
    hook: [
      `--plugin-config=${files.plugins}`,
      `--hmac-secret-file=${files.hmac}`,
      '--grace-period=1s',
    ],
    tide: ['--sync-hourly-tokens=36000', '--status-hourly-tokens=36000'],
    crier: ['--github-workers=10'],
    'prow-controller-manager': ['--enable-controller=plank'],
  };
}

/** Where a program answers once it is up (those that serve nothing: at their metrics), and the flags for that. */
async function portsOf(name: ProwProgram, hookPort: number) {
  const metrics = await freePort();
  const side = [
    `--health-port=${await freePort()}`,
    `--metrics-port=${metrics}`,
    `--pprof-port=${await freePort()}`,
  ];
  const port = name === 'hook' ? hookPort : await freePort();
  const serves = name === 'hook' || name === 'tide';
  return serves ? { at: port, flags: [...side, `--port=${port}`] } : { at: metrics, flags: side };
}

async function startPart(ground: Ground, name: ProwProgram): Promise<Part> {
  const { at, flags } = await portsOf(name, ground.hookPort);
  const all = [...sharedFlags(ground), ...ownFlags(ground)[name], ...flags];
  const log = join(ground.folder, `${name}.log`);
  const env = await environmentOf(ground);
  const process = await spawnOwned(prowPath(name), all, { name, log, env });
  return { name, process, url: `http://127.0.0.1:${at}/` };
}

async function isUp({ url }: Part): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(1000) }).then(
    () => true,
    () => false,
  );
}

/** Prow: `hook` and `tide`, and what starts and reports the runs that they ask for. */
export async function startProw(ground: Ground): Promise<System> {
  const parts: Part[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(parts.map(({ process }) => process.stop(2000)));
  };
  try {
    for (const name of PROW_NAMES) parts.push(await startPart(ground, name));
    const everyone = async (): Promise<boolean> =>
      (await Promise.all(parts.map(isUp))).every(Boolean);
    const processes = parts.map(({ process }) => process);
    await waitUntil(everyone, { what: 'Prow is up', limitMs: 60_000, processes });
  } catch (error) {
    await stop();
    throw error;
  }
  const urlOf = (wanted: ProwProgram): string =>
    parts.find(({ name }) => name === wanted)?.url ?? '';
  return {
    show: (what) => {
      if (what === 'runs') return ground.kubernetes.prowJobs();
      if (what === 'help') return readJson(`${urlOf('hook')}plugin-help`);
      return readJson(urlOf('tide'));
    },
    log: async () => {
      const logs = parts.map(({ process }) => readFile(process.log, 'utf8').catch(() => ''));
      return (await Promise.all(logs)).join('\n');
    },
    stop,
  };
}

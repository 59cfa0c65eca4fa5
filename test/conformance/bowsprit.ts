import { join } from 'node:path';
import { z } from 'zod';
import { startBowsprit } from '../system/bowsprit.ts';
import { readJson } from './read-json.ts';
import type { Ground, Shown, System } from './system.ts';

const START_LIMIT_MS = 120_000;

async function showAt(url: string, what: Shown): Promise<unknown> {
  if (what === 'runs') return readJson(`${url}/prowjobs.js`);
  if (what === 'help') return readJson(`${url}/plugin-help.js`);
  return z.object({ Pools: z.unknown() }).parse(await readJson(`${url}/tide.js`)).Pools;
}

/** Bowsprit as one command, with the flags that an organisation that comes from Prow gives it. */
export async function startOurs(ground: Ground): Promise<System> {
  const { github, files, folder, hookPort, kubernetes } = ground;
  const up = await startBowsprit({
    stateDir: join(folder, 'state'),
    args: [
      `--config-path=${files.config}`,
      `--job-config-path=${files.jobs}`,
      `--plugin-config=${files.plugins}`,
      `--github-token-path=${files.token}`,
      `--hmac-secret-file=${files.hmac}`,
      `--github-endpoint=${github.url}`,
      `--github-graphql-endpoint=${github.url}/graphql`,
      `--port=${hookPort}`,
      `--kubeconfig=${kubernetes.kubeconfig}`,
      '--dry-run=false',
    ],
  });
  const stop = async (): Promise<void> => void (await up.stop());
  try {
    await up.line(/Ctrl-C/, START_LIMIT_MS);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    show: (what) => showAt(`http://127.0.0.1:${hookPort}`, what),
    log: async () => {
      const logs = await Promise.all((['gateway', 'worker'] as const).map((part) => up.log(part)));
      return logs.join('\n');
    },
    stop,
  };
}

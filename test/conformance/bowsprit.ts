import { join } from 'node:path';
import { startBowsprit } from '../system/bowsprit.ts';
import { runsIn } from './runs.ts';
import type { Ground, System } from './system.ts';

const START_LIMIT_MS = 120_000;

/** Bowsprit as one command, with the flags that an organisation that comes from Prow gives it. */
export async function startOurs(ground: Ground): Promise<System> {
  const { github, files, folder, hookPort, kubeconfig } = ground;
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
      `--kubeconfig=${kubeconfig}`,
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
    runs: async (repository) => {
      const url = `http://127.0.0.1:${hookPort}/prowjobs.js?omit=pod_spec`;
      const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
      return runsIn(await answer.json(), repository);
    },
    log: async () => {
      const logs = await Promise.all((['gateway', 'worker'] as const).map((part) => up.log(part)));
      return logs.map((text) => text.slice(-20_000)).join('\n');
    },
    stop,
  };
}

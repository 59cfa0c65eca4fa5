import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ConfigPaths } from '../../../config/load.ts';
import { readConfigFiles } from '../../../config/load.ts';
import { createConfigReader } from '../../../config/reader.ts';
import { renderAll } from '../../../config/rendering/render-all.ts';
import { requestedJobs } from '../../../config/requests.ts';
import type { ConfigSnapshot } from '../../../config/snapshot.ts';
import { presubmitsFor } from '../../../config/snapshot.ts';
import type { Figure } from '../figures.ts';
import { runMeasured } from './whole-process.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..', '..', '..');
const ROUNDS = 9;

/** Reading, checking and using kubernetes' configuration, which the folder of real configurations holds. */
export async function measureReading(corpus: string): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bowsprit-bench-configuration-'));
  try {
    await run('tar', ['-xJf', join(corpus, 'kubernetes.tar.xz'), '-C', folder]);
    const paths = {
      configPath: join(folder, 'config/prow/config.yaml'),
      jobConfigPath: join(folder, 'config/jobs'),
      pluginConfigPath: join(folder, 'config/prow/plugins.yaml'),
    };
    const check = await measureCheck(paths);
    const { reload, snapshot } = await measureReload(paths, folder);
    return [check, reload, await measureMatching(snapshot), measureRendering(snapshot)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureCheck(paths: ConfigPaths): Promise<Figure> {
  const program = [
    join(ROOT, 'dist/workers/cli/main.js'),
    'checkconfig',
    `--config-path=${paths.configPath}`,
    `--job-config-path=${paths.jobConfigPath}`,
    `--plugin-config=${paths.pluginConfigPath}`,
  ];
  const runs = [];
  for (let round = 0; round < ROUNDS; round += 1) runs.push(await runMeasured(program));
  const samples = runs.map(({ wallMs }) => wallMs);
  const cpu = Math.min(...runs.map(({ cpuMs }) => cpuMs));
  const memory = Math.max(...runs.map(({ peakMiB }) => peakMiB));
  return {
    name: "load and check kubernetes' configuration, cold, whole process",
    unit: 'ms',
    aim: '≤ 1200 ms',
    met: quickest(samples) <= 1200,
    samples,
    note: `least CPU ${Math.round(cpu)} ms, peak memory ${Math.round(memory)} MiB, the aim by the quickest`,
    prow: '1200 ms',
  };
}

async function measureReload(paths: ConfigPaths, folder: string) {
  const reader = createConfigReader();
  const changed = join(folder, 'config/jobs/kubernetes/test-infra/janitors.yaml');
  let { snapshot } = reader.inspect(await readConfigFiles(paths));
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await appendFile(changed, `# round ${round}\n`);
    const start = performance.now();
    snapshot = reader.inspect(await readConfigFiles(paths)).snapshot;
    samples.push(performance.now() - start);
  }
  const reload: Figure = {
    name: 'reload after one of 602 files changed',
    unit: 'ms',
    aim: '< 100 ms',
    met: quickest(samples) < 100,
    samples,
  };
  return { reload, snapshot };
}

async function measureMatching(snapshot: ConfigSnapshot): Promise<Figure> {
  const samples: number[] = [];
  let jobs = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    const presubmits = presubmitsFor(snapshot, 'kubernetes', 'kubernetes');
    const chosen = await requestedJobs({
      presubmits,
      branch: 'master',
      body: '/test all',
      changedFiles: async () => ['pkg/kubelet/kubelet.go', 'test/e2e/node/pods.go', 'go.mod'],
      failedContexts: async () => [],
      allContexts: async () => [],
      ignoreOkToTest: false,
    });
    samples.push(performance.now() - start);
    jobs = chosen.length;
  }
  return {
    name: 'match one pull request of kubernetes/kubernetes against 3849 jobs',
    unit: 'ms',
    aim: '< 5 ms',
    met: quickest(samples) < 5,
    samples,
    note: `${jobs} jobs asked for; the first round compiles their patterns`,
  };
}

function measureRendering(snapshot: ConfigSnapshot): Figure {
  const request = {
    baseRef: 'main',
    baseSha: 'a'.repeat(40),
    pull: { number: 7, author: 'octocat', sha: 'b'.repeat(40) },
    id: '11111111-1111-4111-8111-111111111111',
    buildId: '1999999999999999999',
  };
  const samples: number[] = [];
  let jobs = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    jobs = 0;
    for (const row of renderAll(snapshot, request)) jobs += JSON.stringify(row) === '' ? 0 : 1;
    samples.push(performance.now() - start);
  }
  return {
    name: "render all pods of kubernetes' configuration",
    unit: 'ms',
    aim: '≤ 2000 ms',
    met: quickest(samples) <= 2000,
    samples,
    note: `${jobs} jobs`,
  };
}

function quickest(samples: readonly number[]): number {
  return Math.min(...samples);
}

import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { HostIsolation } from '../../../activities/local/isolation.ts';
import { probeIsolation } from '../../../activities/local/isolation.ts';
import {
  createLocalExecutor,
  type LocalExecutor,
  type LocalExecutorSetting,
} from '../../../activities/local/local-executor.ts';
import type { RenderedRun } from '../../../activities/rendered-run.ts';
import { openStorage } from '../../../activities/storage/open-storage.ts';
import type { Storage } from '../../../activities/storage/storage.ts';
import type { RunObservation } from '../../../workflows/contract.ts';
import type { RunRequest } from '../../../workflows/domain/run.ts';
import type { Attempt } from '../../../workflows/ports.ts';

/** A host with a repository: base `main`, two pull request heads that merge, one that conflicts. */
export interface Practice {
  readonly folder: string;
  readonly host: HostIsolation;
  readonly base: string;
  readonly one: string;
  readonly two: string;
  readonly conflict: string;
  readonly storage: Storage;
  readonly storageUrl: string;
  render(command: readonly string[], change?: Partial<RenderedRun>): RenderedRun;
  executor(
    command: readonly string[],
    change?: Partial<RenderedRun>,
    setting?: Partial<LocalExecutorSetting>,
  ): LocalExecutor;
}

/** Makes one in a folder of its own. */
export function practice(): Practice {
  const folder = mkdtempSync(join(tmpdir(), 'local-'));
  chmodSync(folder, 0o755);
  const origin = join(folder, 'origin');
  const heads = makeRepository(origin);
  const storageUrl = pathToFileURL(join(folder, 'bucket')).href;
  const host = probeIsolation();
  const render: Practice['render'] = (command, change) => rendered(storageUrl, command, change);
  return {
    folder,
    host,
    ...heads,
    storageUrl,
    storage: openStorage(storageUrl),
    render,
    executor: (command, change, setting) =>
      createLocalExecutor({
        root: join(folder, 'state'),
        render: async () => render(command, change),
        cloneUrl: () => pathToFileURL(origin).href,
        trust: { realGitHub: false, repositories: [], network: [] },
        isolation: host,
        secrets: [],
        ...setting,
      }),
  };
}

/** A run of one attempt. */
export function attemptOf(given: Practice, change: Partial<RunRequest> = {}): Attempt {
  const run: RunRequest = {
    uuid: randomUUID(),
    type: 'presubmit',
    job: 'unit',
    context: 'unit',
    refs: refsOf(given, [given.one]),
    configHash: 'none',
    cause: 'test',
    guid: 'guid',
    optional: false,
    report: true,
    rerunCommand: '/test unit',
    retest: false,
    byPool: false,
    createdAt: Date.now(),
    trusted: true,
    owner: 'pr/o/r/1',
    ...change,
  };
  return { run, attempt: 1, buildId: run.uuid.slice(0, 8) };
}

/** Refs with the given heads as pull requests 1, 2, … */
export function refsOf(given: Practice, heads: readonly string[]): RunRequest['refs'] {
  return {
    org: 'o',
    repo: 'r',
    base_ref: 'main',
    base_sha: given.base,
    pulls: heads.map((sha, index) => ({ number: index + 1, author: 'ann', sha })),
  };
}

/** Waits until an attempt has ended, or for as long as the phase is not the wanted one. */
export async function until(
  executor: LocalExecutor,
  attempt: Attempt,
  phases: readonly RunObservation['phase'][] = ['finished', 'missing'],
): Promise<RunObservation> {
  const patience = Date.now() + 30_000;
  for (;;) {
    const seen = await executor.observeRun(attempt);
    if (phases.includes(seen.phase)) return seen;
    if (Date.now() > patience) throw new Error(`still ${seen.phase}`);
    await executor.startWaiting();
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** An object's text, empty if there is none. */
export async function stored(given: Practice, attempt: Attempt, name: string): Promise<string> {
  const bytes = await given.storage.read(`logs/unit/${attempt.buildId}/${name}`);
  return bytes === undefined ? '' : Buffer.from(bytes).toString();
}

function rendered(
  bucket: string,
  command: readonly string[],
  change: Partial<RenderedRun> = {},
): RenderedRun {
  return {
    agent: 'kubernetes',
    cluster: 'default',
    decorated: false,
    errorOnEviction: false,
    maxConcurrency: 0,
    jobQueue: '',
    jobQueueCapacity: -1,
    overallConcurrency: 0,
    pendingTimeout: 600_000,
    unscheduledTimeout: 300_000,
    runningTimeout: 3_600_000,
    maxRevivals: 3,
    timeout: 60_000,
    gracePeriod: 2_000,
    containers: [{ name: 'test', argv: command, environment: {}, log: 'build-log.txt' }],
    clones: [],
    pod: () => undefined,
    environment: (buildId) => ({ CI: 'true', BUILD_ID: buildId, ARTIFACTS: '/logs/artifacts' }),
    place: (buildId) => ({
      bucket,
      folder: `logs/unit/${buildId}`,
      pointers: [{ path: 'logs/unit/latest-build.txt', content: buildId }],
    }),
    url: (buildId) => `http://127.0.0.1/view/${buildId}`,
    prowjob: (status) => ({ kind: 'ProwJob', status }),
    ...change,
  };
}

function makeRepository(origin: string): {
  base: string;
  one: string;
  two: string;
  conflict: string;
} {
  mkdirSync(origin);
  const git = (...argv: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=ann', '-c', 'user.email=ann@example.com', ...argv], {
      cwd: origin,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', GIT_CONFIG_NOSYSTEM: '1', HOME: origin },
    }).trim();
  const commit = (branch: string, name: string, content: string): string => {
    git('checkout', '-q', '-B', branch, 'main');
    writeFileSync(join(origin, name), content);
    git('add', name);
    git('commit', '-q', '-m', name);
    return git('rev-parse', 'HEAD');
  };
  git('init', '-q', '-b', 'main');
  writeFileSync(join(origin, 'base.txt'), 'base\n');
  git('add', 'base.txt');
  git('commit', '-q', '-m', 'base');
  const heads = {
    base: git('rev-parse', 'HEAD'),
    one: commit('one', 'one.txt', 'one\n'),
    two: commit('two', 'two.txt', 'two\n'),
    conflict: commit('conflict', 'one.txt', 'other\n'),
  };
  git('checkout', '-q', 'main');
  return heads;
}

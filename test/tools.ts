import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { describe, inject } from 'vitest';
import { missingForApi, missingForNode } from './cluster/probe.ts';
import { missingForProw, missingProwTools } from './conformance/prow-programs.ts';
import { missingObjectStore } from './object-stores/programs.ts';
import { missingPodUtilities } from './pod-utilities/programs.ts';

const run = promisify(execFile);

/** What some tests need and a machine may lack. */
export type Tool =
  | 'postgres'
  | 'temporal'
  | 'git'
  | 'git-http-backend'
  | 'chromium'
  | 'java'
  | 'prow'
  | 'prow-tools'
  | 'kubernetes-api'
  | 'kubernetes-node'
  | 's3-server'
  | 'gcs-server'
  | 'pod-utilities'
  /** GitHub's own descriptions of its API, which `setup` gets from npm. */
  | 'github-contract';

/** The tools that are missing, each with the reason or what to do. */
export type MissingTools = Readonly<Record<string, string>>;

/** Probes everything but the servers, which `setup` starts. */
export async function findMissingTools(): Promise<MissingTools> {
  const probes: Readonly<Record<string, () => Promise<string | undefined>>> = {
    git: () => answers('git', ['--version'], 'install git'),
    'git-http-backend': () => hasHttpBackend(),
    java: () => answers('java', ['-version'], 'install Java 17 for the time-skipping server'),
    chromium: async () =>
      (await chromiumPath()) === undefined
        ? 'install it with `npx playwright-core install chromium`, or set BOWSPRIT_CHROMIUM'
        : undefined,
    'kubernetes-api': () => missingForApi(),
    'kubernetes-node': () => missingForNode(),
    prow: () => missingForProw(),
    'prow-tools': () => missingProwTools(),
    's3-server': () => missingObjectStore('versitygw'),
    'gcs-server': () => missingObjectStore('fake-gcs-server'),
    'pod-utilities': () => missingPodUtilities(),
  };
  const found = await Promise.all(
    Object.entries(probes).map(async ([tool, probe]) => [tool, await probe()] as const),
  );
  return Object.fromEntries(
    found.flatMap(([tool, reason]) => (reason === undefined ? [] : [[tool, reason]])),
  );
}

/** The browser to test pages with: `BOWSPRIT_CHROMIUM`, Playwright's, or the system's. */
export async function chromiumPath(): Promise<string | undefined> {
  const candidates = [
    process.env['BOWSPRIT_CHROMIUM'] ?? '',
    chromium.executablePath(),
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ];
  for (const path of candidates.filter((candidate) => candidate !== '')) {
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}

async function answers(
  command: string,
  args: readonly string[],
  advice: string,
): Promise<string | undefined> {
  return run(command, [...args], { timeout: 10_000 }).then(
    () => undefined,
    () => advice,
  );
}

async function hasHttpBackend(): Promise<string | undefined> {
  try {
    const { stdout } = await run('git', ['--exec-path']);
    await access(`${stdout.trim()}/git-http-backend`);
    return undefined;
  } catch {
    return 'install git with its http-backend';
  }
}

/** A group of tests that is skipped, and reported at the end, on machines without these tools. */
export function describeWith(tools: readonly Tool[], name: string, tests: () => void): void {
  const missing = inject('missingTools');
  const lacking = tools.filter((tool) => tool in missing);
  describe.skipIf(lacking.length > 0)(
    lacking.length === 0 ? name : `${name} (needs ${lacking.join(', ')})`,
    tests,
  );
}

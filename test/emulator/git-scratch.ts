import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PATIENCE_MS = 20_000;

/** Somebody's folder and git in it, without any settings of this machine. */
export interface GitScratch {
  readonly folder: string;
  /** Runs git there; what it said. */
  git(...args: readonly string[]): Promise<string>;
  remove(): Promise<void>;
}

/** Makes one. */
export async function openGitScratch(): Promise<GitScratch> {
  const folder = await mkdtemp(join(tmpdir(), 'bowsprit-git-'));
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Ann',
    GIT_AUTHOR_EMAIL: 'ann@example.com',
    GIT_COMMITTER_NAME: 'Ann',
    GIT_COMMITTER_EMAIL: 'ann@example.com',
  };
  return {
    folder,
    git: async (...args) =>
      (await run('git', args, { cwd: folder, env, timeout: PATIENCE_MS })).stdout.trim(),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

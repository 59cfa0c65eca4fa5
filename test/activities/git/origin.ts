import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A repository as GitHub would have it, in a folder, with a work tree to make commits in. */
export interface Origin {
  readonly folder: string;
  readonly url: string;
  git(...args: readonly string[]): string;
  /** Writes files (null removes) and commits them on the current branch; returns the SHA. */
  commit(files: Readonly<Record<string, string | null>>): Promise<string>;
  /** Starts a branch at a commit. */
  branch(name: string, at: string): void;
  remove(): void;
}

/** An empty repository on `main`. */
export function createOrigin(): Origin {
  const folder = mkdtempSync(join(tmpdir(), 'bowsprit-git-'));
  const work = join(folder, 'work');
  function git(...args: readonly string[]): string {
    return execFileSync('git', ['-C', work, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_NAME: 'ann',
        GIT_AUTHOR_EMAIL: 'ann@localhost',
        GIT_COMMITTER_NAME: 'ann',
        GIT_COMMITTER_EMAIL: 'ann@localhost',
      },
    }).trim();
  }
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', work]);
  git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  return {
    folder,
    url: `file://${work}`,
    git,
    async commit(files) {
      for (const [path, text] of Object.entries(files)) {
        const place = join(work, path);
        await mkdir(dirname(place), { recursive: true });
        if (text === null) rmSync(place);
        else writeFileSync(place, text);
      }
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '-m', 'change');
      return git('rev-parse', 'HEAD');
    },
    branch(name, at) {
      git('checkout', '--quiet', '-B', name, at);
    },
    remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

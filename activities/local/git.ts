import { spawn } from 'node:child_process';
import { MARKER } from './marked-processes.ts';

/** What a git command said. */
export interface GitAnswer {
  readonly code: number;
  readonly output: string;
}

/** How git is run for one clone. */
export interface GitSetting {
  readonly cwd: string;
  readonly home: string;
  readonly marker: string;
  readonly path: string;
  /** Extra variables: dates of merges. */
  readonly environment?: Readonly<Record<string, string>>;
}

const OUTPUT_LIMIT = 200_000;

/**
 * Nothing of the machine's or the repository's own settings takes part: no hooks, no system or user
 * configuration, no password prompt, and only the protocols that a clone address can have.
 */
const SETTINGS = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.symlinks', 'true'],
  ['protocol.allow', 'never'],
  ['protocol.https.allow', 'always'],
  ['protocol.http.allow', 'always'],
  ['protocol.file.allow', 'user'],
  ['transfer.fsckObjects', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['commit.gpgSign', 'false'],
  ['merge.conflictStyle', 'merge'],
  ['init.defaultBranch', 'master'],
  ['advice.detachedHead', 'false'],
] as const;

/** Runs git; a command that fails is an answer, not an error. */
export function runGit(
  argv: readonly string[],
  setting: GitSetting,
  signal: AbortSignal,
): Promise<GitAnswer> {
  const settings = SETTINGS.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return new Promise((resolve) => {
    const child = spawn('git', [...settings, ...argv], {
      cwd: setting.cwd,
      env: gitEnvironment(setting),
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    });
    let output = '';
    const take = (chunk: Buffer): void => {
      if (output.length < OUTPUT_LIMIT) output += chunk.toString();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.on('close', (code) => resolve({ code: code ?? 137, output }));
  });
}

function gitEnvironment({ home, marker, path, environment }: GitSetting): Record<string, string> {
  return {
    PATH: path,
    HOME: home,
    LANG: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: 'file:http:https',
    [MARKER]: marker,
    ...environment,
  };
}

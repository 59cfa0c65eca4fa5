import { execFile } from 'node:child_process';
import { constants } from 'node:os';

/** What a finished git process left. */
export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** How git is to run. */
export interface GitRun {
  /** A bare repository. */
  readonly directory: string;
  readonly args: readonly string[];
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** Git said no; `message` has its own words, without anything secret. */
export class GitFailure extends Error {
  readonly code: number;

  constructor(message: string, code: number) {
    super(message);
    this.name = 'GitFailure';
    this.code = code;
  }
}

const TIMEOUT = 60_000;
const LARGEST_OUTPUT = 512 * 1024 * 1024;

/**
 * Nothing of the machine's configuration, no prompt, no hook, no attribute that a repository brings, only
 * transports that fetch; a fixed identity, so that equal merges are equal commits.
 */
function environment(): Record<string, string> {
  const who = { NAME: 'prow', EMAIL: 'prow@localhost', DATE: '1000000000 +0000' };
  const identity = Object.entries(who).flatMap(([key, value]) => [
    [`GIT_AUTHOR_${key}`, value],
    [`GIT_COMMITTER_${key}`, value],
  ]);
  return {
    ...Object.fromEntries(identity),
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: '/nonexistent',
    LC_ALL: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '/bin/false',
    GIT_ALLOW_PROTOCOL: 'https:http:file',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
  };
}

const SETTINGS = [
  'core.hooksPath=/dev/null',
  'gc.auto=0',
  'maintenance.auto=false',
  'core.attributesFile=/dev/null',
  'core.quotePath=false',
].flatMap((setting) => ['-c', setting]);

/** Takes credentials out of URLs that git repeats. */
function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/@\s]+@/g, '//***@');
}

interface Ended {
  readonly code?: number | string | null | undefined;
  readonly signal?: NodeJS.Signals | null | undefined;
}

function codeOf(error: Ended | null): number {
  if (error === null) return 0;
  if (typeof error.code === 'number') return error.code;
  return 128 + (error.signal ? constants.signals[error.signal] : 0);
}

/** Runs git, without a shell; returns how it ended, and throws only if it cannot be started. */
export function tryGit({ directory, args, input, env, timeoutMs }: GitRun): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      [...SETTINGS, `--git-dir=${directory}`, ...args],
      {
        env: { ...environment(), ...env },
        encoding: 'buffer',
        maxBuffer: LARGEST_OUTPUT,
        timeout: timeoutMs ?? TIMEOUT,
        killSignal: 'SIGKILL',
      },
      (error, stdout, stderr) => {
        if (error?.code === 'ENOENT') reject(new GitFailure('git is not installed', 127));
        else {
          const words = withoutCredentials(stderr.toString('utf8')).trim();
          resolve({ code: codeOf(error), stdout, stderr: words });
        }
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}

/** Runs git and returns its output; throws git's own words if it fails. */
export async function git(run: GitRun): Promise<string> {
  const result = await tryGit(run);
  if (result.code === 0) return result.stdout.toString('utf8');
  throw new GitFailure(`git ${run.args[0] ?? ''}: ${result.stderr || 'no words'}`, result.code);
}

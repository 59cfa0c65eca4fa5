import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { endMarked, MARKER, processNumbers } from './marked-processes.ts';
import { identify, kill, type ProcessIdentity, readStat } from './process-identity.ts';
import { type Invocation, type SandboxedCommand, sandboxed } from './sandbox.ts';

/** A command of a job that runs. */
export interface RunningCommand {
  /** The exit code (128 + n for signal n), or why it could not be started. */
  readonly ended: Promise<CommandEnd>;
  /** Asks its process group to end. */
  interrupt(): void;
  /** Ends it and all its descendants at once. */
  end(): Promise<void>;
}

/** How a command ended. */
export type CommandEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'not-started'; readonly reason: string };

/** What a command is started with besides itself. */
export interface CommandSetting extends SandboxedCommand {
  readonly marker: string;
  /** Its standard output and error are appended here. */
  readonly log: string;
  /** PATH of the program that makes the sandbox, not of the job. */
  readonly path: string;
}

const SIGNAL_NUMBERS: Readonly<Record<string, number>> = { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/** Starts a command; it is its own process group, and its own process namespace where there are any. */
export function startCommand(setting: CommandSetting): RunningCommand {
  const contained = setting.isolation.kind === 'namespaces';
  const log = openSync(setting.log, 'a', 0o644);
  const child = launch(setting, contained, log);
  const ended = watchEnd(child, contained).finally(() => closeSync(log));
  return {
    ended,
    interrupt() {
      const init = contained ? firstProcessOf(child) : undefined;
      if (init !== undefined) kill(init.pid, 'SIGINT');
      else if (!contained && child.pid !== undefined) kill(-child.pid, 'SIGINT');
    },
    async end() {
      const init = contained ? firstProcessOf(child) : undefined;
      if (init !== undefined) kill(init.pid, 'SIGKILL');
      if (child.pid !== undefined) kill(contained ? child.pid : -child.pid, 'SIGKILL');
      await endMarked(setting.marker);
    },
  };
}

function launch(setting: CommandSetting, contained: boolean, log: number): ChildProcess {
  const marked = { ...setting.environment, [MARKER]: setting.marker };
  const { file, argv } = contained
    ? sandboxed({ ...setting, environment: marked })
    : plain(setting.argv);
  const owner = setting.uid;
  return spawn(file, [...argv], {
    detached: true,
    stdio: ['ignore', log, log, contained ? 'pipe' : 'ignore'],
    ...(contained
      ? { cwd: '/', env: { PATH: setting.path, LANG: 'C.UTF-8', [MARKER]: setting.marker } }
      : { cwd: setting.cwd, env: marked }),
    ...(!contained && owner !== undefined ? { uid: owner, gid: owner } : {}),
  });
}

function plain(argv: readonly string[]): Invocation {
  const [file = 'true', ...rest] = argv;
  return { file, argv: rest };
}

function watchEnd(child: ChildProcess, contained: boolean): Promise<CommandEnd> {
  let ready = !contained;
  const signalled = child.stdio[3];
  if (contained && signalled && 'on' in signalled) {
    signalled.on('data', () => {
      ready = true;
    });
    signalled.on('error', () => undefined);
  }
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ kind: 'not-started', reason: error.message }));
    child.on('close', (code, signal) => {
      if (ready)
        resolve({ kind: 'exited', code: code ?? 128 + (SIGNAL_NUMBERS[signal ?? ''] ?? 0) });
      else resolve({ kind: 'not-started', reason: 'the sandbox could not be set up' });
    });
  });
}

/** The first process of the namespace, as the host numbers it: the child of `unshare`. */
function firstProcessOf(child: ChildProcess): ProcessIdentity | undefined {
  const pid = processNumbers().find((number) => readStat(number)?.parent === child.pid);
  return pid === undefined ? undefined : identify(pid);
}

/** Appends a line of our own to a job's log. */
export function noteInLog(file: string, line: string): void {
  const log = openSync(file, 'a', 0o644);
  writeSync(log, `${line}\n`);
  closeSync(log);
}

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { forgetPid, rememberPid } from './pid-file.ts';

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A child that lives in its own process group and never longer than we do. */
export interface OwnedProcess {
  readonly name: string;
  readonly pid: number;
  /** Where its output goes. */
  readonly log: string;
  /** Settles when it has ended, however that came. */
  readonly exited: Promise<Exit>;
  onExit(listener: (exit: Exit) => void): void;
  /** Asks it to end, and insists after the timeout; returns when the whole group is gone. */
  stop(timeoutMs?: number): Promise<Exit>;
}

/** How a child is started. */
export interface SpawnOptions {
  readonly name: string;
  /** File that output is appended to. */
  readonly log: string;
  /** Its whole environment; by default a bare one, without anything of ours that might be secret. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** What asks it to end; `SIGTERM` unless the program means something else by it. */
  readonly stopSignal?: 'SIGTERM' | 'SIGINT';
  /** Where its pid is kept, so that a later start finds it if all of us were killed. */
  readonly pidFile?: string;
}

const STOP_TIMEOUT_MS = 10_000;

/**
 * Ends the group if we die without saying `done`: then the pipe closes. A signal handler of our own would
 * not do, since nobody handles SIGKILL.
 */
const GUARD = `trap '' INT TERM HUP
read -r word
[ "$word" = done ] && exit 0
kill -s "$2" -- "-$1"
tries=0
while kill -s 0 -- "-$1" && [ $tries -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
kill -s KILL -- "-$1"`;

/** Starts a program as the leader of its own process group. Throws if it cannot be started at all. */
export async function spawnOwned(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
): Promise<OwnedProcess> {
  const child = spawnGroup(command, args, options);
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const pid = await started(child, command);
  const signal = options.stopSignal ?? 'SIGTERM';
  const guard = spawnGuard(pid, signal);
  if (options.pidFile !== undefined) rememberPid(options.pidFile, pid);

  const ended = exited.then((exit) => {
    // Whatever of its group outlived the leader would hold on to ports and files.
    signalGroup(pid, 'SIGKILL');
    guard.stdin?.end('done\n');
    if (options.pidFile !== undefined) forgetPid(options.pidFile, pid);
    return exit;
  });
  return {
    name: options.name,
    pid,
    log: options.log,
    exited: ended,
    onExit: (listener) => void ended.then(listener),
    stop: async (timeoutMs = STOP_TIMEOUT_MS) => {
      signalGroup(pid, signal);
      const late = new AbortController();
      void delay(timeoutMs, undefined, { signal: late.signal }).then(
        () => signalGroup(pid, 'SIGKILL'),
        () => {},
      );
      const exit = await ended;
      late.abort();
      return exit;
    },
  };
}

function spawnGroup(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  mkdirSync(dirname(options.log), { recursive: true });
  const log = openSync(options.log, 'a', 0o600);
  try {
    return spawn(command, [...args], {
      env: { ...(options.env ?? bareEnvironment()) },
      stdio: ['ignore', log, log],
      detached: true,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.uid === undefined ? {} : { uid: options.uid }),
      ...(options.gid === undefined ? {} : { gid: options.gid }),
    });
  } finally {
    closeSync(log);
  }
}

async function started(child: ChildProcess, command: string): Promise<number> {
  if (child.pid !== undefined) return child.pid;
  const error = await new Promise<Error>((resolve) => child.once('error', resolve));
  throw new Error(`${command} cannot be started: ${error.message}`, { cause: error });
}

function spawnGuard(pid: number, signal: 'SIGTERM' | 'SIGINT'): ChildProcess {
  const guard = spawn('sh', ['-c', GUARD, 'guard', String(pid), signal.slice(3)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // Without a guard the child only loses its insurance; a broken pipe says that it is gone.
  guard.on('error', () => {});
  guard.stdin?.on('error', () => {});
  guard.unref();
  return guard;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left.
  }
}

const PASSED_ON =
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_.*|TZ|TMPDIR|XDG_.*|SSL_CERT_.*|NODE_EXTRA_CA_CERTS|https?_proxy|no_proxy)$/i;

/** The part of our environment that any child may see, and what is added to it. */
export function bareEnvironment(
  added: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const passed = Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && PASSED_ON.test(name) ? [[name, value] as const] : [],
  );
  return { ...Object.fromEntries(passed), ...added };
}

import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isRunning, readIdentity } from '../../workers/provision/pid-file.ts';
import { ensureBuilt, PROGRAM } from './built.ts';
import { until } from './until.ts';

/** What `up` runs as a process of its own. */
export type Part = 'worker' | 'gateway' | 'temporal' | 'postgres' | 'github';

/** How `up` is started. */
export interface Start {
  /** Default: a new folder, deleted at the end. */
  readonly stateDir?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A `bowsprit up` of a test's own. */
export interface Bowsprit {
  readonly pid: number;
  readonly stateDir: string;
  /** What it said so far. */
  readonly lines: readonly string[];
  /** Waits for a line. */
  line(pattern: RegExp, timeoutMs?: number): Promise<string>;
  /** Its exit status, null if a signal ended it. */
  readonly exited: Promise<number | null>;
  /** The pid of a part, undefined while it is not there. */
  pidOf(part: Part): number | undefined;
  /** `kill -9` of a part; false if it was not there. */
  kill(part: Part): boolean;
  /** Ctrl-C. */
  interrupt(): void;
  /** Ctrl-C, and waits for the end. */
  stop(): Promise<number | null>;
  /** The log of a part. */
  log(part: Part): Promise<string>;
}

/** A folder for a state, readable for the account that PostgreSQL runs as. */
export async function newStateDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bowsprit-system-'));
  await chmod(folder, 0o755);
  return folder;
}

/** Starts `bowsprit up` as built, from a shell's environment without our test's own settings. */
export async function startBowsprit(start: Start = {}): Promise<Bowsprit> {
  await ensureBuilt();
  const stateDir = start.stateDir ?? (await newStateDir());
  const child = spawn(
    process.execPath,
    [PROGRAM, 'up', `--state-dir=${stateDir}`, ...(start.args ?? [])],
    { env: { ...plainEnvironment(), ...start.env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  guard(child);
  const lines = linesOf(child);
  let status: number | null | undefined;
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      status = code;
      resolve(code);
    });
  });
  const pidOf = (part: Part): number | undefined => {
    const identity = readIdentity(join(stateDir, `${part}.pid`));
    return identity !== undefined && isRunning(identity) ? identity.pid : undefined;
  };
  return {
    pid: child.pid ?? 0,
    stateDir,
    lines,
    exited,
    pidOf,
    async line(pattern, timeoutMs = 60_000) {
      return until(`the line ${pattern}; it said:\n${lines.join('\n')}`, timeoutMs, () => {
        const found = lines.find((line) => pattern.test(line));
        if (found === undefined && status !== undefined) {
          throw new Error(`it ended with ${status}; it said:\n${lines.join('\n')}`);
        }
        return found;
      });
    },
    kill(part) {
      const pid = pidOf(part);
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
      return pid !== undefined;
    },
    interrupt: () => void child.kill('SIGINT'),
    async stop() {
      child.kill('SIGINT');
      const late = setTimeout(() => child.kill('SIGKILL'), 60_000);
      const code = await exited;
      clearTimeout(late);
      if (start.stateDir === undefined) await forget(stateDir);
      return code;
    },
    log: (part) => readFile(join(stateDir, 'logs', `${part}.log`), 'utf8').catch(() => ''),
  };
}

/** Deletes a state folder, which jobs may still be leaving. */
export async function forget(stateDir: string): Promise<void> {
  await rm(stateDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

function plainEnvironment(): Record<string, string> {
  const ours = /^(TEMPORAL_|DATABASE_URL|BOWSPRIT_(?!GITHUB_)|VITEST|NODE_OPTIONS|NODE_ENV|TEST$)/;
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || ours.test(name) ? [] : [[name, value]],
    ),
  );
}

/** A test run that is killed takes its `up` along: then the pipe closes. */
function guard(child: ChildProcess): void {
  const script = 'read -r word; [ "$word" = done ] || kill -s INT "$1"';
  const watcher = spawn('sh', ['-c', script, 'guard', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.stdin?.on('error', () => {});
  watcher.unref();
  child.once('close', () => watcher.stdin?.end('done\n'));
}

function linesOf(child: ChildProcess): string[] {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', (line) => lines.push(line));
  }
  return lines;
}

/** Pids of all processes below one, itself included, from /proc. */
export async function familyOf(root: number): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  const parents = new Map<number, number>();
  for (const pid of pids) parents.set(pid, await parentOf(pid));
  const family = new Set([root]);
  for (let grown = true; grown; ) {
    const before = family.size;
    for (const [pid, parent] of parents) if (family.has(parent)) family.add(pid);
    grown = family.size > before;
  }
  return [...family];
}

async function parentOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
}

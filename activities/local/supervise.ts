import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createStorageOpener } from '../storage/open-storage.ts';
import type { Storage } from '../storage/storage.ts';
import { storeArtifacts } from './artifacts.ts';
import { type CloneRecord, cloneLog, cloneRepository, FETCH_WAITS_MS } from './clone.ts';
import { type GrowingLog, openLog } from './growing-log.ts';
import { markerOf } from './marked-processes.ts';
import { endListing } from './observe-attempt.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { removeTree } from './remove-tree.ts';
import { type CommandEnd, noteInLog, type RunningCommand, startCommand } from './run-command.ts';
import { FILES, type RunResult, writeOnce, writeWhole } from './run-folder.ts';
import type { CommandOrder, RunOrder } from './run-order.ts';
import { commitOf, type FinishedResult, finishedJson, startedJson } from './run-records.ts';
import { SANDBOX_SCRATCH } from './sandbox.ts';
import { claimUid, releaseUid } from './user-ids.ts';

/** What one supervision works with. */
interface Supervision {
  readonly order: RunOrder;
  readonly folder: string;
  readonly scratch: string;
  /** The scratch folder as the job sees it. */
  readonly view: string;
  readonly storage: Storage;
  readonly uid: number | undefined;
  readonly marker: string;
  /** Aborted when somebody asks for the run's end. */
  readonly stop: AbortSignal;
}

/** Runs one attempt from clone to `finished.json`, and writes down how it ended. */
export async function supervise(
  order: RunOrder,
  { folder, self, stop }: { folder: string; self: ProcessIdentity; stop: AbortSignal },
): Promise<void> {
  const uid = order.isolation.ownUid ? await claimUid(order.root, self) : undefined;
  const scratch = join(folder, FILES.scratch);
  const contained = order.isolation.kind === 'namespaces';
  const supervision: Supervision = {
    order,
    folder,
    scratch,
    view: contained ? SANDBOX_SCRATCH : scratch,
    storage: createStorageOpener(order.storageCredentials)(order.storageUrl),
    uid,
    marker: markerOf(order.uuid, order.attempt),
    stop,
  };
  const result = await attempt(supervision).catch((error: unknown) => broken(error));
  await writeWhole(join(folder, FILES.result), JSON.stringify(result));
  await endListing(order.root, order);
  await removeTree(scratch);
  if (uid !== undefined) await releaseUid(order.root, uid);
}

function broken(error: unknown): RunResult {
  const reason = error instanceof Error ? error.message : String(error);
  const description = `The local executor failed: ${reason}`;
  return { verdict: 'error', description, finishedAt: new Date().toISOString() };
}

async function attempt(of: Supervision): Promise<RunResult> {
  const startedAt = new Date();
  await prepareScratch(of);
  const records = await cloneAll(of);
  await storeStart(of, records, startedAt);
  if (records.some((record) => record.failed)) {
    const log = cloneLog(records);
    const path = `${of.order.folder}/${of.order.commands[0]?.log ?? 'build-log.txt'}`;
    await of.storage.write(path, log, { contentType: 'text/plain' });
    return await conclude(of, { records, startedAt, code: 1, timedOut: false });
  }
  await writeOnce(
    join(of.folder, FILES.started),
    JSON.stringify({ startedAt: new Date().toISOString() }),
  );
  const ends = of.stop.aborted ? undefined : await runCommands(of, records);
  await keepArtifacts(of);
  const refused = ends?.ends.find((end) => end.kind === 'not-started');
  if (refused?.kind === 'not-started') throw new Error(refused.reason);
  const codes = (ends?.ends ?? []).map((end) => (end.kind === 'exited' ? end.code : 127));
  const code = ends?.timedOut ? 127 : (codes.find((each) => each !== 0) ?? 0);
  return await conclude(of, { records, startedAt, code, timedOut: ends?.timedOut ?? false });
}

async function prepareScratch({ scratch, order }: Supervision): Promise<void> {
  await removeTree(scratch);
  for (const name of ['', 'home', 'go', 'tmp', 'artifacts']) {
    await mkdir(join(scratch, name), { recursive: true, mode: 0o755 });
  }
  for (const { cwd } of order.commands) {
    if (!cwd.startsWith('/')) await mkdir(join(scratch, 'go', cwd), { recursive: true });
  }
}

async function cloneAll(of: Supervision): Promise<readonly CloneRecord[]> {
  const { order, scratch, marker, stop } = of;
  const records = await Promise.all(
    order.clones.map((clone) =>
      cloneRepository(clone, {
        go: join(scratch, 'go'),
        home: join(scratch, 'home'),
        marker,
        path: order.path,
        signal: stop,
        retryWaitsMs: FETCH_WAITS_MS,
      }),
    ),
  );
  if (of.uid !== undefined) giveAway(scratch, of.uid);
  // As in /tmp: everybody may write, the job is alone there.
  await chmod(scratch, 0o755);
  return records;
}

function giveAway(folder: string, uid: number): void {
  const answer = spawnSync('chown', ['-hR', `${uid}:${uid}`, folder], { encoding: 'utf8' });
  if (answer.status !== 0) throw new Error(`chown: ${answer.stderr || answer.error?.message}`);
}

async function storeStart(
  { order, storage }: Supervision,
  records: readonly CloneRecord[],
  at: Date,
): Promise<void> {
  const json = { contentType: 'application/json' };
  await storage.write(`${order.folder}/started.json`, startedJson(order, records, at), json);
  for (const { path, content } of order.pointers) {
    await storage.write(path, content, { contentType: 'text/plain' });
  }
  if (records.length === 0) return;
  await storage.write(`${order.folder}/clone-log.txt`, cloneLog(records));
  await storage.write(`${order.folder}/clone-records.json`, JSON.stringify(records), json);
}

interface CommandsEnd {
  readonly ends: readonly CommandEnd[];
  readonly timedOut: boolean;
}

async function runCommands(of: Supervision, records: readonly CloneRecord[]): Promise<CommandsEnd> {
  const running = await Promise.all(of.order.commands.map((command) => launch(of, command)));
  try {
    return await follow(of, running, records);
  } finally {
    for (const { close } of running) await close();
  }
}

async function follow(
  of: Supervision,
  running: readonly Launched[],
  records: readonly CloneRecord[],
): Promise<CommandsEnd> {
  const { order, storage } = of;
  const ended = Promise.all(running.map(({ command }) => command.ended));
  const timer = timeoutAfter(order.timeoutMs);
  const interrupted = onAbort(of.stop);
  const first = await Promise.race([ended, timer.passed, interrupted.happened]);
  timer.cancel();
  if (Array.isArray(first)) {
    await Promise.all(running.map(({ command }) => command.end()));
    return { ends: first, timedOut: false };
  }
  if (first === 'stop') {
    const body = finishedJson({ at: new Date(), result: 'ABORTED' }, commitOf(order, records));
    await storage.write(`${order.folder}/finished.json`, body);
  }
  return { ends: await endWithGrace(of, running, first), timedOut: first === 'timeout' };
}

async function endWithGrace(
  { order }: Supervision,
  running: readonly Launched[],
  why: 'timeout' | 'stop',
): Promise<readonly CommandEnd[]> {
  const text =
    why === 'timeout'
      ? `bowsprit: the job ran into its timeout of ${order.timeoutMs / 1000} s: interrupted`
      : 'bowsprit: the run was asked to end: interrupted';
  for (const { command, log } of running) {
    noteInLog(log, text);
    command.interrupt();
  }
  const ended = Promise.all(running.map(({ command }) => command.ended));
  const grace = timeoutAfter(order.graceMs);
  if ((await Promise.race([ended, grace.passed])) === 'timeout') {
    for (const { log } of running)
      noteInLog(log, `bowsprit: killed after ${order.graceMs / 1000} s`);
  }
  grace.cancel();
  await Promise.all(running.map(({ command }) => command.end()));
  return await ended;
}

interface Launched {
  readonly command: RunningCommand;
  readonly log: string;
  readonly close: GrowingLog['close'];
}

async function launch(of: Supervision, command: CommandOrder): Promise<Launched> {
  const { order, storage, view } = of;
  const growing = await openLog({
    storage,
    path: `${order.folder}/${command.log}`,
    scratchFile: join(of.folder, command.log),
  });
  const log = growing.file;
  const running = startCommand({
    argv: command.argv,
    environment: jobEnvironment(of, command),
    cwd: command.cwd.startsWith('/') ? command.cwd : join(view, 'go', command.cwd),
    scratch: of.scratch,
    uid: of.uid,
    isolation: order.isolation,
    marker: of.marker,
    log,
    path: order.path,
  });
  return { command: running, log, close: growing.close };
}

/** From an allow-list: nothing of the worker's environment gets here. */
function jobEnvironment(
  { order, view, order: { isolation } }: Supervision,
  command: CommandOrder,
): Record<string, string> {
  return {
    PATH: order.path,
    LANG: 'C.UTF-8',
    HOME: join(view, 'home'),
    TMPDIR: isolation.kind === 'namespaces' ? '/tmp' : join(view, 'tmp'),
    ...command.environment,
    ...order.environment,
    GOPATH: join(view, 'go'),
    ARTIFACTS: join(view, 'artifacts'),
  };
}

async function keepArtifacts({ scratch, order, storage, uid }: Supervision): Promise<void> {
  const omitted = await storeArtifacts(join(scratch, 'artifacts'), {
    storage,
    folder: `${order.folder}/artifacts`,
    limit: order.artifactLimit,
    uid,
  });
  if (omitted.length === 0) return;
  const list = JSON.stringify({ omitted: omitted.slice(0, 1000) });
  await storage.write(`${order.folder}/omitted-artifacts.json`, list);
}

interface Conclusion {
  readonly records: readonly CloneRecord[];
  readonly startedAt: Date;
  readonly code: number;
  readonly timedOut: boolean;
}

async function conclude(of: Supervision, end: Conclusion): Promise<RunResult> {
  const { order, storage, stop } = of;
  const at = new Date();
  const verdict = stop.aborted ? 'aborted' : end.code === 0 ? 'success' : 'failure';
  const results = { aborted: 'ABORTED', success: 'SUCCESS', failure: 'FAILURE' } as const;
  const result: FinishedResult = results[verdict];
  const body = finishedJson({ at, result }, commitOf(order, end.records));
  await storage.write(`${order.folder}/finished.json`, body, { contentType: 'application/json' });
  const texts = {
    aborted: await stopReason(of),
    success: 'Job succeeded.',
    failure: 'Job failed.',
  };
  return {
    verdict,
    description: texts[verdict],
    exitCode: stop.aborted ? 130 : end.code,
    startedAt: end.startedAt.toISOString(),
    finishedAt: at.toISOString(),
  };
}

async function stopReason({ folder }: Supervision): Promise<string> {
  const reason = await readFile(join(folder, FILES.stop), 'utf8').catch(() => '');
  return reason.trim() || 'The run was interrupted.';
}

function timeoutAfter(ms: number): { passed: Promise<'timeout'>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<'timeout'>((resolve) => {
    // A timer holds 31 bits of milliseconds: about 24 days.
    timer = setTimeout(() => resolve('timeout'), Math.min(ms, 2 ** 31 - 1));
  });
  return { passed, cancel: () => clearTimeout(timer) };
}

function onAbort(signal: AbortSignal): { happened: Promise<'stop'> } {
  const happened = new Promise<'stop'>((resolve) => {
    if (signal.aborted) resolve('stop');
    signal.addEventListener('abort', () => resolve('stop'), { once: true });
  });
  return { happened };
}

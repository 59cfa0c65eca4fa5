import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunObservation } from '../../workflows/contract.ts';
import { endMarked, markerOf } from './marked-processes.ts';
import { isAlive, signalProcess } from './process-identity.ts';
import { removeTree } from './remove-tree.ts';
import {
  type AttemptName,
  delist,
  enlist,
  FILES,
  folderOf,
  listed,
  type RunResult,
  readChecked,
  runResult,
  runStart,
  supervisorClaim,
  writeOnce,
} from './run-folder.ts';

/** Where an attempt stands, by its files and by who is alive; buries what died without a result. */
export async function observeAttempt(root: string, name: AttemptName): Promise<RunObservation> {
  const at = folderOf(root, name);
  const { attempt } = name;
  const claim = await readChecked(join(at, FILES.supervisor), supervisorClaim);
  const alive = claim !== undefined && isAlive(claim);
  // Read after the look at the process: a supervisor writes its result before it ends.
  const result = await readChecked(join(at, FILES.result), runResult);
  if (result !== undefined) return finished(attempt, result);
  if (alive) {
    const started = await readChecked(join(at, FILES.started), runStart);
    return { attempt, phase: started ? 'running' : 'waiting', ...started };
  }
  if (claim !== undefined) await bury(root, name);
  else if (await isWaiting(root, name)) return { attempt, phase: 'waiting' };
  // A supervisor claims before it leaves the list: whoever was in between is seen at the second look.
  else if (await isClaimed(at)) return observeAttempt(root, name);
  return { attempt, phase: 'missing' };
}

async function isClaimed(at: string): Promise<boolean> {
  return (await readChecked(join(at, FILES.supervisor), supervisorClaim)) !== undefined;
}

function finished(attempt: number, result: RunResult): RunObservation {
  const { startedAt, exitCode, ...rest } = result;
  return {
    attempt,
    phase: 'finished',
    ...rest,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(exitCode === undefined ? {} : { exitCode }),
  };
}

async function isWaiting(root: string, { uuid, attempt }: AttemptName): Promise<boolean> {
  const waiting = await listed(root, 'waiting');
  return waiting.some((one) => one.uuid === uuid && one.attempt === attempt);
}

/** A supervisor died: nothing of its run may live on. */
async function bury(root: string, name: AttemptName): Promise<void> {
  await endMarked(markerOf(name.uuid, name.attempt));
  await removeTree(join(folderOf(root, name), FILES.scratch));
  await endListing(root, name);
}

/** Takes an attempt off the lists of the living and puts it on that of news to tell. */
export async function endListing(root: string, name: AttemptName): Promise<void> {
  const before = [...(await listed(root, 'waiting')), ...(await listed(root, 'live'))];
  if (before.some((one) => one.uuid === name.uuid && one.attempt === name.attempt)) {
    await enlist(root, 'ended', { ...name, since: Date.now() });
  }
  await delist(root, 'waiting', name);
  await delist(root, 'live', name);
}

const STOP_LIMIT_MS = 30 * 60_000;
const STOP_STEP_MS = 50;

/** Ends an attempt with the grace that its job has; afterwards none of its processes lives. */
export async function stopAttempt(
  root: string,
  name: AttemptName,
  heartbeat: () => void,
): Promise<RunObservation> {
  const at = folderOf(root, name);
  await mkdir(at, { recursive: true, mode: 0o711 });
  await writeOnce(join(at, FILES.stop), 'The run was stopped.');
  // Whoever has the claim runs the attempt: taken for nobody, no supervisor can start any more.
  await writeOnce(join(at, FILES.supervisor), JSON.stringify({ pid: 0, start: '' }));
  const claim = await readChecked(join(at, FILES.supervisor), supervisorClaim);
  if (claim === undefined) throw new Error('the claim cannot be read');
  signalProcess(claim, 'SIGTERM');
  const patience = Date.now() + STOP_LIMIT_MS;
  while (isAlive(claim) && Date.now() < patience) {
    heartbeat();
    await new Promise((resolve) => setTimeout(resolve, STOP_STEP_MS));
  }
  signalProcess(claim, 'SIGKILL');
  await bury(root, name);
  return await observeAttempt(root, name);
}

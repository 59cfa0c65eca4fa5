import { type FSWatcher, mkdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { Message, RunObservation } from '../../workflows/contract.ts';
import { forgetOldRuns } from './forget-runs.ts';
import type { LocalExecutor } from './local-executor.ts';
import { markerOf } from './marked-processes.ts';
import { type AttemptName, delist, listed } from './run-folder.ts';

/** How the watcher reaches the runs' workflows, and what it does about trouble. */
export interface WatchSetting {
  readonly tell: (message: Message) => Promise<void>;
  readonly onError: (error: unknown) => void;
  readonly pollMs?: number;
}

/** A watcher that runs. */
export interface LocalWatch {
  close(): Promise<void>;
}

const POLL_MS = 1000;
/** News that nobody takes for so long are of a run that has ended: its workflow asks by itself anyway. */
const TELL_FOR_MS = 10 * 60_000;

/** Tells the workflows of this host's runs what happens to them, and starts those that wait for room. */
export function watchLocalRuns(executor: LocalExecutor, setting: WatchSetting): LocalWatch {
  const told = new Map<string, RunObservation['phase']>();
  let closed = false;
  let again = false;
  let look: Promise<void> | undefined;
  const glance = (): void => {
    if (closed) return;
    again = look !== undefined;
    look ??= lookAround({ executor, setting, told })
      .catch(setting.onError)
      .finally(() => {
        look = undefined;
        if (again) glance();
      });
  };
  const watchers = watchLists(executor.root, glance);
  const timer = setInterval(glance, setting.pollMs ?? POLL_MS);
  glance();
  forgetOldRuns(executor.root, Date.now()).catch(setting.onError);
  return {
    async close() {
      closed = true;
      clearInterval(timer);
      for (const watcher of watchers) watcher.close();
      await look;
    },
  };
}

interface Looking {
  readonly executor: LocalExecutor;
  readonly setting: WatchSetting;
  readonly told: Map<string, RunObservation['phase']>;
}

/** An attempt that ends moves from one folder to another: the system says so at once. */
function watchLists(root: string, glance: () => void): readonly FSWatcher[] {
  return ['live', 'ended'].map((list) => {
    const folder = join(root, list);
    mkdirSync(folder, { recursive: true, mode: 0o711 });
    const watcher = watch(folder, glance);
    // The poll goes on without it.
    watcher.on('error', () => watcher.close());
    return watcher;
  });
}

async function lookAround(looking: Looking): Promise<void> {
  const { executor, told } = looking;
  const { root } = executor;
  for (const one of await listed(root, 'live')) await tellChange(looking, one);
  for (const one of await listed(root, 'ended')) {
    const done = await tellChange(looking, one).then(
      () => true,
      () => Date.now() - one.since > TELL_FOR_MS,
    );
    if (!done) continue;
    await delist(root, 'ended', one);
    told.delete(markerOf(one.uuid, one.attempt));
  }
  await executor.startWaiting();
}

async function tellChange({ executor, setting, told }: Looking, name: AttemptName): Promise<void> {
  const marker = markerOf(name.uuid, name.attempt);
  const observation = await executor.observe(name);
  const news = observation.phase !== 'waiting' && told.get(marker) !== observation.phase;
  if (!news) return;
  await setting.tell({ to: 'job', uuid: name.uuid, signal: 'observed', body: observation });
  told.set(marker, observation.phase);
}

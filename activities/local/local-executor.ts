import { mkdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { RunObservation } from '../../workflows/contract.ts';
import type { Attempt, ExecutorPorts } from '../../workflows/ports.ts';
import type { RenderRun } from '../rendered-run.ts';
import type { StorageCredentials } from '../storage/credentials.ts';
import { type HostIsolation, isolationFor } from './isolation.ts';
import { makeOrder } from './make-order.ts';
import { observeAttempt, stopAttempt } from './observe-attempt.ts';
import { type AttemptName, enlist, FILES, folderOf, writeOnce } from './run-folder.ts';
import { createStarter } from './start-waiting.ts';
import { type LocalTrust, localRefusal, sharesNetwork } from './trust.ts';

/** What the local executor needs of its process. */
export interface LocalExecutorSetting {
  /** Folder of this host's runs. */
  readonly root: string;
  readonly render: RenderRun;
  /** Opens the storage that runs are kept in, in the supervisor's process. */
  readonly storageCredentials?: StorageCredentials;
  readonly cloneUrl: (org: string, repo: string) => string;
  readonly trust: LocalTrust;
  readonly isolation: HostIsolation;
  /** Folders and files of this program that no job may see: state, tokens, secrets. */
  readonly secrets: readonly string[];
  /** Supervisors at one time; by default one per core. */
  readonly maxConcurrent?: number;
  /** Bytes of artifacts that one run may leave. */
  readonly artifactLimit?: number;
  /** Says to Temporal that a long stop is still at work. */
  readonly heartbeat?: () => void;
}

/** The executor of one host, with what its watcher needs. */
export interface LocalExecutor extends ExecutorPorts {
  readonly root: string;
  observe(name: AttemptName): Promise<RunObservation>;
  /** Starts waiting attempts while there is room; oldest first. */
  startWaiting(): Promise<void>;
}

const ARTIFACT_LIMIT = 512 * 1024 * 1024;

/** Runs jobs as processes of this machine (DESIGN §5). All its state is files, so any worker may go on. */
export function createLocalExecutor(setting: LocalExecutorSetting): LocalExecutor {
  const { root } = setting;
  const observe = (name: AttemptName) => observeAttempt(root, name);
  const startWaiting = createStarter(root, setting.maxConcurrent ?? cpus().length);
  return {
    root,
    observe,
    startWaiting,
    startRun: async (attempt) => {
      const refused = await submit(attempt, setting);
      if (refused !== undefined) return refused;
      await startWaiting();
      return await observe(nameOf(attempt));
    },
    observeRun: (attempt) => observe(nameOf(attempt)),
    stopRun: (attempt) =>
      stopAttempt(root, nameOf(attempt), setting.heartbeat ?? (() => undefined)),
  };
}

function nameOf({ run, attempt }: Attempt): AttemptName {
  return { uuid: run.uuid, attempt };
}

/** Writes the order and puts the attempt in line; nothing happens if it is known already. */
async function submit(
  attempt: Attempt,
  setting: LocalExecutorSetting,
): Promise<RunObservation | undefined> {
  const name = nameOf(attempt);
  const at = folderOf(setting.root, name);
  const known = await observeAttempt(setting.root, name);
  if (known.phase !== 'missing') return undefined;
  const refusal = localRefusal(attempt.run, setting.trust, setting.isolation);
  const rendered = refusal ?? (await setting.render(attempt.run));
  if (typeof rendered === 'string') {
    return { attempt: attempt.attempt, phase: 'finished', verdict: 'error', description: rendered };
  }
  const network = sharesNetwork(attempt.run, setting.trust);
  const secrets = [setting.root, ...setting.secrets];
  const order = makeOrder(attempt, rendered, {
    ...setting,
    isolation: isolationFor(setting.isolation, { network, secrets }),
    artifactLimit: setting.artifactLimit ?? ARTIFACT_LIMIT,
  });
  // The job's user must be able to pass through, not to look around.
  await mkdir(at, { recursive: true, mode: 0o711 });
  await writeOnce(join(at, FILES.order), JSON.stringify(order));
  await enlist(setting.root, 'waiting', { ...name, since: attempt.run.createdAt });
  return undefined;
}

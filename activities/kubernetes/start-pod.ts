import { setTimeout as delay } from 'node:timers/promises';
import { SAYS } from '../../workflows/domain/job-state.ts';
import type { Attempt } from '../../workflows/ports.ts';
import type { RenderedPod } from '../rendered-run.ts';
import { ClusterRefusal, isConflict, unreachable } from './cluster-error.ts';
import { markedPod } from './make-pod.ts';
import { observePod, type PodObservation } from './observe-pod.ts';
import { MARKS, type Pod } from './pod.ts';
import type { PodApi } from './pod-api.ts';

/** How long an older pod of the same name may take to go. */
export interface StartPatience {
  /** Milliseconds. */
  readonly replaceWithin: number;
}

const STEP_MS = 200;

/**
 * Creates an attempt's pod. One that is there already is adopted if it is of this very attempt, else it is
 * deleted first (DESIGN §4): so whoever asks twice finds one pod.
 */
export async function startPod(
  api: PodApi,
  { pod, attempt }: { readonly pod: RenderedPod; readonly attempt: Attempt },
  patience: StartPatience,
): Promise<PodObservation> {
  const until = Date.now() + patience.replaceWithin;
  for (;;) {
    const outcome = await tryCreate(api, pod, attempt);
    if (outcome !== 'taken') return outcome;
    const present = await api.read(pod.metadata);
    if (present?.metadata.labels[MARKS.buildId] === attempt.buildId) return observePod(present);
    if (present !== undefined) await giveWay(api, present, until);
  }
}

async function tryCreate(
  api: PodApi,
  pod: RenderedPod,
  attempt: Attempt,
): Promise<PodObservation | 'taken'> {
  try {
    return observePod(await api.create(pod.metadata.namespace, markedPod(pod, attempt)));
  } catch (error) {
    if (!(error instanceof ClusterRefusal)) throw error;
    return isConflict(error) ? 'taken' : refused(error);
  }
}

/** An older pod's end was seen, or nobody will see it any more. */
async function giveWay(api: PodApi, old: Pod, until: number): Promise<void> {
  await api.release(old);
  await api.remove(old);
  for (;;) {
    const present = await api.read(old.metadata);
    if (present?.metadata.uid !== old.metadata.uid) return;
    if (Date.now() > until) break;
    await delay(STEP_MS);
  }
  // Its node does not answer: it shall at least not be in the way.
  await api.remove(old, 0);
  if ((await api.read(old.metadata))?.metadata.uid !== old.metadata.uid) return;
  throw unreachable(api.alias, `the pod ${old.metadata.name} of an earlier attempt does not go`);
}

function refused({ message }: ClusterRefusal): PodObservation {
  return { phase: 'finished', verdict: 'error', description: SAYS.cannotStart(message) };
}

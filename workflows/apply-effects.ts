import { CancellationScope, isCancellation, log } from '@temporalio/workflow';
import type { Applied } from './domain/applied.ts';
import type { KeyedEffect } from './domain/effect.ts';
import type { EffectPorts, EffectTarget } from './ports.ts';
import { eventually, soon } from './proxies.ts';

/** Effects that were decided and are not carried out yet, by key. */
export interface Parking {
  readonly effects: Map<string, ParkedEffect>;
}

interface ParkedEffect {
  readonly keyed: KeyedEffect;
  readonly scope: CancellationScope;
  readonly done: Promise<void>;
}

/** Who hears of what became of an effect. */
export interface EffectSink {
  readonly target: EffectTarget;
  readonly parking: Parking;
  readonly learn: (keyed: KeyedEffect, applied: Applied) => void;
}

/**
 * Carries effects out, comments in their order, the rest side by side. What is not done within 20 s is
 * parked under its key and tried on in the background; then the mailbox goes on.
 */
export async function applyEffects(
  sink: EffectSink,
  effects: readonly KeyedEffect[],
): Promise<void> {
  const comments = effects.filter(isComment);
  const others = effects.filter((keyed) => !isComment(keyed));
  await Promise.all([
    ...others.map((keyed) => applyOne(sink, keyed)),
    applyInOrder(sink, comments),
  ]);
}

/** Behind a comment that is stuck the others do not wait in line for 20 s each. */
async function applyInOrder(sink: EffectSink, comments: readonly KeyedEffect[]): Promise<void> {
  let isStuck = false;
  for (const keyed of comments) {
    if (isStuck) {
      await withdraw(sink.parking, keyed.key);
      park(sink, keyed);
    } else {
      isStuck = !(await applyOne(sink, keyed));
    }
  }
}

function isComment(keyed: KeyedEffect): boolean {
  return keyed.key.startsWith('comment:') || keyed.key.startsWith('family:');
}

/** False if it is parked. */
async function applyOne(sink: EffectSink, keyed: KeyedEffect): Promise<boolean> {
  await withdraw(sink.parking, keyed.key);
  try {
    sink.learn(keyed, await carryOut(soon, sink.target, keyed));
    return true;
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('effect parked', { key: keyed.key, effect: keyed.effect.kind });
    park(sink, { ...keyed, again: true });
    return false;
  }
}

/** Tries an effect on in the background until it is done, replaced or a day old. */
export function park(sink: EffectSink, keyed: KeyedEffect): void {
  const scope = new CancellationScope({ cancellable: true });
  const done = scope
    .run(() => carryOut(eventually, sink.target, keyed))
    .then(
      (applied) => sink.learn(keyed, applied),
      (error: unknown) => {
        if (isCancellation(error)) return;
        const message = 'GitHub could not be reached for a day';
        sink.learn(keyed, { kind: 'refused', status: 0, message });
      },
    )
    .finally(() => {
      if (sink.parking.effects.get(keyed.key)?.scope === scope) {
        sink.parking.effects.delete(keyed.key);
      }
    });
  sink.parking.effects.set(keyed.key, { keyed, scope, done });
}

/** Takes a parked effect back; returns when no try of it can be under way any more. */
export async function withdraw(parking: Parking, key: string): Promise<void> {
  const parked = parking.effects.get(key);
  if (parked === undefined) return;
  parking.effects.delete(key);
  parked.scope.cancel();
  await parked.done;
}

function carryOut(
  activities: EffectPorts,
  target: EffectTarget,
  keyed: KeyedEffect,
): Promise<Applied> {
  const { effect } = keyed;
  switch (effect.kind) {
    case 'add-label':
    case 'remove-label':
      return activities.changeLabel(target, keyed);
    case 'comment':
    case 'prune-comments':
    case 'replace-comment':
    case 'edit-comment':
      return activities.changeComment(target, keyed);
    case 'assign':
    case 'request-review':
      return activities.changePeople(target, keyed);
    case 'set-status':
      return activities.writeStatus(target, keyed);
    case 'approve-workflow-runs':
    case 'rerun-workflow-runs':
      return activities.steerActions(target, keyed);
    case 'start-run':
    case 'abort-runs':
      throw new Error(`the effect ${effect.kind} is carried out by the workflow itself`);
  }
}

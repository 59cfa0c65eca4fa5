import type { KeyedEffect } from './effect.ts';
import { presentLabels } from './label-facts.ts';
import { familyNotes, isAlreadySo, type WorkingCopy } from './working-copy.ts';

/** What has to be done, and which waiting effects nobody wants any more. */
export interface NetChange {
  readonly effects: readonly KeyedEffect[];
  readonly withdrawn: readonly string[];
}

/** The net difference of a batch: what of the touched keys differs from what GitHub has. */
export function netChange(copy: WorkingCopy, waiting: readonly KeyedEffect[]): NetChange {
  const before = new Map(waiting.map((effect) => [effect.key, effect]));
  const labels = { wanted: presentLabels(copy.wanted), actual: presentLabels(copy.actual) };
  const effects: KeyedEffect[] = [];
  const withdrawn: string[] = [];
  for (const keyed of copy.touched.values()) {
    const earlier = before.get(keyed.key);
    if (!isNeeded(keyed, copy, labels) && !contradicts(keyed, earlier)) {
      if (earlier !== undefined) withdrawn.push(keyed.key);
      continue;
    }
    const current = forHeadOf(withOwnLook(keyed, earlier), copy);
    if (current !== keyed || earlier?.id !== keyed.id) effects.push(current);
  }
  return { effects, withdrawn };
}

/**
 * A waiting effect may have reached GitHub without an answer reaching us: what takes its place is carried out
 * even if nothing but that effect speaks for it.
 */
function contradicts({ effect, id }: KeyedEffect, earlier: KeyedEffect | undefined): boolean {
  if (earlier === undefined || earlier.id === id) return false;
  switch (effect.kind) {
    case 'add-label':
    case 'remove-label':
      return earlier.effect.kind !== effect.kind;
    case 'set-status':
    case 'prune-comments':
    case 'replace-comment':
      return true;
    case 'comment':
    case 'edit-comment':
    case 'assign':
    case 'request-review':
    case 'start-run':
    case 'abort-runs':
    case 'approve-workflow-runs':
    case 'rerun-workflow-runs':
      return false;
  }
}

/** Which comments of the family there are only GitHub can say while an earlier effect on them is open. */
function withOwnLook(keyed: KeyedEffect, earlier: KeyedEffect | undefined): KeyedEffect {
  if (earlier === undefined || earlier.id === keyed.id) return keyed;
  const { effect } = keyed;
  if (effect.kind !== 'prune-comments' && effect.kind !== 'replace-comment') return keyed;
  const { ids: _ids, ...rest } = effect;
  return { ...keyed, effect: rest, again: true };
}

/** What still stands after all events of the batch was decided on the head that they led to. */
function forHeadOf(keyed: KeyedEffect, { wanted }: WorkingCopy): KeyedEffect {
  if (keyed.forHead === undefined || keyed.forHead === wanted.headSha) return keyed;
  return { ...keyed, forHead: wanted.headSha };
}

function isNeeded(
  keyed: KeyedEffect,
  copy: WorkingCopy,
  labels: { readonly wanted: ReadonlySet<string>; readonly actual: ReadonlySet<string> },
): boolean {
  const { effect } = keyed;
  switch (effect.kind) {
    case 'add-label':
    case 'remove-label':
      return labels.wanted.has(effect.label) !== labels.actual.has(effect.label);
    case 'comment':
      // A help comment that a later event of the batch pruned is never written.
      return (
        effect.marker === undefined ||
        familyNotes(copy.wanted, effect.marker).some((note) => note.htmlUrl === `#${keyed.id}`)
      );
    case 'prune-comments':
    case 'replace-comment':
    case 'assign':
    case 'set-status':
      return !isAlreadySo(copy.actual, effect);
    case 'edit-comment':
    case 'request-review':
    case 'start-run':
    case 'abort-runs':
    case 'approve-workflow-runs':
    case 'rerun-workflow-runs':
      return true;
  }
}

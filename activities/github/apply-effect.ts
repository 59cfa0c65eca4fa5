import { ApplicationFailure } from '@temporalio/common';
import type { Effect, KeyedEffect } from '../../workflows/domain/effect.ts';
import type { Applied, EffectPorts, EffectTarget } from '../../workflows/ports.ts';
import { changeComment } from './change-comment.ts';
import { changeLabel } from './change-label.ts';
import { changePeople } from './change-people.ts';
import type { GitHub } from './client.ts';
import { carryOut, type EffectDependencies, type Order } from './effect-outcome.ts';
import { READ_LAG } from './settling.ts';
import { steerActions } from './steer-actions.ts';
import { writeStatus } from './write-status.ts';

type Kind = Effect['kind'];
type Of<K extends Kind> = Extract<Effect, { kind: K }>;

function isOneOf<K extends Kind>(effect: Effect, kinds: readonly K[]): effect is Of<K> {
  return kinds.some((kind) => kind === effect.kind);
}

/** The activities that carry effects out, one per family of writes. */
export function createEffectActivities({
  github,
  readLagMs = READ_LAG,
}: {
  readonly github: GitHub;
  readonly readLagMs?: number;
}): EffectPorts {
  const dependencies: EffectDependencies = { github, readLagMs };

  function activity<K extends Kind>(
    kinds: readonly K[],
    act: (dependencies: EffectDependencies, order: Order<Of<K>>) => Promise<Applied>,
  ) {
    return async (target: EffectTarget, keyed: KeyedEffect): Promise<Applied> => {
      const { effect } = keyed;
      if (!isOneOf(effect, kinds)) {
        throw ApplicationFailure.nonRetryable(
          `not for this activity: ${effect.kind}`,
          'WrongEffect',
        );
      }
      const order = { target, keyed, effect };
      return carryOut(dependencies, order, () => act(dependencies, order));
    };
  }
  return {
    changeLabel: activity(['add-label', 'remove-label'], changeLabel),
    changeComment: activity(
      ['comment', 'prune-comments', 'replace-comment', 'edit-comment'],
      changeComment,
    ),
    changePeople: activity(['assign', 'request-review'], changePeople),
    writeStatus: activity(['set-status'], writeStatus),
    steerActions: activity(['approve-workflow-runs', 'rerun-workflow-runs'], steerActions),
  };
}

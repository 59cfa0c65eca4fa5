import type { Effect } from '../../workflows/domain/effect.ts';
import type { Applied } from '../../workflows/ports.ts';
import {
  answeredAt,
  asking,
  type EffectDependencies,
  issueOf,
  type Order,
} from './effect-outcome.ts';
import { refusalOf } from './http/failure.ts';
import { issuePath } from './read/reading.ts';

type LabelEffect = Extract<Effect, { kind: 'add-label' | 'remove-label' }>;

const NOT_THERE = /label does not exist/i;

/** Adds or removes a label; answers with all labels that are there afterwards. */
export async function changeLabel(
  dependencies: EffectDependencies,
  order: Order<LabelEffect>,
): Promise<Applied> {
  const ask = asking(order, dependencies);
  const issue = issuePath(issueOf(order));
  const { kind, label } = order.effect;
  try {
    const answer =
      kind === 'add-label'
        ? await ask('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', {
            ...issue,
            labels: [label],
          })
        : await ask('DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}', {
            ...issue,
            name: label,
          });
    return { kind: 'done', at: answeredAt(answer), labels: answer.data.map(({ name }) => name) };
  } catch (error) {
    const refusal = refusalOf(error);
    if (kind !== 'remove-label' || refusal?.status !== 404 || !NOT_THERE.test(refusal.message)) {
      throw error;
    }
    return { kind: 'done', at: new Date().toISOString() };
  }
}

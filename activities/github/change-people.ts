import type { Effect } from '../../workflows/domain/effect.ts';
import type { Applied } from '../../workflows/ports.ts';
import {
  answeredAt,
  asking,
  type EffectDependencies,
  issueOf,
  type Order,
} from './effect-outcome.ts';
import { type Refusal, refusalOf } from './http/failure.ts';
import { issuePath, pullPath } from './read/reading.ts';

type PeopleEffect = Extract<Effect, { kind: 'assign' | 'request-review' }>;

/** GitHub drops whom it does not accept without a word: the answer has who is assigned now. */
async function assign(
  dependencies: EffectDependencies,
  order: Order<PeopleEffect>,
): Promise<Applied> {
  const answer = await asking(order, dependencies)(
    'POST /repos/{owner}/{repo}/issues/{issue_number}/assignees',
    { ...issuePath(issueOf(order)), assignees: [...order.effect.logins] },
  );
  const assignees = (answer.data.assignees ?? []).map(({ login }) => login);
  return { kind: 'done', at: answeredAt(answer), assignees };
}

async function request(
  dependencies: EffectDependencies,
  order: Order<PeopleEffect>,
  logins: readonly string[],
): Promise<Applied | Refusal> {
  try {
    const answer = await asking(order, dependencies)(
      'POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers',
      { ...pullPath(issueOf(order)), reviewers: [...logins] },
    );
    return { kind: 'done', at: answeredAt(answer) };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal?.status === 422) return refusal;
    throw error;
  }
}

/** One name that GitHub does not accept spoils the whole request: then each is asked alone. */
async function requestReview(
  dependencies: EffectDependencies,
  order: Order<PeopleEffect>,
): Promise<Applied> {
  const { logins } = order.effect;
  const together = await request(dependencies, order, logins);
  if ('kind' in together) return together;
  if (logins.length < 2) return { kind: 'refused', ...together };
  const refused: string[] = [];
  for (const login of logins) {
    const alone = await request(dependencies, order, [login]);
    if (!('kind' in alone)) refused.push(login);
  }
  if (refused.length === 0) return { kind: 'done', at: new Date().toISOString() };
  const message = `no review could be requested from ${refused.join(', ')}: ${together.message}`;
  return { kind: 'refused', status: together.status, message };
}

/** Assigns people, or asks them for a review. */
export function changePeople(
  dependencies: EffectDependencies,
  order: Order<PeopleEffect>,
): Promise<Applied> {
  return order.effect.kind === 'assign'
    ? assign(dependencies, order)
    : requestReview(dependencies, order);
}

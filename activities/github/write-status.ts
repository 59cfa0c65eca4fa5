import type { Effect } from '../../workflows/domain/effect.ts';
import type { Applied } from '../../workflows/ports.ts';
import { answeredAt, asking, type EffectDependencies, type Order } from './effect-outcome.ts';
import { type Refusal, refusalOf } from './http/failure.ts';
import { repositoryPath } from './read/reading.ts';
import { readStatuses } from './read/statuses.ts';
import { settled } from './settling.ts';

type StatusEffect = Extract<Effect, { kind: 'set-status' }>;

/** What GitHub takes of a description, in code points. */
const LONGEST_DESCRIPTION = 140;
/** Answers after which there is nothing more to do (J§7.3, R07). */
const POINTLESS = /no commit found for sha|maximum number of statuses/i;

function cut(description: string): string {
  return [...description].slice(0, LONGEST_DESCRIPTION).join('');
}

function pointless({ status, message }: Refusal): boolean {
  return status === 404 || (status === 422 && POINTLESS.test(message));
}

/** Whether the attempt before this one had written it already. */
async function written(
  { github, readLagMs }: EffectDependencies,
  { target: { repository }, keyed, effect }: Order<StatusEffect>,
): Promise<string | undefined> {
  if (!(await settled(readLagMs, keyed.again === true))) return undefined;
  const statuses = await readStatuses(github, { repository, sha: effect.sha }, { fresh: true });
  const there = statuses[effect.context];
  const same =
    there?.state === effect.state &&
    there.description === cut(effect.description) &&
    there.targetUrl === effect.targetUrl;
  return same ? there.at : undefined;
}

/** Writes a commit status once. */
export async function writeStatus(
  dependencies: EffectDependencies,
  order: Order<StatusEffect>,
): Promise<Applied> {
  const { sha, context, state, description, targetUrl } = order.effect;
  try {
    const before = await written(dependencies, order);
    if (before !== undefined) return { kind: 'done', at: before };
    const answer = await asking(order, dependencies)('POST /repos/{owner}/{repo}/statuses/{sha}', {
      ...repositoryPath(order.target.repository),
      sha,
      state,
      context,
      description: cut(description),
      ...(targetUrl === '' ? {} : { target_url: targetUrl }),
    });
    return { kind: 'done', at: answeredAt(answer) };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined || !pointless(refusal)) throw error;
    return { kind: 'done', at: new Date().toISOString() };
  }
}

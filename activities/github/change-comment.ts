import { hasKey, withKey } from '../../workflows/domain/comment-family.ts';
import type { Effect } from '../../workflows/domain/effect.ts';
import type { Applied } from '../../workflows/ports.ts';
import {
  answeredAt,
  asking,
  type EffectDependencies,
  issueOf,
  type Order,
} from './effect-outcome.ts';
import { readFamily, readOwnComments } from './families.ts';
import { firstScheduledAt } from './http/deadline.ts';
import { refusalOf } from './http/failure.ts';
import { type CommentRead, commentOf } from './read/comments.ts';
import { issuePath, repositoryPath } from './read/reading.ts';
import { settled } from './settling.ts';

/** Effects on the bot's own comments. */
export type CommentEffect = Extract<
  Effect,
  { kind: 'comment' | 'prune-comments' | 'replace-comment' | 'edit-comment' }
>;
type Of<K extends CommentEffect['kind']> = Order<Extract<CommentEffect, { kind: K }>>;
type WithBody = Of<'comment' | 'replace-comment' | 'edit-comment'>;

/** GitHub's clock and ours may differ by this much. */
const CLOCK_SLACK = 60_000;

function doneWith(comment: CommentRead, deletedIds?: readonly number[]): Applied {
  return {
    kind: 'done',
    at: comment.updatedAt,
    commentId: comment.id,
    commentUrl: comment.htmlUrl,
    ...(deletedIds === undefined ? {} : { deletedIds }),
  };
}

/** What the attempt before this one wrote before its answer was lost. */
async function writtenBefore(
  { github, readLagMs }: EffectDependencies,
  order: Order,
): Promise<CommentRead | undefined> {
  const again = order.keyed.again === true;
  if (!(await settled(readLagMs, again))) return undefined;
  // A parked effect may have been tried long before this activity was scheduled.
  const since = again ? {} : { since: new Date(firstScheduledAt() - CLOCK_SLACK).toISOString() };
  const comments = await readOwnComments(github, { ...issueOf(order), ...since });
  return comments.find(({ body }) => hasKey(body, order.keyed.id));
}

async function create(dependencies: EffectDependencies, order: WithBody): Promise<CommentRead> {
  const answer = await asking(order, dependencies)(
    'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
    { ...issuePath(issueOf(order)), body: withKey(order.effect.body, order.keyed.id) },
  );
  return commentOf(answer.data);
}

/** Deletes one after the other; one that is gone already is deleted too. */
async function deleteAll(
  dependencies: EffectDependencies,
  order: Order,
  ids: readonly number[],
): Promise<string> {
  const ask = asking(order, dependencies);
  let at = new Date().toISOString();
  for (const id of ids) {
    try {
      const answer = await ask('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', {
        ...repositoryPath(order.target.repository),
        comment_id: id,
      });
      at = answeredAt(answer);
    } catch (error) {
      if (refusalOf(error)?.status !== 404) throw error;
    }
  }
  return at;
}

async function add(dependencies: EffectDependencies, order: WithBody): Promise<Applied> {
  const before = await writtenBefore(dependencies, order);
  return doneWith(before ?? (await create(dependencies, order)));
}

async function prune(
  dependencies: EffectDependencies,
  order: Of<'prune-comments'>,
): Promise<Applied> {
  const { ids, marker } = order.effect;
  const deletedIds =
    ids ??
    (await readFamily(dependencies.github, { ...issueOf(order), marker })).map(({ id }) => id);
  return { kind: 'done', at: await deleteAll(dependencies, order, deletedIds), deletedIds };
}

async function replace(
  dependencies: EffectDependencies,
  order: Of<'replace-comment'>,
): Promise<Applied> {
  const { ids, marker, body } = order.effect;
  const before = await writtenBefore(dependencies, order);
  const family =
    ids === undefined ? await readFamily(dependencies.github, { ...issueOf(order), marker }) : [];
  const newest = family.at(-1);
  const upToDate = newest?.body.includes(body.trimEnd()) === true ? newest : undefined;
  const kept = before ?? upToDate;
  const old = (ids ?? family.map(({ id }) => id)).filter((id) => id !== kept?.id);
  await deleteAll(dependencies, order, old);
  return doneWith(kept ?? (await create(dependencies, order)), old);
}

async function edit(dependencies: EffectDependencies, order: Of<'edit-comment'>): Promise<Applied> {
  const { id, body } = order.effect;
  try {
    const answer = await asking(order, dependencies)(
      'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
      {
        ...repositoryPath(order.target.repository),
        comment_id: id,
        body: withKey(body, order.keyed.id),
      },
    );
    return doneWith(commentOf(answer.data));
  } catch (error) {
    // Somebody deleted it: what it has to say is still to be said.
    if (refusalOf(error)?.status === 404) return add(dependencies, order);
    throw error;
  }
}

/** Writes, deletes, replaces or edits comments of ours; each new one at most once. */
export function changeComment(
  dependencies: EffectDependencies,
  order: Order<CommentEffect>,
): Promise<Applied> {
  const { effect } = order;
  switch (effect.kind) {
    case 'comment':
      return add(dependencies, { ...order, effect });
    case 'prune-comments':
      return prune(dependencies, { ...order, effect });
    case 'replace-comment':
      return replace(dependencies, { ...order, effect });
    case 'edit-comment':
      return edit(dependencies, { ...order, effect });
  }
}

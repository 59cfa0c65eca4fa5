import { z } from 'zod';
import { type Answer, answer, list, noContent } from '../http/answer.ts';
import { notFound } from '../http/errors.ts';
import { bodyOf, type Call, issueOf, param, type Route, repoOf, route } from '../http/route.ts';
import { timestamp } from '../hub.ts';
import { renderUser } from '../render/account.ts';
import { nodeId } from '../render/urls.ts';
import { REACTIONS, type Reaction } from '../state/reactions.ts';
import { commitCommentOf } from './commit-comments.ts';
import { sceneOf } from './scene.ts';

const newReaction = z.object({ content: z.enum(REACTIONS) });

interface Reactable {
  reactions?: Reaction[];
}

function render(call: Call, reaction: Reaction): Record<string, unknown> {
  return {
    id: reaction.id,
    node_id: nodeId('Reaction', reaction.id),
    user: renderUser(call.hub, reaction.author),
    content: reaction.content,
    created_at: reaction.createdAt,
  };
}

function issueComment(call: Call): Reactable {
  const id = Number(param(call, 'id'));
  const comments = Object.values(repoOf(call).issues).flatMap((issue) => issue.comments);
  return comments.find((comment) => comment.id === id) ?? notFound();
}

function reviewComment(call: Call): Reactable {
  const id = Number(param(call, 'id'));
  const comments = Object.values(repoOf(call).issues).flatMap(
    (issue) => issue.pull?.reviewComments ?? [],
  );
  return comments.find((comment) => comment.id === id) ?? notFound();
}

/** The same reaction of the same user twice is a 200 with the first. */
function create(call: Call, place: Reactable): Answer {
  const { hub, actor } = sceneOf(call);
  const { content } = bodyOf(call, newReaction);
  const given = place.reactions ?? [];
  place.reactions = given;
  const known = given.find((one) => one.author === actor.login && one.content === content);
  if (known) return answer(200, render(call, known));
  const author = actor.login;
  const reaction = { id: hub.store.nextId(), author, content, createdAt: timestamp() };
  given.push(reaction);
  return answer(201, render(call, reaction));
}

function remove(call: Call, place: Reactable): Answer {
  const { actor } = sceneOf(call);
  const id = Number(param(call, 'reaction'));
  const given = place.reactions ?? [];
  const index = given.findIndex((one) => one.id === id && one.author === actor.login);
  if (index < 0) return notFound();
  given.splice(index, 1);
  return noContent();
}

function below(path: string, placeOf: (call: Call) => Reactable): readonly Route[] {
  const prefix = `/repos/:owner/:repo/${path}/reactions`;
  return [
    route('GET', prefix, (call) => {
      const wanted = call.query['content'];
      const given = placeOf(call).reactions ?? [];
      const found = given.filter(({ content }) => wanted === undefined || content === wanted);
      return list(found, (reaction) => render(call, reaction));
    }),
    route('POST', prefix, (call) => create(call, placeOf(call))),
    route('DELETE', `${prefix}/:reaction`, (call) => remove(call, placeOf(call))),
  ];
}

/** Reactions to issues and comments. */
export const reactionRoutes: readonly Route[] = [
  ...below('issues/:number', issueOf),
  ...below('issues/comments/:id', issueComment),
  ...below('pulls/comments/:id', reviewComment),
  ...below('comments/:id', commitCommentOf),
];

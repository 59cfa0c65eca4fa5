import { z } from 'zod';
import { addComment, deleteComment, editComment } from '../actions/issues.ts';
import { created, list, noContent, ok } from '../http/answer.ts';
import { notFound, refuse } from '../http/errors.ts';
import { checkComment } from '../http/length.ts';
import { bodyOf, type Call, issueOf, param, type Route, repoOf, route } from '../http/route.ts';
import { renderComment } from '../render/issue.ts';
import type { Comment, Issue } from '../state/model.ts';
import { atLeastOf } from '../state/permissions.ts';
import { sceneOf } from './scene.ts';

const text = z.object({ body: z.string().min(1) });

interface Place {
  readonly issue: Issue;
  readonly comment: Comment;
}

function placeOf(call: Call): Place {
  const id = Number(param(call, 'id'));
  for (const issue of Object.values(repoOf(call).issues)) {
    const comment = issue.comments.find((known) => known.id === id);
    if (comment) return { issue, comment };
  }
  return notFound();
}

function since(call: Call): (comment: Comment) => boolean {
  const moment = call.query['since'];
  return (comment) => moment === undefined || Date.parse(comment.updatedAt) >= Date.parse(moment);
}

function listAll(call: Call) {
  const repo = repoOf(call);
  const wanted = since(call);
  const key = call.query['sort'] === 'updated' ? 'updatedAt' : 'createdAt';
  const sign = call.query['direction'] === 'desc' ? -1 : 1;
  const places = Object.values(repo.issues)
    .flatMap((issue) => issue.comments.map((comment) => ({ issue, comment })))
    .filter((place) => wanted(place.comment))
    .sort(
      ({ comment: one }, { comment: other }) =>
        sign * (one[key].localeCompare(other[key]) || one.id - other.id),
    );
  return list(places, ({ issue, comment }) => renderComment(call.hub, repo, { issue, comment }));
}

function textOf(call: Call): string {
  const { body } = bodyOf(call, text);
  checkComment(body);
  return body;
}

function ownOr(call: Call, place: Place) {
  return sceneOf(call, place.comment.author === call.actor?.login ? 'read' : 'write');
}

/** Comments on issues and pull requests. */
export const commentRoutes: readonly Route[] = [
  route('GET', '/repos/:owner/:repo/issues/comments', listAll),
  route('GET', '/repos/:owner/:repo/issues/:number/comments', (call) => {
    const repo = repoOf(call);
    const issue = issueOf(call);
    return list(issue.comments.filter(since(call)), (comment) =>
      renderComment(call.hub, repo, { issue, comment }),
    );
  }),
  route('POST', '/repos/:owner/:repo/issues/:number/comments', (call) => {
    const issue = issueOf(call);
    const scene = sceneOf(call);
    const may = call.hub.permissionOf(scene.repo, scene.actor.login);
    if (issue.locked && !atLeastOf(may, 'write')) {
      refuse(403, 'Unable to create comment because issue is locked.');
    }
    const comment = addComment(scene, issue, textOf(call));
    return created(renderComment(call.hub, scene.repo, { issue, comment }));
  }),
  route('GET', '/repos/:owner/:repo/issues/comments/:id', (call) => {
    const { issue, comment } = placeOf(call);
    return ok(renderComment(call.hub, repoOf(call), { issue, comment }));
  }),
  route('PATCH', '/repos/:owner/:repo/issues/comments/:id', (call) => {
    const place = placeOf(call);
    const scene = ownOr(call, place);
    editComment(scene, place, textOf(call));
    return ok(renderComment(call.hub, scene.repo, place));
  }),
  route('DELETE', '/repos/:owner/:repo/issues/comments/:id', (call) => {
    const place = placeOf(call);
    deleteComment(ownOr(call, place), place);
    return noContent();
  }),
];

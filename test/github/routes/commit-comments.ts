import { z } from 'zod';
import { emit } from '../actions/emit.ts';
import { type Answer, created, list, noContent, ok } from '../http/answer.ts';
import { notFound, refuse } from '../http/errors.ts';
import { bodyOf, type Call, param, type Route, repoOf, route } from '../http/route.ts';
import { timestamp } from '../hub.ts';
import { renderCommitComment } from '../render/commit-comment.ts';
import type { CommitComment } from '../state/commit-comments.ts';
import { hasCommit, shaOf } from './revisions.ts';
import { sceneOf } from './scene.ts';

const text = z.object({ body: z.string().min(1) });
const newComment = text.extend({
  path: z.string().nullish(),
  position: z.number().int().nullish(),
  line: z.number().int().nullish(),
});

/** The comment of the path. */
export function commitCommentOf(call: Call): CommitComment {
  const id = Number(param(call, 'id'));
  return repoOf(call).commitComments?.find((one) => one.id === id) ?? notFound();
}

/** Whoever wrote it, or may write the repository. */
function own(call: Call) {
  const comment = commitCommentOf(call);
  const need = comment.author === call.actor?.login ? 'read' : 'write';
  return { comment, ...sceneOf(call, need) };
}

async function create(call: Call): Promise<Answer> {
  const scene = sceneOf(call);
  const { hub, repo, actor } = scene;
  const input = bodyOf(call, newComment);
  const sha = param(call, 'sha');
  if (!(await hasCommit(hub, repo, sha))) refuse(422, `No commit found for SHA: ${sha}`);
  const now = timestamp();
  const comment: CommitComment = {
    id: hub.store.nextId(),
    author: actor.login,
    commitId: sha,
    body: input.body,
    path: input.path ?? null,
    position: input.position ?? null,
    line: input.line ?? null,
    createdAt: now,
    updatedAt: now,
  };
  repo.commitComments = [...(repo.commitComments ?? []), comment];
  emit(scene, {
    event: 'commit_comment',
    action: 'created',
    about: `${sha} comment ${comment.id}`,
    payload: () => ({ comment: renderCommitComment(hub, repo, comment) }),
  });
  return created(renderCommitComment(hub, repo, comment));
}

function listed(call: Call, sha?: string): Answer {
  const repo = repoOf(call);
  const found = (repo.commitComments ?? []).filter(
    ({ commitId }) => sha === undefined || commitId === sha,
  );
  return list(found, (comment) => renderCommitComment(call.hub, repo, comment));
}

const COMMENT = '/repos/:owner/:repo/comments/:id';

/** Comments on commits; GitHub tells hooks of new ones only. */
export const commitCommentRoutes: readonly Route[] = [
  route('GET', '/repos/:owner/:repo/comments', (call) => listed(call)),
  route('GET', '/repos/:owner/:repo/commits/:sha+/comments', async (call) =>
    listed(call, await shaOf(call.hub, repoOf(call), param(call, 'sha'))),
  ),
  route('POST', '/repos/:owner/:repo/commits/:sha+/comments', create),
  route('GET', COMMENT, (call) =>
    ok(renderCommitComment(call.hub, repoOf(call), commitCommentOf(call))),
  ),
  route('PATCH', COMMENT, (call) => {
    const { comment, hub, repo } = own(call);
    comment.body = bodyOf(call, text).body;
    comment.updatedAt = timestamp();
    return ok(renderCommitComment(hub, repo, comment));
  }),
  route('DELETE', COMMENT, (call) => {
    const { comment, repo } = own(call);
    repo.commitComments = (repo.commitComments ?? []).filter((one) => one !== comment);
    return noContent();
  }),
];

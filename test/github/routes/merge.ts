import { z } from 'zod';
import { mergePull, updateBranch } from '../actions/merge.ts';
import { answer, noContent, ok } from '../http/answer.ts';
import { notFound } from '../http/errors.ts';
import { bodyOf, pullOf, type Route, route } from '../http/route.ts';
import { repoPage } from '../render/urls.ts';
import { sceneOf } from './scene.ts';

const mergeRequest = z.object({
  sha: z.string().optional(),
  merge_method: z.enum(['merge', 'squash', 'rebase']).default('merge'),
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
});
const updateRequest = z.object({ expected_head_sha: z.string().optional() });

/** Merging, and bringing a pull request up to date. */
export const mergeRoutes: readonly Route[] = [
  route('GET', '/repos/:owner/:repo/pulls/:number/merge', (call) =>
    pullOf(call).pull.merged ? noContent() : notFound(),
  ),
  route('PUT', '/repos/:owner/:repo/pulls/:number/merge', async (call) => {
    const issue = pullOf(call);
    const input = bodyOf(call, mergeRequest);
    const sha = await mergePull(sceneOf(call, 'write'), issue, {
      method: input.merge_method,
      sha: input.sha,
      title: input.commit_title,
      message: input.commit_message,
    });
    return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
  }),
  route('PUT', '/repos/:owner/:repo/pulls/:number/update-branch', async (call) => {
    const issue = pullOf(call);
    const scene = sceneOf(call, 'write');
    await updateBranch(scene, issue, bodyOf(call, updateRequest).expected_head_sha);
    const url = repoPage(call.hub, scene.repo, `/pull/${issue.number}`);
    return answer(202, { message: 'Updating pull request branch.', url });
  }),
];

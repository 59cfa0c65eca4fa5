import { z } from 'zod';
import { addStatus, combinedState, newestStatuses } from '../actions/statuses.ts';
import { type Answer, created, list, wrappedList } from '../http/answer.ts';
import { refuse } from '../http/errors.ts';
import { bodyOf, type Call, param, type Route, repoOf, route } from '../http/route.ts';
import { renderStatus } from '../render/commit.ts';
import { renderRepo } from '../render/repository.ts';
import { repoApi } from '../render/urls.ts';
import type { Repo } from '../state/model.ts';
import { hasCommit, shaOf } from './revisions.ts';
import { sceneOf } from './scene.ts';

const newStatus = z.object({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  context: z.string().default('default'),
  description: z.string().max(140).nullish(),
  target_url: z.string().nullish(),
});

async function create(call: Call): Promise<Answer> {
  const scene = sceneOf(call, 'write');
  const sha = param(call, 'sha');
  const input = bodyOf(call, newStatus);
  if (!(await hasCommit(call.hub, scene.repo, sha))) {
    return refuse(422, `No commit found for SHA: ${sha}`);
  }
  const known = scene.repo.statuses[sha] ?? [];
  const most = call.hub.settings.statusesPerContext;
  if (known.filter(({ context }) => context === input.context).length >= most) {
    return refuse(422, 'Validation Failed', [
      { message: 'This SHA and context has reached the maximum number of statuses.' },
    ]);
  }
  const status = await addStatus(scene, sha, {
    state: input.state,
    context: input.context,
    description: input.description ?? null,
    targetUrl: input.target_url || null,
  });
  return created(renderStatus(call.hub, scene.repo, { sha, status }));
}

function listAt(call: Call, repo: Repo, sha: string): Answer {
  const statuses = [...(repo.statuses[sha] ?? [])].reverse();
  return list(statuses, (status) => renderStatus(call.hub, repo, { sha, status }));
}

async function listStatuses(call: Call): Promise<Answer> {
  const repo = repoOf(call);
  return listAt(call, repo, await shaOf(call.hub, repo, param(call, 'sha')));
}

async function combined(call: Call): Promise<Answer> {
  const { hub } = call;
  const repo = repoOf(call);
  const sha = await shaOf(hub, repo, param(call, 'sha'));
  const newest = newestStatuses(repo.statuses[sha] ?? []);
  return wrappedList(
    newest,
    (status) => renderStatus(hub, repo, { sha, status }),
    (statuses) => ({
      state: combinedState(newest),
      statuses,
      sha,
      total_count: newest.length,
      repository: renderRepo(hub, repo),
      commit_url: repoApi(hub, repo, `/commits/${sha}`),
      url: repoApi(hub, repo, `/commits/${sha}/status`),
    }),
  );
}

/** Commit statuses. */
export const statusRoutes: readonly Route[] = [
  route('POST', '/repos/:owner/:repo/statuses/:sha', create),
  route('GET', '/repos/:owner/:repo/statuses/:sha', listStatuses),
  route('GET', '/repos/:owner/:repo/commits/:sha+/statuses', listStatuses),
  route('GET', '/repos/:owner/:repo/commits/:sha+/status', combined),
];

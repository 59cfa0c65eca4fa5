import { z } from 'zod';
import { commitOf } from '../actions/commits.ts';
import type { Scene } from '../actions/emit.ts';
import { refsChanged } from '../actions/refs.ts';
import { readTree } from '../git/history.ts';
import { isAncestor, NO_COMMIT, updateRef } from '../git/repository.ts';
import { type Answer, created, noContent, ok } from '../http/answer.ts';
import { notFound, refuse } from '../http/errors.ts';
import { bodyOf, type Call, param, type Route, repoOf, route } from '../http/route.ts';
import type { Hub } from '../hub.ts';
import { renderGitCommit } from '../render/commit.ts';
import { nodeId, repoApi } from '../render/urls.ts';
import { type Move, refusedMove } from '../rules/pushing.ts';
import type { Repo } from '../state/model.ts';
import { hasCommit, shaOf } from './revisions.ts';
import { sceneOf } from './scene.ts';

const newRef = z.object({ ref: z.string().startsWith('refs/'), sha: z.string() });
const refMove = z.object({ sha: z.string(), force: z.boolean().default(false) });

function renderRef(hub: Hub, repo: Repo, ref: string): Record<string, unknown> {
  const sha = repo.refs[ref];
  return {
    ref,
    node_id: nodeId('Ref', ref),
    url: repoApi(hub, repo, `/git/${ref}`),
    object: { sha, type: 'commit', url: repoApi(hub, repo, `/git/commits/${sha}`) },
  };
}

function oneRef(call: Call): Answer {
  const repo = repoOf(call);
  const ref = `refs/${param(call, 'ref')}`;
  return repo.refs[ref] ? ok(renderRef(call.hub, repo, ref)) : notFound();
}

function matching(call: Call): Answer {
  const repo = repoOf(call);
  const prefix = `refs/${param(call, 'ref')}`;
  const names = Object.keys(repo.refs).filter((ref) => ref.startsWith(prefix));
  return ok(names.map((ref) => renderRef(call.hub, repo, ref)));
}

function createRef(call: Call): Promise<Answer> {
  const scene = sceneOf(call, 'write');
  const { hub, repo } = scene;
  const { ref, sha } = bodyOf(call, newRef);
  return hub.locked(String(repo.id), async () => {
    if (repo.refs[ref]) refuse(422, 'Reference already exists');
    if (!(await hasCommit(hub, repo, sha))) refuse(422, 'Object does not exist');
    const made = await updateRef(hub.directoryOf(repo), { ref, before: NO_COMMIT, after: sha });
    if (!made) refuse(422, 'Reference update failed');
    await refsChanged(scene, [{ ref, before: NO_COMMIT, after: sha }]);
    return created(renderRef(hub, repo, ref));
  });
}

async function checkMove({ hub, repo, actor }: Scene, move: Move): Promise<void> {
  const refused = await refusedMove(hub, { repo, actor }, move);
  if (refused !== undefined) refuse(422, refused);
}

function moveRef(call: Call): Promise<Answer> {
  const scene = sceneOf(call, 'write');
  const { hub, repo } = scene;
  const ref = `refs/${param(call, 'ref')}`;
  const { sha, force } = bodyOf(call, refMove);
  return hub.locked(String(repo.id), async () => {
    const before = repo.refs[ref] ?? refuse(422, 'Reference does not exist');
    if (!(await hasCommit(hub, repo, sha))) refuse(422, 'Object does not exist');
    const forward = force || (await isAncestor(hub.directoryOf(repo), before, sha));
    if (!forward) refuse(422, 'Update is not a fast forward');
    await checkMove(scene, { ref, before, after: sha });
    await updateRef(hub.directoryOf(repo), { ref, before, after: sha });
    await refsChanged(scene, [{ ref, before, after: sha }]);
    return ok(renderRef(hub, repo, ref));
  });
}

function deleteRef(call: Call): Promise<Answer> {
  const scene = sceneOf(call, 'write');
  const { hub, repo } = scene;
  const ref = `refs/${param(call, 'ref')}`;
  return hub.locked(String(repo.id), async () => {
    const before = repo.refs[ref] ?? refuse(422, 'Reference does not exist');
    await checkMove(scene, { ref, before, after: NO_COMMIT });
    await updateRef(hub.directoryOf(repo), { ref, before, after: NO_COMMIT });
    await refsChanged(scene, [{ ref, before, after: NO_COMMIT }]);
    return noContent();
  });
}

async function gitCommit(call: Call): Promise<Answer> {
  const repo = repoOf(call);
  const sha = await shaOf(call.hub, repo, param(call, 'sha'));
  return ok(renderGitCommit(call.hub, repo, await commitOf(call.hub, repo, sha)));
}

async function treeShaOf(call: Call, repo: Repo, name: string): Promise<string> {
  const known = await shaOf(call.hub, repo, name).catch(() => undefined);
  return known ? (await commitOf(call.hub, repo, known)).tree : name;
}

async function tree(call: Call): Promise<Answer> {
  const repo = repoOf(call);
  const sha = await treeShaOf(call, repo, param(call, 'tree'));
  if (!/^[0-9a-f]{40}$/.test(sha)) return notFound();
  const recursive = call.query['recursive'] !== undefined;
  const entries = await call.hub.memos.trees(`${repo.id} ${sha} ${recursive}`, () =>
    readTree(call.hub.directoryOf(repo), sha, recursive),
  );
  if (!entries) return notFound();
  return ok({
    sha,
    url: repoApi(call.hub, repo, `/git/trees/${sha}`),
    tree: entries.map(({ size, ...entry }) => ({
      ...entry,
      ...(size === null ? {} : { size }),
      url: repoApi(call.hub, repo, `/git/${entry.type}s/${entry.sha}`),
    })),
    truncated: false,
  });
}

/** Refs, commits and trees as git has them. */
export const gitRoutes: readonly Route[] = [
  route('GET', '/repos/:owner/:repo/git/ref/:ref+', oneRef),
  route('GET', '/repos/:owner/:repo/git/refs/:ref+', oneRef),
  route('GET', '/repos/:owner/:repo/git/matching-refs/:ref+', matching),
  route('POST', '/repos/:owner/:repo/git/refs', createRef),
  route('PATCH', '/repos/:owner/:repo/git/refs/:ref+', moveRef),
  route('DELETE', '/repos/:owner/:repo/git/refs/:ref+', deleteRef),
  route('GET', '/repos/:owner/:repo/git/commits/:sha', gitCommit),
  route('GET', '/repos/:owner/:repo/git/trees/:tree+', tree),
];

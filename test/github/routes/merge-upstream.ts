import { z } from 'zod';
import { refsChanged } from '../actions/refs.ts';
import { makeMerge } from '../git/merge.ts';
import { isAncestor, updateRef } from '../git/repository.ts';
import { git } from '../git/run.ts';
import { type Answer, ok } from '../http/answer.ts';
import { notFound, refuse } from '../http/errors.ts';
import { bodyOf, type Call, type Route, route } from '../http/route.ts';
import { sceneOf } from './scene.ts';

const wish = z.object({ branch: z.string() });

/** Brings a branch of a fork up to the parent's: forward if that is possible, else by a merge. */
function mergeUpstream(call: Call): Promise<Answer> {
  const scene = sceneOf(call, 'write');
  const { hub, repo, actor } = scene;
  const { branch } = bodyOf(call, wish);
  const parent = hub.model.repos[repo.parent ?? ''];
  if (!parent) return refuse(422, 'Repository is not a fork.');
  const ref = `refs/heads/${branch}`;
  const upstream = parent.refs[ref] ?? notFound();
  return hub.locked(String(repo.id), async () => {
    const directory = hub.directoryOf(repo);
    const before = repo.refs[ref] ?? notFound();
    const base = `${parent.owner}:${branch}`;
    await git(directory, ['fetch', '--quiet', hub.directoryOf(parent), upstream]);
    if (await isAncestor(directory, upstream, before)) {
      const message = `This branch is not behind the upstream ${base}.`;
      return ok({ message, merge_type: 'none', base_branch: base });
    }
    const forward = await isAncestor(directory, before, upstream);
    const after = forward
      ? upstream
      : await makeMerge(directory, {
          base: before,
          head: upstream,
          method: 'merge',
          message: `Merge branch '${base}' into ${branch}\n`,
          author: actor,
        });
    if (after === undefined) return refuse(409, 'There are merge conflicts');
    await updateRef(directory, { ref, before, after });
    await refsChanged(scene, [{ ref, before, after }]);
    return ok({
      message: `Successfully fetched and ${forward ? 'fast-forwarded' : 'merged'} from upstream ${base}.`,
      merge_type: forward ? 'fast-forward' : 'merge',
      base_branch: base,
    });
  });
}

/** A fork catches up with its parent. */
export const mergeUpstreamRoutes: readonly Route[] = [
  route('POST', '/repos/:owner/:repo/merge-upstream', mergeUpstream),
];

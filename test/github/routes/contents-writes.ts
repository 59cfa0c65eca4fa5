import { z } from 'zod';
import { commitOf } from '../actions/commits.ts';
import type { Scene } from '../actions/emit.ts';
import { refsChanged } from '../actions/refs.ts';
import { writeBlob, writeCommit, writeTree } from '../git/objects.ts';
import { updateRef } from '../git/repository.ts';
import { type Answer, answer } from '../http/answer.ts';
import { notFound, refuse } from '../http/errors.ts';
import { bodyOf, type Call, param, type Route, route } from '../http/route.ts';
import { renderGitCommit } from '../render/commit.ts';
import { refusedMove } from '../rules/pushing.ts';
import { entriesOf, renderEntry } from './contents.ts';
import { sceneOf } from './scene.ts';

const person = z.object({ name: z.string(), email: z.string(), date: z.string().optional() });
const removal = z.object({
  message: z.string(),
  sha: z.string(),
  branch: z.string().optional(),
  author: person.optional(),
  committer: person.optional(),
});
const change = removal.extend({ content: z.string(), sha: z.string().optional() });

interface Commit {
  readonly input: Omit<z.output<typeof change>, 'content'>;
  readonly path: string;
  /** The new blob; null deletes the file. */
  readonly blob: string | null;
}

/** Puts one commit on a branch; returns its SHA. */
async function commit(scene: Scene, order: Commit): Promise<string> {
  const { hub, repo, actor } = scene;
  const { input, path, blob } = order;
  const ref = `refs/heads/${input.branch ?? repo.defaultBranch}`;
  const before = repo.refs[ref] ?? refuse(404, `Branch ${input.branch} not found`);
  const directory = hub.directoryOf(repo);
  const tree = await writeTree(directory, before, [{ path, mode: '100644', sha: blob }]);
  const own = { name: actor.name, email: actor.email };
  const after = await writeCommit(directory, {
    tree,
    parents: [before],
    message: input.message,
    author: input.author ?? own,
    committer: input.committer ?? own,
  });
  const refused = await refusedMove(hub, { repo, actor }, { ref, before, after });
  if (refused !== undefined) refuse(409, refused);
  await updateRef(directory, { ref, before, after });
  await refsChanged(scene, [{ ref, before, after }]);
  return after;
}

async function blobAt(scene: Scene, branch: string | undefined, path: string) {
  const { hub, repo } = scene;
  const sha = repo.refs[`refs/heads/${branch ?? repo.defaultBranch}`] ?? notFound();
  const entries = (await entriesOf({ hub, repo, sha })) ?? [];
  return entries.find((entry) => entry.path === path);
}

/** A file that is there is only changed by who knows it. */
function checkKnown(there: string | undefined, told: string | undefined, path: string): void {
  if (there === undefined) return;
  if (told === undefined) refuse(422, 'Invalid request.\n\n"sha" wasn\'t supplied.');
  if (told !== there) refuse(409, `${path} does not match ${told}`);
}

function write(call: Call): Promise<Answer> {
  const scene = sceneOf(call, 'write');
  const { hub, repo } = scene;
  const path = param(call, 'path');
  const input = bodyOf(call, change);
  return hub.locked(String(repo.id), async () => {
    const there = await blobAt(scene, input.branch, path);
    checkKnown(there?.sha, input.sha, path);
    const content = Buffer.from(input.content, 'base64');
    const blob = await writeBlob(hub.directoryOf(repo), content);
    const sha = await commit(scene, { input, path, blob });
    const entry = (await entriesOf({ hub, repo, sha }))?.find((one) => one.path === path);
    return answer(there ? 200 : 201, {
      content: entry ? renderEntry({ hub, repo, sha }, entry) : null,
      commit: renderGitCommit(hub, repo, await commitOf(hub, repo, sha)),
    });
  });
}

function remove(call: Call): Promise<Answer> {
  const scene = sceneOf(call, 'write');
  const { hub, repo } = scene;
  const path = param(call, 'path');
  const input = bodyOf(call, removal);
  return hub.locked(String(repo.id), async () => {
    const there = (await blobAt(scene, input.branch, path)) ?? notFound();
    checkKnown(there.sha, input.sha, path);
    const sha = await commit(scene, { input, path, blob: null });
    const shown = renderGitCommit(hub, repo, await commitOf(hub, repo, sha));
    return answer(200, { content: null, commit: shown });
  });
}

/** Files written and deleted, each by a commit. */
export const contentWriteRoutes: readonly Route[] = [
  route('PUT', '/repos/:owner/:repo/contents/:path+', write),
  route('DELETE', '/repos/:owner/:repo/contents/:path+', remove),
];

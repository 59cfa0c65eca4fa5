import { z } from 'zod';
import { commitOf } from '../actions/commits.ts';
import { readBlob, readTree } from '../git/history.ts';
import {
  readObject,
  type TreeChange,
  typeOf,
  writeBlob,
  writeCommit,
  writeTag,
  writeTree,
} from '../git/objects.ts';
import { type Answer, created, ok, text } from '../http/answer.ts';
import { notFound, refuse } from '../http/errors.ts';
import { bodyOf, type Call, param, type Route, repoOf, route } from '../http/route.ts';
import type { Hub } from '../hub.ts';
import { renderGitCommit } from '../render/commit.ts';
import { nodeId, repoApi } from '../render/urls.ts';
import type { Repo } from '../state/model.ts';
import { hasCommit } from './revisions.ts';
import { sceneOf } from './scene.ts';

const SHA = /^[0-9a-f]{40}$/;
const blobBody = z.object({
  content: z.string(),
  encoding: z.enum(['utf-8', 'base64']).default('utf-8'),
});
const treeBody = z.object({
  base_tree: z.string().optional(),
  tree: z.array(
    z.object({
      path: z.string().min(1),
      mode: z.enum(['100644', '100755', '040000', '160000', '120000']).default('100644'),
      type: z.string().optional(),
      sha: z.string().nullish(),
      content: z.string().optional(),
    }),
  ),
});
const person = z.object({ name: z.string(), email: z.string(), date: z.string().optional() });
const commitBody = z.object({
  message: z.string(),
  tree: z.string(),
  parents: z.array(z.string()).default([]),
  author: person.optional(),
  committer: person.optional(),
});
const tagBody = z.object({
  tag: z.string().min(1),
  message: z.string(),
  object: z.string(),
  type: z.enum(['commit', 'tree', 'blob']),
  tagger: person.optional(),
});

async function showBlob(call: Call): Promise<Answer> {
  const repo = repoOf(call);
  const sha = param(call, 'sha');
  if (!SHA.test(sha)) return notFound();
  const content = (await readBlob(call.hub.directoryOf(repo), sha)) ?? notFound();
  if (call.accept.includes('raw')) {
    return text('application/vnd.github.raw; charset=utf-8', content.toString('utf8'));
  }
  return ok({
    sha,
    node_id: nodeId('Blob', sha),
    size: content.length,
    url: repoApi(call.hub, repo, `/git/blobs/${sha}`),
    content: content.toString('base64'),
    encoding: 'base64',
  });
}

async function createBlob(call: Call): Promise<Answer> {
  const { hub, repo } = sceneOf(call, 'write');
  const { content, encoding } = bodyOf(call, blobBody);
  const bytes = Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8');
  const sha = await writeBlob(hub.directoryOf(repo), bytes);
  return created({ sha, url: repoApi(hub, repo, `/git/blobs/${sha}`) });
}

async function changeOf(
  directory: string,
  entry: z.output<typeof treeBody>['tree'][number],
): Promise<TreeChange> {
  const { path, mode, sha, content } = entry;
  if (content !== undefined) {
    return { path, mode, sha: await writeBlob(directory, Buffer.from(content)) };
  }
  return { path, mode, sha: sha ?? null };
}

async function createTree(call: Call): Promise<Answer> {
  const { hub, repo } = sceneOf(call, 'write');
  const { base_tree: base, tree } = bodyOf(call, treeBody);
  const directory = hub.directoryOf(repo);
  const changes = await Promise.all(tree.map((entry) => changeOf(directory, entry)));
  const sha = await writeTree(directory, base, changes).catch(() =>
    refuse(422, 'GitRPC::BadObjectState'),
  );
  const entries = (await readTree(directory, sha, false)) ?? [];
  return created({
    sha,
    url: repoApi(hub, repo, `/git/trees/${sha}`),
    tree: entries.map(({ size, ...entry }) => ({
      ...entry,
      ...(size === null ? {} : { size }),
      url: repoApi(hub, repo, `/git/${entry.type}s/${entry.sha}`),
    })),
    truncated: false,
  });
}

async function createCommit(call: Call): Promise<Answer> {
  const { hub, repo, actor } = sceneOf(call, 'write');
  const input = bodyOf(call, commitBody);
  const directory = hub.directoryOf(repo);
  if ((await typeOf(directory, input.tree)) !== 'tree') refuse(422, 'Tree SHA does not exist');
  for (const parent of input.parents) {
    if (!(await hasCommit(hub, repo, parent))) refuse(422, 'Parent SHA does not exist');
  }
  const own = { name: actor.name, email: actor.email };
  const author = input.author ?? own;
  const committer = input.committer ?? author;
  const { tree, parents, message } = input;
  const sha = await writeCommit(directory, { tree, parents, message, author, committer });
  return created(renderGitCommit(hub, repo, await commitOf(hub, repo, sha)));
}

function renderTag(
  hub: Hub,
  repo: Repo,
  tag: { readonly sha: string; readonly told: Record<string, unknown>; readonly object: string },
): Record<string, unknown> {
  return {
    node_id: nodeId('Tag', tag.sha),
    sha: tag.sha,
    url: repoApi(hub, repo, `/git/tags/${tag.sha}`),
    ...tag.told,
    object: {
      sha: tag.object,
      type: 'commit',
      url: repoApi(hub, repo, `/git/commits/${tag.object}`),
    },
    verification: {
      verified: false,
      reason: 'unsigned',
      signature: null,
      payload: null,
      verified_at: null,
    },
  };
}

async function createTag(call: Call): Promise<Answer> {
  const { hub, repo, actor } = sceneOf(call, 'write');
  const { tag, message, object, type, tagger } = bodyOf(call, tagBody);
  const who = tagger ?? { name: actor.name, email: actor.email };
  const order = { name: tag, object, type, message, tagger: who };
  const sha = await writeTag(hub.directoryOf(repo), order).catch(() =>
    refuse(422, 'Object does not exist'),
  );
  const date = `${new Date().toISOString().slice(0, 19)}Z`;
  const told = { tag, message, tagger: { ...who, date } };
  return created(renderTag(hub, repo, { sha, told, object }));
}

async function showTag(call: Call): Promise<Answer> {
  const repo = repoOf(call);
  const sha = param(call, 'sha');
  const directory = call.hub.directoryOf(repo);
  if (!SHA.test(sha) || (await typeOf(directory, sha)) !== 'tag') return notFound();
  const found = (await readObject(directory, sha)) ?? '';
  const [head = '', ...rest] = found.split('\n\n');
  const field = (name: string): string =>
    head
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length + 1) ?? '';
  const [, name = '', email = '', at = '0'] = /^(.*) <(.*)> (\d+)/.exec(field('tagger')) ?? [];
  const date = `${new Date(Number(at) * 1000).toISOString().slice(0, 19)}Z`;
  const told = {
    tag: field('tag'),
    message: rest.join('\n\n').trimEnd(),
    tagger: { name, email, date },
  };
  return ok(renderTag(call.hub, repo, { sha, told, object: field('object') }));
}

const GIT = '/repos/:owner/:repo/git';

/** Blobs, trees, commits and tags, written as git stores them. */
export const gitObjectRoutes: readonly Route[] = [
  route('GET', `${GIT}/blobs/:sha`, showBlob),
  route('POST', `${GIT}/blobs`, createBlob),
  route('POST', `${GIT}/trees`, createTree),
  route('POST', `${GIT}/commits`, createCommit),
  route('POST', `${GIT}/tags`, createTag),
  route('GET', `${GIT}/tags/:sha`, showTag),
];

import { readBlob, readTree, type TreeEntry } from '../git/history.ts';
import { type Answer, ok, text } from '../http/answer.ts';
import { notFound } from '../http/errors.ts';
import { type Call, type Route, repoOf, route } from '../http/route.ts';
import type { Hub } from '../hub.ts';
import { repoApi, repoPage } from '../render/urls.ts';
import type { Repo } from '../state/model.ts';
import { shaOf } from './revisions.ts';

/** A tree entry of a commit, and where it is. */
export interface Place {
  readonly hub: Hub;
  readonly repo: Repo;
  readonly sha: string;
}

/** Everything in the tree of a commit, by path. */
export function entriesOf(place: Place): Promise<readonly TreeEntry[] | undefined> {
  const { hub, repo, sha } = place;
  return hub.memos.trees(`${repo.id} all ${sha}`, () => readTree(hub.directoryOf(repo), sha, true));
}

const TYPES: Readonly<Record<string, string>> = { blob: 'file', tree: 'dir', commit: 'submodule' };

/** A file or folder as contents show it. */
export function renderEntry(place: Place, entry: TreeEntry): Record<string, unknown> {
  const { hub, repo, sha } = place;
  const path = entry.path.split('/').map(encodeURIComponent).join('/');
  const url = repoApi(hub, repo, `/contents/${path}?ref=${sha}`);
  const page = repoPage(hub, repo, `/blob/${sha}/${path}`);
  const file = entry.type === 'blob';
  return {
    name: entry.path.split('/').at(-1),
    path: entry.path,
    sha: entry.sha,
    size: entry.size ?? 0,
    url,
    html_url: page,
    git_url: repoApi(hub, repo, `/git/${entry.type}s/${entry.sha}`),
    download_url: file ? repoPage(hub, repo, `/raw/${sha}/${path}`) : null,
    type: entry.mode === '120000' ? 'symlink' : TYPES[entry.type],
    _links: { self: url, git: url, html: page },
  };
}

async function fileAnswer(place: Place, entry: TreeEntry, raw: boolean): Promise<Answer> {
  const { hub, repo } = place;
  const content = await hub.memos.blobs(`${repo.id} ${entry.sha}`, () =>
    readBlob(hub.directoryOf(repo), entry.sha),
  );
  if (!content) return notFound();
  if (raw) return text('application/vnd.github.raw; charset=utf-8', content.toString('utf8'));
  const lines = content.toString('base64').match(/.{1,60}/g) ?? [];
  return ok({
    ...renderEntry(place, entry),
    content: lines.map((line) => `${line}\n`).join(''),
    encoding: 'base64',
  });
}

async function contents(call: Call): Promise<Answer> {
  const repo = repoOf(call);
  const sha = await shaOf(call.hub, repo, call.query['ref'] ?? repo.defaultBranch);
  const place: Place = { hub: call.hub, repo, sha };
  const entries = (await entriesOf(place)) ?? notFound();
  const path = (call.params['path'] ?? '').replace(/^\/+|\/+$/g, '');
  const entry = entries.find((known) => known.path === path);
  if (entry && entry.type !== 'tree') {
    return fileAnswer(place, entry, call.accept.includes('raw'));
  }
  if (!entry && path !== '') return notFound();
  const prefix = path === '' ? '' : `${path}/`;
  const children = entries.filter(
    (known) => known.path.startsWith(prefix) && !known.path.slice(prefix.length).includes('/'),
  );
  return ok(children.map((child) => renderEntry(place, child)));
}

/** Files and folders at a commit. */
export const contentRoutes: readonly Route[] = [
  route('GET', '/repos/:owner/:repo/contents', contents),
  route('GET', '/repos/:owner/:repo/contents/', contents),
  route('GET', '/repos/:owner/:repo/contents/:path+', contents),
];

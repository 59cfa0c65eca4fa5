import { z } from 'zod';
import { commitOf } from '../actions/commits.ts';
import { refsChanged } from '../actions/refs.ts';
import {
  type ChangedFile,
  readChanges,
  readCommitChanges,
  readCommitText,
  readDiff,
} from '../git/changes.ts';
import { countApart, mergeBase, readCommits } from '../git/history.ts';
import { makeMerge } from '../git/merge.ts';
import { isAncestor, updateRef } from '../git/repository.ts';
import { git } from '../git/run.ts';
import { type Answer, created, list, noContent, ok, text } from '../http/answer.ts';
import { notFound, refuse } from '../http/errors.ts';
import { bodyOf, type Call, isPull, param, type Route, repoOf, route } from '../http/route.ts';
import { type Hub, repoKey } from '../hub.ts';
import { renderCommit, renderFile } from '../render/commit.ts';
import { renderPull } from '../render/pull.ts';
import { repoApi, repoPage } from '../render/urls.ts';
import type { Repo } from '../state/model.ts';
import { hasCommit, shaOf } from './revisions.ts';
import { sceneOf } from './scene.ts';

async function listCommits(call: Call): Promise<Answer> {
  const { hub, query } = call;
  const repo = repoOf(call);
  const sha = await shaOf(hub, repo, query['sha'] ?? repo.defaultBranch);
  const paths = query['path'] ? ['--', query['path']] : [];
  const since = query['since'] ? [`--since=${query['since']}`] : [];
  const until = query['until'] ? [`--until=${query['until']}`] : [];
  const args = ['--max-count=3000', ...since, ...until, sha, ...paths];
  const commits = await hub.memos.commits(`${repo.id} list ${JSON.stringify(args)}`, () =>
    readCommits(hub.directoryOf(repo), args),
  );
  return list(commits, (commit) => renderCommit(hub, repo, commit));
}

async function showCommit(call: Call): Promise<Answer> {
  const { hub } = call;
  const repo = repoOf(call);
  const sha = await shaOf(hub, repo, param(call, 'sha'));
  if (call.accept.includes('.sha')) return text('application/vnd.github.sha', sha);
  const commit = await commitOf(hub, repo, sha);
  const kind = /\.(diff|patch)\b/.exec(call.accept)?.[1];
  if (kind === 'diff' || kind === 'patch') {
    const body = await readCommitText(hub.directoryOf(repo), kind, sha);
    return text(`application/vnd.github.${kind}; charset=utf-8`, body);
  }
  const files = await hub.memos.changes(`${repo.id} commit ${sha}`, () =>
    readCommitChanges(hub.directoryOf(repo), sha, commit.parents[0]),
  );
  return ok({
    ...renderCommit(hub, repo, commit),
    stats: stats(files),
    files: files.map((file) => renderFile(hub, repo, { sha, file })),
  });
}

function stats(files: readonly ChangedFile[]): Record<string, number> {
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return { total: additions + deletions, additions, deletions };
}

async function pullsOfCommit(call: Call): Promise<Answer> {
  const repo = repoOf(call);
  const sha = param(call, 'sha');
  const found = Object.values(repo.issues)
    .filter(isPull)
    .filter(({ pull }) => pull.head.sha === sha || pull.mergeCommitSha === sha);
  return list(found, (issue) => renderPull(call.hub, repo, issue));
}

interface Ends {
  readonly base: string;
  readonly head: string;
}

/** One end of a comparison: a branch, tag or SHA here, or `OWNER:BRANCH` in that owner's fork. */
async function endOf({ hub }: Call, repo: Repo, name: string): Promise<string> {
  const [owner = '', ref] = name.includes(':') ? name.split(':') : ['', name];
  if (owner === '' || owner.toLowerCase() === repo.owner.toLowerCase()) {
    return shaOf(hub, repo, ref ?? '');
  }
  const fork = Object.values(hub.model.repos).find(
    (known) =>
      known.owner.toLowerCase() === owner.toLowerCase() &&
      (known.parent === repoKey(repo.owner, repo.name) ||
        repo.parent === repoKey(known.owner, known.name)),
  );
  const sha = await shaOf(hub, fork ?? notFound(), ref ?? '');
  // The objects of a fork are here only once somebody asked for them.
  if (fork && !(await hasCommit(hub, repo, sha))) {
    await git(hub.directoryOf(repo), ['fetch', '--quiet', hub.directoryOf(fork), sha]);
  }
  return sha;
}

async function endsOf(call: Call, repo: Repo): Promise<Ends> {
  const [baseName = '', headName = ''] = param(call, 'basehead').split('...');
  const [base, head] = await Promise.all([
    endOf(call, repo, baseName),
    endOf(call, repo, headName),
  ]);
  return { base, head };
}

function relation(apart: { readonly ahead: number; readonly behind: number }): string {
  if (apart.ahead > 0) return apart.behind > 0 ? 'diverged' : 'ahead';
  return apart.behind > 0 ? 'behind' : 'identical';
}

async function comparison(hub: Hub, repo: Repo, ends: Ends): Promise<Answer> {
  const directory = hub.directoryOf(repo);
  const { base, head } = ends;
  const root = (await mergeBase(directory, base, head)) ?? notFound();
  const range = `${base}...${head}`;
  const [apart, commits, files, baseCommit, rootCommit] = await Promise.all([
    countApart(directory, base, head),
    hub.memos.commits(`${repo.id} ${base}..${head}`, () =>
      readCommits(directory, ['--reverse', '--topo-order', `${base}..${head}`]),
    ),
    hub.memos.changes(`${repo.id} ${range}`, () => readChanges(directory, [range])),
    commitOf(hub, repo, base),
    commitOf(hub, repo, root),
  ]);
  return ok({
    url: repoApi(hub, repo, `/compare/${range}`),
    html_url: repoPage(hub, repo, `/compare/${range}`),
    permalink_url: repoPage(hub, repo, `/compare/${range}`),
    diff_url: repoPage(hub, repo, `/compare/${range}.diff`),
    patch_url: repoPage(hub, repo, `/compare/${range}.patch`),
    base_commit: renderCommit(hub, repo, baseCommit),
    merge_base_commit: renderCommit(hub, repo, rootCommit),
    status: relation(apart),
    ahead_by: apart.ahead,
    behind_by: apart.behind,
    total_commits: commits.length,
    commits: commits.slice(0, 250).map((commit) => renderCommit(hub, repo, commit)),
    files: files.slice(0, 300).map((file) => renderFile(hub, repo, { sha: head, file })),
  });
}

async function compare(call: Call): Promise<Answer> {
  const repo = repoOf(call);
  const ends = await endsOf(call, repo);
  const kind = /\.(diff|patch)\b/.exec(call.accept)?.[1];
  if (kind === 'diff' || kind === 'patch') {
    const body = await readDiff(call.hub.directoryOf(repo), kind, ends);
    return text(`application/vnd.github.${kind}; charset=utf-8`, body);
  }
  return comparison(call.hub, repo, ends);
}

const mergeBody = z.object({
  base: z.string(),
  head: z.string(),
  commit_message: z.string().optional(),
});

/** Merges a branch or commit into a branch. */
function merge(call: Call): Promise<Answer> {
  const scene = sceneOf(call, 'write');
  const { hub, repo, actor } = scene;
  const input = bodyOf(call, mergeBody);
  const ref = `refs/heads/${input.base}`;
  return hub.locked(String(repo.id), async () => {
    const before = repo.refs[ref] ?? refuse(404, 'Base does not exist');
    const head = await shaOf(hub, repo, input.head).catch(() => refuse(404, 'Head does not exist'));
    const directory = hub.directoryOf(repo);
    if (await isAncestor(directory, head, before)) return noContent();
    const message = `${input.commit_message ?? `Merge ${input.head} into ${input.base}`}\n`;
    const order = { base: before, head, method: 'merge', message, author: actor } as const;
    const after = (await makeMerge(directory, order)) ?? refuse(409, 'Merge conflict');
    await updateRef(directory, { ref, before, after });
    await refsChanged(scene, [{ ref, before, after }]);
    return created(renderCommit(hub, repo, await commitOf(hub, repo, after)));
  });
}

async function branchesAtHead(call: Call): Promise<Answer> {
  const repo = repoOf(call);
  const sha = param(call, 'sha');
  const heads = Object.entries(repo.refs).filter(
    ([ref, tip]) => ref.startsWith('refs/heads/') && tip === sha,
  );
  return list(heads, ([ref]) => ({
    name: ref.slice('refs/heads/'.length),
    commit: { sha, url: repoApi(call.hub, repo, `/commits/${sha}`) },
    protected: repo.protection[ref.slice('refs/heads/'.length)] !== undefined,
  }));
}

/** Commits, comparisons and merges of branches. */
export const commitRoutes: readonly Route[] = [
  route('GET', '/repos/:owner/:repo/commits', listCommits),
  route('GET', '/repos/:owner/:repo/commits/:sha+', showCommit),
  route('GET', '/repos/:owner/:repo/commits/:sha+/pulls', pullsOfCommit),
  route('GET', '/repos/:owner/:repo/commits/:sha+/branches-where-head', branchesAtHead),
  route('GET', '/repos/:owner/:repo/compare/:basehead+', compare),
  route('POST', '/repos/:owner/:repo/merges', merge),
];

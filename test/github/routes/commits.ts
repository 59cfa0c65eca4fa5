import { commitOf } from '../actions/commits.ts';
import { type ChangedFile, readChanges, readCommitChanges, readDiff } from '../git/changes.ts';
import { countApart, mergeBase, readCommits } from '../git/history.ts';
import { type Answer, list, ok, text } from '../http/answer.ts';
import { notFound } from '../http/errors.ts';
import { type Call, isPull, param, type Route, repoOf, route } from '../http/route.ts';
import type { Hub } from '../hub.ts';
import { renderCommit, renderFile } from '../render/commit.ts';
import { renderPull } from '../render/pull.ts';
import { repoApi, repoPage } from '../render/urls.ts';
import type { Repo } from '../state/model.ts';
import { shaOf } from './revisions.ts';

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

async function endsOf(call: Call, repo: Repo): Promise<Ends> {
  const [baseName = '', headName = ''] = param(call, 'basehead').split('...');
  const plain = (name: string): string => name.split(':').at(-1) ?? name;
  const [base, head] = await Promise.all([
    shaOf(call.hub, repo, plain(baseName)),
    shaOf(call.hub, repo, plain(headName)),
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

/** Commits and comparisons. */
export const commitRoutes: readonly Route[] = [
  route('GET', '/repos/:owner/:repo/commits', listCommits),
  route('GET', '/repos/:owner/:repo/commits/:sha+', showCommit),
  route('GET', '/repos/:owner/:repo/commits/:sha+/pulls', pullsOfCommit),
  route('GET', '/repos/:owner/:repo/compare/:basehead+', compare),
];

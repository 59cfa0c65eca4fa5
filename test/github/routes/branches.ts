import { type Answer, list, noContent, ok } from '../http/answer.ts';
import { notFound, refuse } from '../http/errors.ts';
import { type Call, param, type Route, repoOf, requirePermission, route } from '../http/route.ts';
import { renderCommit } from '../render/commit.ts';
import { repoApi } from '../render/urls.ts';
import type { Repo } from '../state/model.ts';
import { commitOf } from './git.ts';

const HEADS = 'refs/heads/';
const PROTECTION = '/protection';

function renderBranch(call: Call, repo: Repo, name: string): Record<string, unknown> {
  const sha = repo.refs[HEADS + name] ?? notFound();
  return {
    name,
    commit: { sha, url: repoApi(call.hub, repo, `/commits/${sha}`) },
    protected: repo.protection[name] !== undefined,
    protection_url: repoApi(call.hub, repo, `/branches/${name}/protection`),
  };
}

function listBranches(call: Call): Answer {
  const repo = repoOf(call);
  const only = call.query['protected'];
  const names = Object.keys(repo.refs)
    .filter((ref) => ref.startsWith(HEADS))
    .map((ref) => ref.slice(HEADS.length))
    .filter((name) => only === undefined || String(name in repo.protection) === only);
  return list(names, (name) => renderBranch(call, repo, name));
}

/** Branch names contain slashes, so one wildcard serves the branch and its protection. */
async function show(call: Call): Promise<Answer> {
  const repo = repoOf(call);
  const path = param(call, '*');
  if (path.endsWith(PROTECTION)) {
    return ok(
      repo.protection[path.slice(0, -PROTECTION.length)] ?? refuse(404, 'Branch not protected'),
    );
  }
  const branch = renderBranch(call, repo, path);
  const commit = await commitOf(call.hub, repo, repo.refs[HEADS + path] ?? notFound());
  return ok({ ...branch, commit: renderCommit(call.hub, repo, commit) });
}

function protectedName(call: Call): string {
  const path = param(call, '*');
  return path.endsWith(PROTECTION) ? path.slice(0, -PROTECTION.length) : notFound();
}

function isRecord(body: unknown): body is Record<string, unknown> {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}

/** Branches, their protection and the rules that hold for them. */
export const branchRoutes: readonly Route[] = [
  route('GET', '/repos/:owner/:repo/branches', listBranches),
  route('GET', '/repos/:owner/:repo/branches/*', show),
  route('PUT', '/repos/:owner/:repo/branches/*', (call) => {
    const repo = repoOf(call);
    requirePermission(call, repo, 'admin');
    const protection = isRecord(call.body) ? call.body : {};
    repo.protection[protectedName(call)] = protection;
    call.hub.store.touch();
    return ok(protection);
  }),
  route('DELETE', '/repos/:owner/:repo/branches/*', (call) => {
    const repo = repoOf(call);
    requirePermission(call, repo, 'admin');
    delete repo.protection[protectedName(call)];
    call.hub.store.touch();
    return noContent();
  }),
  route('GET', '/repos/:owner/:repo/rules/branches/*', (call) => {
    repoOf(call);
    return list([], (rule) => rule);
  }),
  route('GET', '/repos/:owner/:repo/rulesets', (call) => {
    repoOf(call);
    return list([], (ruleset) => ruleset);
  }),
];

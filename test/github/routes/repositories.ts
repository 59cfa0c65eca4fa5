import { list, noContent, ok } from '../http/answer.ts';
import { notFound } from '../http/errors.ts';
import { type Call, param, type Route, repoOf, route } from '../http/route.ts';
import { renderUser } from '../render/account.ts';
import { renderFullRepo, renderMilestone } from '../render/repository.ts';
import type { Permission, Repo } from '../state/model.ts';
import { atLeastOf } from '../state/permissions.ts';

/** What one has by being somebody, not by the repository being public. */
function granted(call: Call, repo: Repo, login: string): Permission {
  const have = call.hub.permissionOf({ ...repo, private: true }, login);
  return have;
}

function collaborators(call: Call, repo: Repo): readonly string[] {
  const members = Object.keys(call.hub.findOrg(repo.owner)?.members ?? {});
  const all = new Set([...members, ...Object.keys(repo.collaborators)]);
  return [...all].filter((login) => granted(call, repo, login) !== 'none').sort();
}

function permissions(have: Permission): Record<string, boolean> {
  return {
    admin: have === 'admin',
    maintain: atLeastOf(have, 'maintain'),
    push: atLeastOf(have, 'write'),
    triage: atLeastOf(have, 'triage'),
    pull: atLeastOf(have, 'read'),
  };
}

/** The four words that GitHub's older `permission` field knows. */
function coarse(have: Permission): string {
  if (have === 'maintain') return 'write';
  return have === 'triage' ? 'read' : have;
}

/** Repositories, their collaborators and milestones. */
export const repositoryRoutes: readonly Route[] = [
  route('GET', '/repos/:owner/:repo', (call) =>
    ok(renderFullRepo(call.hub, repoOf(call), call.actor?.login)),
  ),
  route('GET', '/repos/:owner/:repo/collaborators', (call) => {
    const repo = repoOf(call);
    return list(collaborators(call, repo), (login) => {
      const have = granted(call, repo, login);
      const role = { role_name: have, permissions: permissions(have) };
      return { ...renderUser(call.hub, login), ...role };
    });
  }),
  route('GET', '/repos/:owner/:repo/collaborators/:login', (call) =>
    granted(call, repoOf(call), param(call, 'login')) === 'none' ? notFound() : noContent(),
  ),
  route('GET', '/repos/:owner/:repo/collaborators/:login/permission', (call) => {
    const user = call.hub.findUser(param(call, 'login')) ?? notFound();
    const have = call.hub.permissionOf(repoOf(call), user.login);
    return ok({
      permission: coarse(have),
      role_name: have,
      user: {
        ...renderUser(call.hub, user.login),
        role_name: have,
        permissions: permissions(have),
      },
    });
  }),
  route('GET', '/repos/:owner/:repo/milestones', (call) => {
    const repo = repoOf(call);
    const state = call.query['state'] ?? 'open';
    const wanted = repo.milestones.filter((known) => state === 'all' || known.state === state);
    return list(wanted, (milestone) => renderMilestone(call.hub, repo, milestone));
  }),
];

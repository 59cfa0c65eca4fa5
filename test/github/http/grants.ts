import type { Hub } from '../hub.ts';
import type { Grant } from '../state/apps.ts';
import type { Repo } from '../state/model.ts';
import { refuse } from './errors.ts';
import type { Call, Route } from './route.ts';

/** Which permission of an app a path belongs to; the first that fits. */
const AREAS: readonly (readonly [RegExp, string])[] = [
  [/^\/repos\/[^/]+\/[^/]+\/(check-|commits\/.*\/check-)/, 'checks'],
  [/^\/repos\/[^/]+\/[^/]+\/(statuses|commits\/.*\/status)/, 'statuses'],
  [/^\/repos\/[^/]+\/[^/]+\/pulls/, 'pull_requests'],
  [/^\/repos\/[^/]+\/[^/]+\/(issues|labels|milestones|assignees)/, 'issues'],
  [/^\/repos\/[^/]+\/[^/]+\/actions/, 'actions'],
  [/^\/repos\/[^/]+\/[^/]+\/hooks/, 'repository_hooks'],
  [
    /^\/repos\/[^/]+\/[^/]+\/(branches\/.*\/protection|rulesets|collaborators|invitations|teams|transfer)/,
    'administration',
  ],
  [
    /^\/repos\/[^/]+\/[^/]+\/(contents|git|commits|comments|branches|compare|merges|merge-upstream|tags|forks)/,
    'contents',
  ],
  [/^\/repos\/[^/]+\/[^/]+$/, 'administration'],
  [/^\/repos\/[^/]+\/[^/]+\/projects/, 'repository_projects'],
  [/^\/orgs\/[^/]+\/projects/, 'organization_projects'],
  [/^\/orgs\/[^/]+\/hooks/, 'organization_hooks'],
  [
    /^\/orgs\/[^/]+\/(members|memberships|outside_collaborators|teams|invitations)|^\/teams\//,
    'members',
  ],
  [/^\/orgs\/[^/]+$/, 'organization_administration'],
];

/** Reading these needs no permission of their own. */
const METADATA = /^\/repos\/[^/]+\/[^/]+(\/(collaborators|branches)(\/.*)?)?$|^\/orgs\/[^/]+$/;
const FOR_APP = 'Resource not accessible by integration';
const FOR_TOKEN = 'Resource not accessible by personal access token';

function areaOf(path: string): string | undefined {
  return AREAS.find(([pattern]) => pattern.test(path))?.[1];
}

function targetOf(hub: Hub, call: Call): Repo | undefined {
  const { owner, repo } = call.params;
  return owner && repo ? hub.findRepo(owner, repo) : undefined;
}

function checkInstallation(call: Call, grant: Grant, route: Route): void {
  const reading = route.method === 'GET';
  const repo = targetOf(call.hub, call);
  checkSelection(grant, repo, reading);
  if (reading && METADATA.test(route.path)) return;
  const area = areaOf(route.path);
  if (area === undefined || (reading && repo && !repo.private)) return;
  if (!isPermitted(grant, area, reading)) refuse(403, FOR_APP);
}

/** An installation may be limited to chosen repositories: others are unseen or read-only. */
function checkSelection(grant: Grant, repo: Repo | undefined, reading: boolean): void {
  if (!repo || !grant.repositories || grant.repositories.includes(repo.id)) return;
  if (repo.private) refuse(404, 'Not Found');
  if (!reading) refuse(403, FOR_APP);
}

function isPermitted(grant: Grant, area: string, reading: boolean): boolean {
  // Comments and labels on pull requests are open to either permission.
  const areas = area === 'issues' ? [area, 'pull_requests'] : [area];
  const levels = reading ? ['read', 'write', 'admin'] : ['write', 'admin'];
  return areas.some((name) => levels.includes(grant.permissions?.[name] ?? 'none'));
}

/** The scopes of which a classic token needs one. */
export function scopesFor(call: Call, route: Route): readonly string[] {
  const reading = route.method === 'GET';
  if (route.path.startsWith('/orgs/')) {
    if (route.path.includes('/hooks')) return ['admin:org_hook'];
    return reading ? [] : ['admin:org'];
  }
  const repo = targetOf(call.hub, call);
  if (!repo) return [];
  if (repo.private) return ['repo'];
  if (route.path.includes('/hooks')) return ['repo', 'public_repo', 'admin:repo_hook'];
  if (reading) return [];
  const status = route.path.includes('/statuses/') ? ['repo:status'] : [];
  return ['repo', 'public_repo', ...status];
}

function checkScopes(call: Call, scopes: readonly string[], route: Route): void {
  const wanted = scopesFor(call, route);
  if (wanted.length === 0 || wanted.some((scope) => scopes.includes(scope))) return;
  if (targetOf(call.hub, call)?.private) refuse(404, 'Not Found');
  refuse(403, FOR_TOKEN);
}

/** Refuses what a token may not do though its owner may. */
export function checkGrant(call: Call, route: Route): void {
  const { grant } = call;
  if (!grant) return;
  if (grant.readOnly && route.method !== 'GET') refuse(403, FOR_APP);
  if (grant.installation !== undefined) checkInstallation(call, grant, route);
  if (grant.scopes) checkScopes(call, grant.scopes, route);
}

import type { Hub } from '../hub.ts';
import type { Grant } from '../state/apps.ts';
import type { Repo } from '../state/model.ts';
import { atLeastOf } from '../state/permissions.ts';

/** Who looks, and what the token narrows that to. */
export interface Viewer {
  readonly login: string | undefined;
  readonly grant?: Grant | undefined;
}

/** Whether somebody may see a repository, with this token. */
export function maySee(hub: Hub, repo: Repo, { login, grant }: Viewer): boolean {
  if (hub.permissionOf(repo, login) === 'none') return false;
  if (!repo.private || !grant) return true;
  if (grant.scopes && !grant.scopes.includes('repo')) return false;
  return isChosen(grant, repo);
}

/** Whether somebody may push to a repository, with this token. */
export function mayPush(hub: Hub, repo: Repo, viewer: Viewer): boolean {
  const { login, grant } = viewer;
  if (!maySee(hub, repo, viewer) || !atLeastOf(hub.permissionOf(repo, login), 'write'))
    return false;
  if (!grant) return true;
  if (grant.readOnly) return false;
  if (grant.scopes && !['repo', 'public_repo'].some((scope) => grant.scopes?.includes(scope))) {
    return false;
  }
  if (grant.installation === undefined) return true;
  return isChosen(grant, repo) && grant.permissions?.['contents'] === 'write';
}

function isChosen({ repositories }: Grant, { id }: Repo): boolean {
  return repositories === undefined || repositories.includes(id);
}

import type { Model, Repo } from './model.ts';
import type { Org } from './orgs.ts';
import type { Permission } from './permissions.ts';
import { atLeastOf } from './permissions.ts';

function best(permissions: readonly Permission[]): Permission {
  return permissions.reduce((one, other) => (atLeastOf(one, other) ? one : other), 'none');
}

/** What the teams of a member grant; a child team has what its parent has. */
function throughTeams(org: Org, repo: Repo, key: string): Permission {
  const teams = org.teams ?? [];
  const granted = teams
    .filter((team) => team.members[key] !== undefined)
    .flatMap((team) => {
      const parent = teams.find(({ id }) => id === team.parent);
      return [team.repos[repo.id], parent?.repos[repo.id]];
    });
  return best(granted.filter((permission) => permission !== undefined));
}

/** What the installation of an app grants its bot. */
function throughInstallation(model: Model, repo: Repo, key: string): Permission {
  const app = model.apps.find(({ slug }) => `${slug}[bot]` === key);
  const installation = model.installations.find(
    (known) => known.app === app?.id && known.account.toLowerCase() === repo.owner.toLowerCase(),
  );
  if (!app || !installation || installation.suspendedAt !== null) return 'none';
  if (installation.repositories && !installation.repositories.includes(repo.id)) return 'none';
  return app.permissions['administration'] === 'write' ? 'admin' : 'write';
}

/** What somebody may do in a repository. */
export function permissionIn(model: Model, repo: Repo, login: string | undefined): Permission {
  const floor: Permission = repo.private ? 'none' : 'read';
  if (!login) return floor;
  const key = login.toLowerCase();
  if (key === repo.owner.toLowerCase()) return 'admin';
  const org = model.orgs[repo.owner.toLowerCase()];
  const role = org?.members[key];
  if (role === 'admin') return 'admin';
  return best([
    repo.collaborators[key] ?? 'none',
    role && org ? org.defaultPermission : 'none',
    org ? throughTeams(org, repo, key) : 'none',
    key.endsWith('[bot]') ? throughInstallation(model, repo, key) : 'none',
    floor,
  ]);
}

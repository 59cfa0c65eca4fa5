import { fullName, type RepositoryName } from '../../../workflows/domain/repository.ts';
import type { GitHub } from '../client.ts';
import { refusalOf } from '../http/failure.ts';
import { allPages, pageOf, reading, repositoryPath, unlessMissing } from './reading.ts';

/** A person in an organisation. */
export interface OrgPerson {
  readonly org: string;
  readonly login: string;
}

/** A person and a repository. */
export interface RepositoryPerson {
  readonly repository: RepositoryName;
  readonly login: string;
}

function memberKey({ org, login }: OrgPerson): string {
  return `${org}/${login}`.toLowerCase();
}

function collaboratorsKey(repository: RepositoryName): string {
  return fullName(repository).toLowerCase();
}

/** Our own account. */
export async function readLogin(github: GitHub): Promise<string> {
  const known = github.memory.login.get('self');
  if (known !== undefined) return known;
  const { data } = await reading(github, 'self')('GET /user');
  github.memory.login.set('self', data.login);
  return data.login;
}

async function isPublicMember(github: GitHub, { org, login }: OrgPerson): Promise<boolean> {
  const ask = reading(github, 'public-member');
  const answer = await unlessMissing(
    ask('GET /orgs/{org}/public_members/{username}', { org, username: login }),
  );
  return answer !== undefined;
}

async function askMembership(github: GitHub, person: OrgPerson): Promise<boolean> {
  const ask = reading(github, 'member').defaults({ request: { redirect: 'manual' } });
  const answer = await unlessMissing(
    ask('GET /orgs/{org}/members/{username}', { org: person.org, username: person.login }),
  );
  if (answer === undefined) return false;
  // 302: we are no member ourselves and may see public members only.
  const status: number = answer.status;
  return status === 302 ? isPublicMember(github, person) : true;
}

/** Whether somebody is a member of an organisation; an account is its own. Remembered for 10 minutes. */
export async function isMember(github: GitHub, person: OrgPerson): Promise<boolean> {
  const key = memberKey(person);
  if (person.org.toLowerCase() === person.login.toLowerCase()) return true;
  const known = github.memory.members.get(key);
  if (known !== undefined) return known;
  const member = await askMembership(github, person);
  github.memory.members.set(key, member);
  return member;
}

/** A membership changed. */
export function forgetMember(github: GitHub, person: OrgPerson): void {
  github.memory.members.delete(memberKey(person));
}

/** Logins of a repository's collaborators, in lower case; undefined if we may not list them. Remembered for 10 minutes. */
export async function readCollaborators(
  github: GitHub,
  repository: RepositoryName,
): Promise<ReadonlySet<string> | undefined> {
  const key = collaboratorsKey(repository);
  const known = github.memory.collaborators.get(key);
  if (known !== undefined) return known;
  const ask = reading(github, 'collaborators');
  try {
    const people = await allPages(async (page) =>
      pageOf(
        await ask('GET /repos/{owner}/{repo}/collaborators', {
          ...repositoryPath(repository),
          ...page,
        }),
      ),
    );
    const logins = new Set(people.map(({ login }) => login.toLowerCase()));
    github.memory.collaborators.set(key, logins);
    return logins;
  } catch (error) {
    if (refusalOf(error) === undefined) throw error;
    return undefined;
  }
}

/** Whether somebody is a collaborator: from the list where we may see it, else asked one by one. */
export async function isCollaborator(
  github: GitHub,
  { repository, login }: RepositoryPerson,
): Promise<boolean> {
  const key = `${collaboratorsKey(repository)}/${login.toLowerCase()}`;
  const known = github.memory.single.get(key);
  if (known !== undefined) return known;
  const list = await readCollaborators(github, repository);
  if (list !== undefined) return list.has(login.toLowerCase());
  const answer = await unlessMissing(
    reading(github, 'collaborator')('GET /repos/{owner}/{repo}/collaborators/{username}', {
      ...repositoryPath(repository),
      username: login,
    }),
  );
  github.memory.single.set(key, answer !== undefined);
  return answer !== undefined;
}

/** The collaborators of a repository changed. */
export function forgetCollaborators(github: GitHub, repository: RepositoryName): void {
  const key = collaboratorsKey(repository);
  github.memory.collaborators.delete(key);
  for (const known of github.memory.single.keys()) {
    if (known.startsWith(`${key}/`)) github.memory.single.delete(known);
  }
}

/** Logins of a team's members, by the team's name (not its slug), case-sensitive; undefined if there is no such team. Remembered for 10 minutes. */
export async function readTeam(
  github: GitHub,
  { org, name }: { readonly org: string; readonly name: string },
): Promise<ReadonlySet<string> | undefined> {
  const key = `${org.toLowerCase()}/${name}`;
  const known = github.memory.teams.get(key);
  if (known !== undefined) return known;
  const ask = reading(github, 'team');
  const teams = await allPages(async (page) =>
    pageOf(await ask('GET /orgs/{org}/teams', { org, ...page })),
  );
  const team = teams.find((candidate) => candidate.name === name);
  if (team === undefined) return undefined;
  const members = await allPages(async (page) =>
    pageOf(
      await ask('GET /orgs/{org}/teams/{team_slug}/members', {
        org,
        team_slug: team.slug,
        ...page,
      }),
    ),
  );
  const logins = new Set(members.map(({ login }) => login));
  github.memory.teams.set(key, logins);
  return logins;
}

/** A team or its members changed. */
export function forgetTeams(github: GitHub, org: string): void {
  for (const key of github.memory.teams.keys()) {
    if (key.startsWith(`${org.toLowerCase()}/`)) github.memory.teams.delete(key);
  }
}

/** How many pull requests of an author were merged in an organisation. */
export async function countMergedPulls(
  github: GitHub,
  { org, author }: { readonly org: string; readonly author: string },
): Promise<number> {
  const { data } = await reading(github, 'merged-pulls')('GET /search/issues', {
    q: `type:pr is:merged org:${org} author:${author}`,
    per_page: 1,
  });
  return data.total_count;
}

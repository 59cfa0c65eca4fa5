import { z } from 'zod';
import { emitAt } from '../actions/emit.ts';
import { type Answer, answer, created, list, noContent, ok } from '../http/answer.ts';
import { invalid, notFound, refuse } from '../http/errors.ts';
import { actorOf, bodyOf, type Call, param, type Route, route } from '../http/route.ts';
import { timestamp } from '../hub.ts';
import { renderFullTeam, renderTeam, type TeamPlace } from '../render/team.ts';
import type { Org, Team } from '../state/orgs.ts';

const edit = z.object({
  name: z.string().optional(),
  description: z.string().nullish(),
  privacy: z.enum(['secret', 'closed']).optional(),
  parent_team_id: z.number().nullish(),
});
const fresh = edit.extend({
  name: z.string().min(1),
  maintainers: z.array(z.string()).default([]),
  repo_names: z.array(z.string()).default([]),
});

/** The organisation of the path. */
export function orgOf(call: Call): Org {
  return call.hub.findOrg(param(call, 'org')) ?? notFound();
}

function roleOf(call: Call, org: Org): string | undefined {
  return org.members[actorOf(call).login.toLowerCase()] ?? appRole(call);
}

/** An installation with `members: write` may do what an owner may. */
function appRole(call: Call): string | undefined {
  const level = call.grant?.permissions?.['members'];
  if (level === undefined) return undefined;
  return level === 'write' ? 'admin' : 'member';
}

/** Stops who is not an owner of the organisation. */
export function requireOwner(call: Call, org: Org): void {
  if (roleOf(call, org) !== 'admin') refuse(403, 'You must be an admin to perform this action.');
}

/** Teams are for members to see. */
function placesOf(call: Call): readonly TeamPlace[] {
  const org = orgOf(call);
  if (roleOf(call, org) === undefined) return notFound();
  return (org.teams ?? []).map((team) => ({ org, team }));
}

/** The team of the path, by slug or by id. */
export function teamOf(call: Call): TeamPlace {
  if (call.params['org'] === undefined) {
    const id = Number(param(call, 'team'));
    for (const org of Object.values(call.hub.model.orgs)) {
      const team = org.teams?.find((known) => known.id === id);
      if (team) return roleOf(call, org) === undefined ? notFound() : { org, team };
    }
    return notFound();
  }
  const slug = param(call, 'team');
  return placesOf(call).find(({ team }) => team.slug === slug) ?? notFound();
}

/** Stops who may not change a team. */
export function requireMaintainer(call: Call, { org, team }: TeamPlace): void {
  const login = actorOf(call).login.toLowerCase();
  if (team.members[login] !== 'maintainer') requireOwner(call, org);
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

function say(call: Call, place: TeamPlace, action: string, extra = {}): void {
  const { hub } = call;
  emitAt(
    { hub, owner: place.org.login, actor: actorOf(call) },
    { event: 'team', action, payload: () => ({ team: renderTeam(hub, place), ...extra }) },
  );
}

function create(call: Call): Answer {
  const org = orgOf(call);
  if (roleOf(call, org) === undefined) return notFound();
  const input = bodyOf(call, fresh);
  const slug = slugOf(input.name);
  const teams = org.teams ?? [];
  org.teams = teams;
  if (teams.some((team) => team.slug === slug)) {
    invalid({ resource: 'Team', code: 'already_exists', field: 'name' });
  }
  const team: Team = {
    id: call.hub.store.nextId(),
    slug,
    name: input.name,
    description: input.description ?? null,
    privacy: input.privacy ?? (input.parent_team_id ? 'closed' : 'secret'),
    parent: input.parent_team_id ?? null,
    members: Object.fromEntries(
      input.maintainers.map((login) => [login.toLowerCase(), 'maintainer'] as const),
    ),
    repos: {},
    createdAt: timestamp(),
  };
  teams.push(team);
  say(call, { org, team }, 'created');
  return created(renderFullTeam(call.hub, { org, team }));
}

function change(call: Call): Answer {
  const place = teamOf(call);
  requireMaintainer(call, place);
  const { team } = place;
  const input = bodyOf(call, edit);
  const changes = {
    ...(input.name && input.name !== team.name ? { name: { from: team.name } } : {}),
    ...(input.description !== undefined && input.description !== team.description
      ? { description: { from: team.description ?? '' } }
      : {}),
  };
  if (input.name) Object.assign(team, { name: input.name, slug: slugOf(input.name) });
  if (input.description !== undefined) team.description = input.description;
  team.privacy = input.privacy ?? team.privacy;
  if (input.parent_team_id !== undefined) team.parent = input.parent_team_id;
  say(call, place, 'edited', { changes });
  return answer(200, renderFullTeam(call.hub, place));
}

function remove(call: Call): Answer {
  const place = teamOf(call);
  requireMaintainer(call, place);
  const { org, team } = place;
  say(call, place, 'deleted');
  org.teams = (org.teams ?? []).filter((known) => known !== team);
  return noContent();
}

function children(call: Call): Answer {
  const { org, team } = teamOf(call);
  const found = (org.teams ?? []).filter(({ parent }) => parent === team.id);
  return list(found, (child) => renderTeam(call.hub, { org, team: child }));
}

const TEAMS = '/orgs/:org/teams';

/** A team by its slug; by its id, as it was once; and as its own links name it. */
export const TEAM_PATHS = [
  `${TEAMS}/:team`,
  '/teams/:team',
  '/organizations/:organization/team/:team',
] as const;

/** Teams. */
export const teamRoutes: readonly Route[] = [
  route('GET', TEAMS, (call) => list(placesOf(call), (place) => renderTeam(call.hub, place))),
  route('POST', TEAMS, create),
  ...TEAM_PATHS.flatMap((team) => [
    route('GET', team, (call) => ok(renderFullTeam(call.hub, teamOf(call)))),
    route('PATCH', team, change),
    route('DELETE', team, remove),
    route('GET', `${team}/teams`, children),
  ]),
  route('GET', '/user/teams', (call) => {
    const login = actorOf(call).login.toLowerCase();
    const places = Object.values(call.hub.model.orgs).flatMap((org) =>
      (org.teams ?? []).map((team) => ({ org, team })),
    );
    const own = places.filter(({ team }) => team.members[login] !== undefined);
    return list(own, (place) => renderFullTeam(call.hub, place));
  }),
];

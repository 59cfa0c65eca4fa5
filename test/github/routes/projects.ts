import { z } from 'zod';
import { createProject, emitProject, projectsOf } from '../actions/projects.ts';
import { type Answer, answer, created, list, noContent, ok } from '../http/answer.ts';
import { notFound, refuse } from '../http/errors.ts';
import {
  actorOf,
  bodyOf,
  type Call,
  param,
  type Route,
  repoOf,
  requirePermission,
  route,
} from '../http/route.ts';
import { renderFullProject } from '../render/project.ts';
import type { Repo } from '../state/model.ts';
import { atLeastOf, type Permission } from '../state/permissions.ts';
import type { Project, ProjectOwner } from '../state/projects.ts';
import { orgOf } from './teams.ts';

const newProject = z.object({ name: z.string().min(1), body: z.string().nullish() });
const projectEdit = z.object({
  name: z.string().min(1).optional(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  organization_permission: z.enum(['none', 'read', 'write', 'admin']).optional(),
  private: z.boolean().optional(),
});

/** What somebody may do with a project. */
function permissionFor(call: Call, { owner, creator, ...project }: Project): Permission {
  const login = call.actor?.login;
  if (owner.kind === 'repository') {
    const repo = call.hub.findRepoById(owner.id);
    return repo ? call.hub.permissionOf(repo, login) : 'none';
  }
  const anybody = project.private ? 'none' : 'read';
  if (login === undefined) return anybody;
  if (login === creator || login === owner.login) return 'admin';
  const role = call.hub.findOrg(owner.login)?.members[login.toLowerCase()];
  if (role === 'admin') return 'admin';
  return role === 'member' && atLeastOf(project.memberPermission, anybody)
    ? project.memberPermission
    : anybody;
}

/** Stops who may not do that much with a project; who may not see it does not learn of it. */
export function allowed(call: Call, project: Project, need: Permission): Project {
  const have = permissionFor(call, project);
  if (have === 'none') return notFound();
  if (need !== 'read') actorOf(call);
  if (!atLeastOf(have, need)) refuse(403, 'Must have admin rights to Repository.');
  return project;
}

/** The project of the path, for somebody who may do that much with it. */
export function projectOf(call: Call, need: Permission): Project {
  const id = Number(param(call, 'project'));
  const project = call.hub.model.projects.find((one) => one.id === id) ?? notFound();
  return allowed(call, project, need);
}

function ofRepo(call: Call): ProjectOwner {
  const repo: Repo = repoOf(call);
  if (repo.settings?.['has_projects'] === false) {
    refuse(410, 'Projects are disabled for this repository');
  }
  return { kind: 'repository', id: repo.id };
}

function ofOrg(call: Call): ProjectOwner {
  return { kind: 'account', login: orgOf(call).login };
}

function ofUser(call: Call): ProjectOwner {
  const { login } = call.hub.findUser(param(call, 'login')) ?? notFound();
  return { kind: 'account', login };
}

function listOf(call: Call, owner: ProjectOwner): Answer {
  const { state = 'open' } = call.query;
  const found = projectsOf(call.hub, owner)
    .filter((project) => state === 'all' || project.state === state)
    .filter((project) => permissionFor(call, project) !== 'none');
  return list(found, (project) => renderFullProject(call.hub, project));
}

function create(call: Call, owner: ProjectOwner): Answer {
  const scene = { hub: call.hub, actor: actorOf(call) };
  const project = createProject(scene, owner, bodyOf(call, newProject));
  return created(renderFullProject(call.hub, project));
}

type ProjectEdit = z.output<typeof projectEdit>;

/** Writes name and text; returns what they were, where they changed. */
function rewrite(project: Project, { name, body }: ProjectEdit): Record<string, unknown> {
  const changes: Record<string, unknown> = {};
  if (name !== undefined && name !== project.name) {
    changes['name'] = { from: project.name };
    project.name = name;
  }
  if (body !== undefined && body !== project.body) {
    changes['body'] = { from: project.body ?? '' };
    project.body = body;
  }
  return changes;
}

function update(call: Call): Answer {
  const project = projectOf(call, 'write');
  const scene = { hub: call.hub, actor: actorOf(call) };
  const input = bodyOf(call, projectEdit);
  const changes = rewrite(project, input);
  project.private = input.private ?? project.private;
  project.memberPermission = input.organization_permission ?? project.memberPermission;
  if (Object.keys(changes).length > 0) emitProject(scene, project, { action: 'edited', changes });
  if (input.state !== undefined && input.state !== project.state) {
    project.state = input.state;
    emitProject(scene, project, { action: input.state === 'closed' ? 'closed' : 'reopened' });
  }
  return answer(200, renderFullProject(call.hub, project));
}

function remove(call: Call): Answer {
  const project = projectOf(call, 'admin');
  const { projects } = call.hub.model;
  projects.splice(projects.indexOf(project), 1);
  emitProject({ hub: call.hub, actor: actorOf(call) }, project, { action: 'deleted' });
  return noContent();
}

/** Classic projects, as GitHub had them until it took them away in 2025. */
export const projectRoutes: readonly Route[] = [
  route('GET', '/repos/:owner/:repo/projects', (call) => listOf(call, ofRepo(call))),
  route('POST', '/repos/:owner/:repo/projects', (call) => {
    const owner = ofRepo(call);
    requirePermission(call, repoOf(call), 'write');
    return create(call, owner);
  }),
  route('GET', '/orgs/:org/projects', (call) => listOf(call, ofOrg(call))),
  route('POST', '/orgs/:org/projects', (call) => {
    const { members } = orgOf(call);
    if (!members[actorOf(call).login.toLowerCase()]) return notFound();
    return create(call, ofOrg(call));
  }),
  route('GET', '/users/:login/projects', (call) => listOf(call, ofUser(call))),
  route('POST', '/user/projects', (call) =>
    create(call, { kind: 'account', login: actorOf(call).login }),
  ),
  route('GET', '/projects/:project', (call) =>
    ok(renderFullProject(call.hub, projectOf(call, 'read'))),
  ),
  route('PATCH', '/projects/:project', update),
  route('DELETE', '/projects/:project', remove),
];

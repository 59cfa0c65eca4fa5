import { z } from 'zod';
import {
  createRepo,
  deleteRepo,
  emitSettings,
  forkRepo,
  renameRepo,
  transferRepo,
} from '../actions/repositories.ts';
import { type Answer, answer, created, list, noContent, ok } from '../http/answer.ts';
import { invalid, notFound, refuse } from '../http/errors.ts';
import { actorOf, bodyOf, type Call, param, type Route, repoOf, route } from '../http/route.ts';
import { renderFullRepo, renderRepo } from '../render/repository.ts';
import { nodeId, repoApi, repoPage } from '../render/urls.ts';
import type { Repo } from '../state/model.ts';
import { sceneOf } from './scene.ts';

const settings = z
  .object({
    name: z.string().optional(),
    description: z.string().nullish(),
    private: z.boolean().optional(),
    archived: z.boolean().optional(),
    default_branch: z.string().optional(),
    allow_merge_commit: z.boolean().optional(),
    allow_squash_merge: z.boolean().optional(),
    allow_rebase_merge: z.boolean().optional(),
    delete_branch_on_merge: z.boolean().optional(),
  })
  .loose();
const newRepo = z.object({
  name: z.string().min(1),
  description: z.string().nullish(),
  private: z.boolean().default(false),
  auto_init: z.boolean().default(false),
});
const forkBody = z.object({ organization: z.string().optional(), name: z.string().optional() });
const transferBody = z.object({ new_owner: z.string(), new_name: z.string().optional() });

type Settings = z.output<typeof settings>;

function setMethods(repo: Repo, input: Settings): void {
  const { methods } = repo;
  const wanted = {
    merge: input.allow_merge_commit ?? methods.merge,
    squash: input.allow_squash_merge ?? methods.squash,
    rebase: input.allow_rebase_merge ?? methods.rebase,
  };
  if (!Object.values(wanted).includes(true)) {
    refuse(422, 'Validation Failed', [
      {
        resource: 'Repository',
        code: 'custom',
        message: 'At least one merge method must be enabled',
      },
    ]);
  }
  Object.assign(methods, wanted);
}

/** What is acted on goes to its place; the rest is shown again as it was written. */
function keepOthers(repo: Repo, input: Settings): void {
  const known = new Set(Object.keys(settings.shape));
  const others = Object.entries(input).filter(([name]) => !known.has(name));
  repo.settings = { ...repo.settings, ...Object.fromEntries(others) };
}

function edit(call: Call): Answer {
  const scene = sceneOf(call, 'admin');
  const { repo, hub } = scene;
  const input = bodyOf(call, settings);
  const branch = input.default_branch;
  if (branch !== undefined && !repo.refs[`refs/heads/${branch}`]) {
    invalid({ resource: 'Repository', field: 'default_branch', code: 'invalid' });
  }
  const before = { description: repo.description, defaultBranch: repo.defaultBranch };
  setMethods(repo, input);
  keepOthers(repo, input);
  repo.defaultBranch = branch ?? repo.defaultBranch;
  repo.deleteBranchOnMerge = input.delete_branch_on_merge ?? repo.deleteBranchOnMerge;
  if (input.description !== undefined) repo.description = input.description;
  emitSettings(scene, 'edited', {
    ...(before.description === repo.description
      ? {}
      : { description: { from: before.description } }),
    ...(before.defaultBranch === repo.defaultBranch
      ? {}
      : { default_branch: { from: before.defaultBranch } }),
  });
  setVisibility(call, input);
  if (input.name !== undefined && input.name !== repo.name) renameRepo(scene, input.name);
  return ok(renderFullRepo(hub, repo, call.actor?.login));
}

function setVisibility(call: Call, input: Settings): void {
  const scene = sceneOf(call, 'admin');
  const { repo } = scene;
  if (input.archived !== undefined && input.archived !== repo.archived) {
    repo.archived = input.archived;
    emitSettings(scene, input.archived ? 'archived' : 'unarchived');
  }
  if (input.private !== undefined && input.private !== repo.private) {
    repo.private = input.private;
    emitSettings(scene, input.private ? 'privatized' : 'publicized');
  }
}

async function create(call: Call, owner: string): Promise<Answer> {
  const { hub } = call;
  const actor = actorOf(call);
  const input = bodyOf(call, newRepo);
  if (hub.findRepo(owner, input.name)) {
    invalid({
      resource: 'Repository',
      code: 'custom',
      field: 'name',
      message: 'name already exists on this account',
    });
  }
  const repo = await createRepo(
    { hub, actor },
    { owner, name: input.name },
    { private: input.private, description: input.description ?? null, init: input.auto_init },
  );
  return created(renderFullRepo(hub, repo, actor.login));
}

async function fork(call: Call): Promise<Answer> {
  const scene = sceneOf(call);
  const { hub, repo, actor } = scene;
  const input = bodyOf(call, forkBody);
  const owner = input.organization ?? actor.login;
  const name = input.name ?? repo.name;
  const known = hub.findRepo(owner, name);
  const made = known ?? (await forkRepo(scene, { owner, name }));
  return answer(202, renderFullRepo(hub, made, actor.login));
}

function forks(call: Call): Answer {
  const key = `${param(call, 'owner')}/${param(call, 'repo')}`.toLowerCase();
  repoOf(call);
  const found = Object.values(call.hub.model.repos).filter(({ parent }) => parent === key);
  return list(found, (repo) => renderRepo(call.hub, repo));
}

function transfer(call: Call): Answer {
  const scene = sceneOf(call, 'admin');
  const input = bodyOf(call, transferBody);
  const owner = call.hub.findUser(input.new_owner) ?? refuse(422, 'Invalid new owner');
  transferRepo(scene, { owner: owner.login, name: input.new_name ?? scene.repo.name });
  return answer(202, renderRepo(call.hub, scene.repo));
}

function tags(call: Call): Answer {
  const repo = repoOf(call);
  const found = Object.entries(repo.refs).filter(([ref]) => ref.startsWith('refs/tags/'));
  return list(found.reverse(), ([ref, sha]) => {
    const name = ref.slice('refs/tags/'.length);
    return {
      name,
      node_id: nodeId('Ref', ref),
      commit: { sha, url: repoApi(call.hub, repo, `/commits/${sha}`) },
      zipball_url: repoPage(call.hub, repo, `/zipball/${ref}`),
      tarball_url: repoPage(call.hub, repo, `/tarball/${ref}`),
    };
  });
}

const REPO = '/repos/:owner/:repo';

/** Repositories and their settings. */
export const repositoryRoutes: readonly Route[] = [
  route('GET', REPO, (call) => ok(renderFullRepo(call.hub, repoOf(call), call.actor?.login))),
  route('GET', '/repositories/:id', (call) => {
    const repo = call.hub.findRepoById(Number(param(call, 'id'))) ?? notFound();
    if (call.hub.permissionOf(repo, call.actor?.login) === 'none') return notFound();
    return ok(renderFullRepo(call.hub, repo, call.actor?.login));
  }),
  route('PATCH', REPO, edit),
  route('DELETE', REPO, async (call) => {
    await deleteRepo(sceneOf(call, 'admin'));
    return noContent();
  }),
  route('POST', '/user/repos', (call) => create(call, actorOf(call).login)),
  route('POST', '/orgs/:org/repos', (call) => {
    const org = call.hub.findOrg(param(call, 'org')) ?? notFound();
    if (!org.members[actorOf(call).login.toLowerCase()]) return notFound();
    return create(call, org.login);
  }),
  route('GET', `${REPO}/forks`, forks),
  route('POST', `${REPO}/forks`, fork),
  route('POST', `${REPO}/transfer`, transfer),
  route('GET', `${REPO}/tags`, tags),
  route('PUT', `${REPO}/topics`, (call) => {
    const { repo } = sceneOf(call, 'admin');
    const { names } = bodyOf(call, z.object({ names: z.array(z.string()) }));
    const topics = [...new Set(names.map((name) => name.toLowerCase()))];
    repo.settings = { ...repo.settings, topics };
    return ok({ names: topics });
  }),
  route('GET', `${REPO}/topics`, (call) => {
    const topics = repoOf(call).settings?.['topics'];
    return ok({ names: Array.isArray(topics) ? topics : [] });
  }),
];

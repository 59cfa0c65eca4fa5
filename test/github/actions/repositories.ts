import { rm } from 'node:fs/promises';
import { importCommits } from '../git/fast-import.ts';
import { createBare, setRefs } from '../git/repository.ts';
import { git } from '../git/run.ts';
import { isPull } from '../http/route.ts';
import { type Hub, repoKey, timestamp } from '../hub.ts';
import { renderOrg, renderUser } from '../render/account.ts';
import { renderRepo } from '../render/repository.ts';
import { blankRepo } from '../state/blank-repo.ts';
import type { Repo } from '../state/model.ts';
import { emit, type Scene } from './emit.ts';

/** Gives a repository another owner or name; the old one leads here from then on. */
function moveRepo(
  hub: Hub,
  repo: Repo,
  to: { readonly owner: string; readonly name: string },
): void {
  const before = repoKey(repo.owner, repo.name);
  const after = repoKey(to.owner, to.name);
  const { model } = hub;
  delete model.repos[before];
  repo.owner = to.owner;
  repo.name = to.name;
  model.repos[after] = repo;
  model.redirects[before] = repo.id;
  delete model.redirects[after];
  for (const other of Object.values(model.repos)) {
    if (other.parent === before) other.parent = after;
    for (const issue of Object.values(other.issues).filter(isPull)) {
      if (issue.pull.head.repo === before) issue.pull.head.repo = after;
    }
  }
}

function moveHooks(hub: Hub, repo: Repo, from: { readonly owner: string; readonly name: string }) {
  for (const [index, hook] of hub.model.hooks.entries()) {
    if (hook.repo !== from.name || hook.owner !== from.owner) continue;
    hub.model.hooks[index] = { ...hook, owner: repo.owner, repo: repo.name };
  }
}

/** Renames a repository. */
export function renameRepo(scene: Scene, name: string): void {
  const { hub, repo } = scene;
  const from = { owner: repo.owner, name: repo.name };
  moveRepo(hub, repo, { owner: repo.owner, name });
  moveHooks(hub, repo, from);
  emit(scene, {
    event: 'repository',
    action: 'renamed',
    payload: () => ({ changes: { repository: { name: { from: from.name } } } }),
  });
}

/** Gives a repository to another owner. */
export function transferRepo(
  scene: Scene,
  to: { readonly owner: string; readonly name: string },
): void {
  const { hub, repo } = scene;
  const from = { owner: repo.owner, name: repo.name };
  const former = hub.findOrg(from.owner);
  moveRepo(hub, repo, to);
  moveHooks(hub, repo, from);
  emit(scene, {
    event: 'repository',
    action: 'transferred',
    payload: () => ({
      changes: {
        owner: {
          from: former
            ? { organization: renderOrg(hub, former) }
            : { user: renderUser(hub, from.owner) },
        },
      },
    }),
  });
}

/** Forks a repository: its branches, and its objects by reference. */
export async function forkRepo(
  scene: Scene,
  place: { readonly owner: string; readonly name: string },
): Promise<Repo> {
  const { hub, repo } = scene;
  const fork: Repo = {
    ...blankRepo(hub, { ...place, parent: repoKey(repo.owner, repo.name) }),
    defaultBranch: repo.defaultBranch,
    private: repo.private,
  };
  await createBare(hub.directoryOf(fork), repo.defaultBranch, hub.directoryOf(repo));
  const heads = Object.entries(repo.refs).filter(([ref]) => /^refs\/(heads|tags)\//.test(ref));
  await setRefs(hub.directoryOf(fork), Object.fromEntries(heads));
  Object.assign(fork.refs, Object.fromEntries(heads));
  hub.model.repos[repoKey(place.owner, place.name)] = fork;
  emit(scene, { event: 'fork', payload: () => ({ forkee: renderRepo(hub, fork) }) });
  return fork;
}

/** Makes a repository, with a first commit if asked for. */
export async function createRepo(
  scene: Omit<Scene, 'repo'>,
  place: { readonly owner: string; readonly name: string },
  input: { readonly private: boolean; readonly description: string | null; readonly init: boolean },
): Promise<Repo> {
  const { hub, actor } = scene;
  const repo: Repo = {
    ...blankRepo(hub, { ...place, parent: null }),
    private: input.private,
    description: input.description,
  };
  const directory = hub.directoryOf(repo);
  await createBare(directory, repo.defaultBranch);
  if (input.init) repo.refs['refs/heads/main'] = await firstCommit(directory, actor, place.name);
  hub.model.repos[repoKey(place.owner, place.name)] = repo;
  emit({ ...scene, repo }, { event: 'repository', action: 'created', payload: () => ({}) });
  return repo;
}

async function firstCommit(
  directory: string,
  actor: { readonly name: string; readonly email: string },
  name: string,
): Promise<string> {
  const [sha = ''] = await importCommits(directory, [
    {
      ref: 'refs/heads/main',
      message: 'Initial commit\n',
      author: actor,
      files: { 'README.md': `# ${name}\n` },
    },
  ]);
  return sha;
}

/** Deletes a repository; open pull requests from it stay without a head repository. */
export async function deleteRepo(scene: Scene): Promise<void> {
  const { hub, repo } = scene;
  const key = repoKey(repo.owner, repo.name);
  emit(scene, { event: 'repository', action: 'deleted', payload: () => ({}) });
  delete hub.model.repos[key];
  const { hooks } = hub.model;
  const gone = hooks.filter((hook) => hook.owner === repo.owner && hook.repo === repo.name);
  for (const hook of gone) hooks.splice(hooks.indexOf(hook), 1);
  await unshareObjects(hub, key);
  await rm(hub.directoryOf(repo), { recursive: true, force: true });
}

/** Forks that borrow objects get their own before the lender goes. */
async function unshareObjects(hub: Hub, key: string): Promise<void> {
  for (const fork of Object.values(hub.model.repos).filter(({ parent }) => parent === key)) {
    const directory = hub.directoryOf(fork);
    await git(directory, ['repack', '-a', '-d', '-q']);
    await rm(`${directory}/objects/info/alternates`, { force: true });
    fork.parent = null;
  }
}

/** Says that settings of a repository changed. */
export function emitSettings(
  scene: Scene,
  action: string,
  changes?: Record<string, unknown>,
): void {
  scene.repo.updatedAt = timestamp();
  emit(scene, {
    event: 'repository',
    action,
    payload: () => (changes === undefined ? {} : { changes }),
  });
}

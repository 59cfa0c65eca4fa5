import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { type FileChange, importCommits } from '../git/fast-import.ts';
import { createBare } from '../git/repository.ts';
import { type Hub, repoKey, timestamp } from '../hub.ts';
import { blankRepo } from '../state/blank-repo.ts';
import type { Repo } from '../state/model.ts';
import { PERMISSIONS } from '../state/permissions.ts';
import { appSchema, seedApp } from './seed-apps.ts';

const permission = z.enum(PERMISSIONS);

/** A map of files: content, `null` to delete, or `{content, executable}`. */
export const filesSchema = z.record(
  z.string(),
  z.union([
    z.string(),
    z.null(),
    z.object({ content: z.string(), executable: z.boolean().optional() }).strict(),
  ]),
);

const hookSchema = z
  .object({
    url: z.string(),
    secret: z.string().default(''),
    events: z.array(z.string()).default(['*']),
    active: z.boolean().default(true),
  })
  .strict();

const labelSchema = z.union([
  z.string().transform((name) => ({ name, color: 'ededed', description: null })),
  z
    .object({
      name: z.string(),
      color: z.string().default('ededed'),
      description: z.string().nullable().default(null),
    })
    .strict(),
]);

const userSchema = z.union([
  z.string().transform((login) => ({ login, type: undefined, email: undefined, busy: undefined })),
  z
    .object({
      login: z.string(),
      type: z.enum(['User', 'Bot']).optional(),
      /** Public; made up if left out. */
      email: z.string().optional(),
      /** Says that reviews should go to others. */
      busy: z.boolean().optional(),
    })
    .strict(),
]);

const repoSchema = z
  .object({
    /** `ORG/REPO`. */
    name: z.string().regex(/^[^/]+\/[^/]+$/),
    private: z.boolean().default(false),
    description: z.string().nullable().default(null),
    defaultBranch: z.string().default('main'),
    /** The first commit, by a map of files or by a folder on disk. */
    files: filesSchema.default({}),
    folder: z.string().optional(),
    message: z.string().default('Initial commit'),
    /** Further branches from the first commit, each with what it changes. */
    branches: z.record(z.string(), filesSchema).default({}),
    labels: z.array(labelSchema).default([]),
    milestones: z.array(z.string()).default([]),
    collaborators: z.record(z.string(), permission).default({}),
    protection: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
    /** If given, these become all hooks of the repository. */
    hooks: z.array(hookSchema).optional(),
    mergeMethods: z
      .array(z.enum(['merge', 'squash', 'rebase']))
      .default(['merge', 'squash', 'rebase']),
    deleteBranchOnMerge: z.boolean().default(false),
  })
  .strict();

const orgSchema = z
  .object({
    members: z.array(z.string()).default([]),
    admins: z.array(z.string()).default([]),
    defaultPermission: permission.default('read'),
    /** If given, these become all hooks of the organisation. */
    hooks: z.array(hookSchema).optional(),
  })
  .strict();

const tokenSchema = z.union([
  z.string().transform((login) => ({ login })),
  z
    .object({
      login: z.string(),
      /** Of a classic token; without it the token may what its owner may. */
      scopes: z.array(z.string()).optional(),
      /** The token of a workflow of a fork: it reads. */
      readOnly: z.boolean().optional(),
      /** Refused from then on. */
      expiresAt: z.string().optional(),
    })
    .strict(),
]);

/** What `POST /control/seed` takes; what exists already is completed, never overwritten. */
export const seedSchema = z
  .object({
    users: z.array(userSchema).default([]),
    /** Token to login, or to what it may do. */
    tokens: z.record(z.string(), tokenSchema).default({}),
    orgs: z.record(z.string(), orgSchema).default({}),
    repos: z.array(repoSchema).default([]),
    apps: z.array(appSchema).default([]),
  })
  .strict();

/** A seed as one writes it. */
export type SeedInput = z.input<typeof seedSchema>;
type Seed = z.output<typeof seedSchema>;
type RepoSeed = Seed['repos'][number];
type HookSeed = z.output<typeof hookSchema>;

interface HookPlace {
  readonly owner: string;
  readonly repo: string | null;
}

async function readFolder(folder: string): Promise<Record<string, FileChange>> {
  const root = resolve(folder);
  const files: Record<string, FileChange> = {};
  for (const name of await readdir(root, { recursive: true })) {
    const path = join(root, name);
    const parts = relative(root, path).split('/');
    if (parts.includes('.git') || parts.includes('node_modules')) continue;
    const found = await stat(path);
    if (!found.isFile()) continue;
    const executable = (found.mode & 0o100) !== 0;
    files[parts.join('/')] = { content: await readFile(path, 'utf8'), executable };
  }
  return files;
}

/** Makes the hooks of a place exactly these; ids stay, so that a moved receiver keeps its deliveries. */
function setHooks(hub: Hub, place: HookPlace, hooks: readonly HookSeed[] | undefined): void {
  if (!hooks) return;
  const all = hub.model.hooks;
  const known = all.filter((hook) => hook.owner === place.owner && hook.repo === place.repo);
  for (const surplus of known.splice(hooks.length)) all.splice(all.indexOf(surplus), 1);
  hooks.forEach((hook, index) => {
    const old = known[index];
    if (old) Object.assign(old, hook);
    else all.push({ id: hub.store.nextId(), ...place, ...hook, createdAt: timestamp() });
  });
}

function seedOrg(hub: Hub, login: string, seed: Seed['orgs'][string]): void {
  const account = hub.ensureUser(login, 'Organization');
  const org = hub.findOrg(login) ?? {
    id: account.id,
    login,
    defaultPermission: seed.defaultPermission,
    members: {},
  };
  hub.model.orgs[login.toLowerCase()] = org;
  for (const member of seed.members) {
    org.members[hub.ensureUser(member).login.toLowerCase()] = 'member';
  }
  for (const admin of seed.admins) org.members[hub.ensureUser(admin).login.toLowerCase()] = 'admin';
  setHooks(hub, { owner: org.login, repo: null }, seed.hooks);
}

async function createRepo(hub: Hub, seed: RepoSeed): Promise<Repo> {
  const [owner = '', name = ''] = seed.name.split('/');
  const author = hub.ensureUser(owner);
  const repo: Repo = {
    ...blankRepo(hub, { owner, name, parent: null }),
    private: seed.private,
    description: seed.description,
    defaultBranch: seed.defaultBranch,
  };
  const directory = hub.directoryOf(repo);
  await createBare(directory, seed.defaultBranch);
  const files = { ...(seed.folder ? await readFolder(seed.folder) : {}), ...seed.files };
  const main = `refs/heads/${seed.defaultBranch}`;
  const message = `${seed.message}\n`;
  const [first = ''] = await importCommits(directory, [{ ref: main, message, author, files }]);
  repo.refs[main] = first;
  const branches = Object.entries(seed.branches);
  const tips = await importCommits(
    directory,
    branches.map(([branch, changed]) => ({
      ref: `refs/heads/${branch}`,
      from: first,
      message: `Branch ${branch}\n`,
      author,
      files: changed,
    })),
  );
  branches.forEach(([branch], index) => {
    repo.refs[`refs/heads/${branch}`] = tips[index] ?? first;
  });
  hub.model.repos[repoKey(owner, name)] = repo;
  return repo;
}

function completeRepo(hub: Hub, repo: Repo, seed: RepoSeed): void {
  for (const label of seed.labels) {
    if (repo.labels.some((known) => known.name === label.name)) continue;
    repo.labels.push({ id: hub.store.nextId(), ...label });
  }
  for (const title of seed.milestones) {
    if (repo.milestones.some((known) => known.title === title)) continue;
    const number = repo.milestones.length + 1;
    const id = hub.store.nextId();
    repo.milestones.push({ id, number, title, description: null, state: 'open' });
  }
  for (const [login, have] of Object.entries(seed.collaborators)) {
    repo.collaborators[hub.ensureUser(login).login.toLowerCase()] = have;
  }
  Object.assign(repo.protection, seed.protection);
  for (const method of ['merge', 'squash', 'rebase'] as const) {
    repo.methods[method] = seed.mergeMethods.includes(method);
  }
  repo.deleteBranchOnMerge = seed.deleteBranchOnMerge;
  setHooks(hub, { owner: repo.owner, repo: repo.name }, seed.hooks);
}

function seedUser(hub: Hub, { login, type, email, busy }: Seed['users'][number]): void {
  const user = hub.ensureUser(login, type);
  if (email !== undefined) hub.model.users[login.toLowerCase()] = { ...user, email };
  if (busy === undefined) return;
  hub.ensureUser(login).status = { emoji: null, message: null, busy };
}

function seedTokens(hub: Hub, tokens: Seed['tokens']): void {
  for (const [token, { login, ...grant }] of Object.entries(tokens)) {
    hub.model.tokens[token] = hub.ensureUser(login).login;
    const given = Object.entries(grant).filter(([, value]) => value !== undefined);
    if (given.length > 0) hub.model.grants[token] = Object.fromEntries(given);
  }
}

/** Makes what a seed names and is not there yet. */
export async function applySeed(hub: Hub, input: SeedInput): Promise<void> {
  const seed = seedSchema.parse(input);
  for (const user of seed.users) seedUser(hub, user);
  seedTokens(hub, seed.tokens);
  for (const [login, org] of Object.entries(seed.orgs)) seedOrg(hub, login, org);
  for (const repoSeed of seed.repos) {
    const [owner = '', name = ''] = repoSeed.name.split('/');
    const repo = hub.findRepo(owner, name) ?? (await createRepo(hub, repoSeed));
    completeRepo(hub, repo, repoSeed);
  }
  for (const app of seed.apps) seedApp(hub, app);
  hub.store.touch();
}

import { z } from 'zod';
import type { Scene } from '../actions/emit.ts';
import { ensureLabel } from '../actions/issues.ts';
import { announcePull, registerPull } from '../actions/pulls.ts';
import { refsChanged } from '../actions/refs.ts';
import { refreshMergeability } from '../actions/size.ts';
import { importCommits, type NewCommit, PREVIOUS } from '../git/fast-import.ts';
import { createBare, forgetRef, setRefs } from '../git/repository.ts';
import { notFound, refuse } from '../http/errors.ts';
import { isPull } from '../http/route.ts';
import { type Hub, repoKey } from '../hub.ts';
import { blankRepo } from '../state/blank-repo.ts';
import type { PullIssue, Repo } from '../state/model.ts';
import { filesSchema } from './seed.ts';

/** What `POST /control/repos/O/R/pulls` takes, one or a list. */
export const openPullSchema = z
  .object({
    author: z.string(),
    title: z.string(),
    body: z.string().nullable().default(null),
    base: z.string().optional(),
    /** Name of the head branch; made up if left out. */
    branch: z.string().optional(),
    files: filesSchema,
    /** One commit, unless more are given here; `files` is then the first. */
    commits: z.array(z.object({ message: z.string(), files: filesSchema }).strict()).default([]),
    fork: z.boolean().default(false),
    draft: z.boolean().default(false),
    labels: z.array(z.string()).default([]),
  })
  .strict();

/** A pull request to open, as one writes it. */
export type OpenPullInput = z.input<typeof openPullSchema>;
type OpenPull = z.output<typeof openPullSchema>;

/** What `POST /control/repos/O/R/pulls/N/commits` and `.../branches/B/commits` take. */
export const pushSchema = z
  .object({
    author: z.string(),
    message: z.string().default('Another commit'),
    files: filesSchema,
    /** Replaces the branch by one commit on the base instead of adding to it. */
    force: z.boolean().default(false),
  })
  .strict();

/** Commits to push, as one writes them. */
export type PushInput = z.input<typeof pushSchema>;

async function ensureFork(hub: Hub, parent: Repo, owner: string): Promise<Repo> {
  const known = hub.findRepo(owner, parent.name);
  if (known) return known;
  const fork: Repo = {
    ...blankRepo(hub, {
      owner,
      name: parent.name,
      parent: repoKey(parent.owner, parent.name),
    }),
    defaultBranch: parent.defaultBranch,
  };
  await createBare(hub.directoryOf(fork), parent.defaultBranch, hub.directoryOf(parent));
  hub.model.repos[repoKey(owner, parent.name)] = fork;
  return fork;
}

interface Planned {
  readonly input: OpenPull;
  readonly number: number;
  readonly branch: string;
  readonly base: string;
  readonly from: string;
  readonly headRepo: Repo;
}

async function plan(
  hub: Hub,
  repo: Repo,
  inputs: readonly OpenPull[],
): Promise<readonly Planned[]> {
  const planned: Planned[] = [];
  for (const [index, input] of inputs.entries()) {
    const number = repo.nextNumber + index;
    const author = hub.ensureUser(input.author).login;
    const base = input.base ?? repo.defaultBranch;
    const from = repo.refs[`refs/heads/${base}`] ?? refuse(422, `No branch ${base}`);
    const headRepo = input.fork ? await ensureFork(hub, repo, author) : repo;
    const branch = input.branch ?? `${author}-${number}`;
    planned.push({ input, number, branch, base, from, headRepo });
  }
  return planned;
}

function commitsOf(hub: Hub, planned: Planned): readonly NewCommit[] {
  const { input, from } = planned;
  const author = hub.ensureUser(input.author);
  const ref = SCAFFOLD;
  const first = { message: `${input.title}\n`, files: input.files };
  return [first, ...input.commits].map((commit, index) => ({
    ref,
    from: index === 0 ? from : PREVIOUS,
    message: commit.message,
    author,
    files: commit.files,
  }));
}

/** Holds commits while they are made. */
const SCAFFOLD = 'refs/bowsprit/scaffold';

/** Makes all commits in one git process and the head branches in one more per repository. */
async function makeHeads(
  hub: Hub,
  repo: Repo,
  planned: readonly Planned[],
): Promise<readonly string[]> {
  const perPull = planned.map((one) => commitsOf(hub, one));
  const directory = hub.directoryOf(repo);
  const shas = await importCommits(directory, perPull.flat());
  let seen = 0;
  const heads = perPull.map((commits) => {
    seen += commits.length;
    return shas[seen - 1] ?? '';
  });
  const own = planned.map(({ number }, index) => [`refs/pull/${number}/head`, heads[index] ?? '']);
  const refs = new Map<Repo, Record<string, string>>([[repo, Object.fromEntries(own)]]);
  planned.forEach(({ headRepo, branch }, index) => {
    const known = refs.get(headRepo) ?? {};
    known[`refs/heads/${branch}`] = heads[index] ?? '';
    refs.set(headRepo, known);
  });
  for (const [headRepo, wanted] of refs) {
    await setRefs(hub.directoryOf(headRepo), wanted);
    Object.assign(headRepo.refs, wanted);
  }
  await forgetRef(directory, SCAFFOLD);
  return heads;
}

/** Opens pull requests from maps of files: real commits, refs, and webhooks in order. */
export function openPulls(
  hub: Hub,
  repo: Repo,
  inputs: readonly OpenPullInput[],
): Promise<readonly PullIssue[]> {
  const parsed = inputs.map((input) => openPullSchema.parse(input));
  return hub.locked(String(repo.id), async () => {
    hub.history.remember(repo);
    const planned = await plan(hub, repo, parsed);
    const heads = await makeHeads(hub, repo, planned);
    const issues: PullIssue[] = [];
    for (const [index, { input, branch, base, headRepo }] of planned.entries()) {
      const scene: Scene = { hub, repo, actor: hub.ensureUser(input.author) };
      const head = { repo: headRepo, ref: branch, sha: heads[index] ?? '' };
      const { title, body, draft } = input;
      const labels = input.labels.map((name) => ensureLabel(scene, name));
      const issue = registerPull(scene, { title, body, draft, labels, base, head });
      issues.push(issue);
      await announcePull(scene, issue);
      if (planned.length === 1) refreshMergeability(hub, repo, issue);
    }
    hub.store.touch();
    return issues;
  });
}

/** Puts a commit on a branch, as `git push` would: webhooks follow. */
export function pushToBranch(
  hub: Hub,
  target: { readonly repo: Repo; readonly branch: string; readonly base?: string },
  input: PushInput,
): Promise<string> {
  const { repo, branch } = target;
  const push = pushSchema.parse(input);
  return hub.locked(String(repo.id), async () => {
    hub.history.remember(repo);
    const ref = `refs/heads/${branch}`;
    const actor = hub.ensureUser(push.author);
    const before = repo.refs[ref] ?? notFound();
    const from = push.force ? (target.base ?? before) : before;
    const message = `${push.message}\n`;
    const commit: NewCommit = { ref, from, message, author: actor, files: push.files };
    const [after = before] = await importCommits(hub.directoryOf(repo), [commit]);
    await refsChanged({ hub, repo, actor }, [{ ref, before, after }]);
    return after;
  });
}

/** Pushes a commit to the head branch of a pull request. */
export function pushToPull(
  hub: Hub,
  place: { readonly repo: Repo; readonly number: number },
  input: PushInput,
): Promise<string> {
  const issue = place.repo.issues[place.number] ?? notFound();
  if (!isPull(issue)) return notFound();
  const { head, base } = issue.pull;
  const headRepo = hub.model.repos[head.repo] ?? notFound();
  return pushToBranch(hub, { repo: headRepo, branch: head.ref, base: base.sha }, input);
}

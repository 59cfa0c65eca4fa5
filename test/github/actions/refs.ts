import { readChanges } from '../git/changes.ts';
import { newCommits, readCommits } from '../git/history.ts';
import { isAncestor, NO_COMMIT, setRefs } from '../git/repository.ts';
import { git } from '../git/run.ts';
import { isPull } from '../http/route.ts';
import { repoKey, timestamp } from '../hub.ts';
import { renderPushedRepo } from '../render/repository.ts';
import { repoPage } from '../render/urls.ts';
import { requirementsOf } from '../rules/requirements.ts';
import type { PullIssue, Repo } from '../state/model.ts';
import { emit, recordEvent, type Scene } from './emit.ts';
import { emitOnIssue, setState, touchIssue } from './issues.ts';
import { dismissReview } from './reviews.ts';
import { ensureSize, refreshMergeability } from './size.ts';

/** A ref that moved, was made or was deleted. */
export interface RefChange {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

type Json = Record<string, unknown>;

const PUSHED_COMMITS_SHOWN = 50;

async function pushedCommits(scene: Scene, change: RefChange): Promise<readonly Json[]> {
  const { hub, repo } = scene;
  if (change.after === NO_COMMIT) return [];
  const fallback = repo.refs[`refs/heads/${repo.defaultBranch}`];
  const from = change.before === NO_COMMIT ? fallback : change.before;
  const directory = hub.directoryOf(repo);
  const range = from && from !== change.after ? [`${from}..${change.after}`] : ['-1', change.after];
  const limit = `--max-count=${PUSHED_COMMITS_SHOWN}`;
  const commits = await readCommits(directory, [limit, '--reverse', ...range]);
  return Promise.all(
    commits.map(async (commit) => {
      const parent = commit.parents[0];
      const files = await readChanges(directory, [
        parent ?? '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
        commit.sha,
      ]);
      const named = (...kinds: string[]): string[] =>
        files.filter((file) => kinds.includes(file.status)).map((file) => file.filename);
      return {
        id: commit.sha,
        tree_id: commit.tree,
        distinct: true,
        message: commit.message,
        timestamp: commit.author.date,
        url: repoPage(hub, repo, `/commit/${commit.sha}`),
        author: { name: commit.author.name, email: commit.author.email },
        committer: { name: commit.committer.name, email: commit.committer.email },
        added: named('added'),
        removed: named('removed'),
        modified: named('modified', 'renamed', 'changed'),
      };
    }),
  );
}

async function emitPush(scene: Scene, change: RefChange): Promise<void> {
  const { hub, repo, actor } = scene;
  const heard = hub.deliveries.wanted('push', repo.owner, repo.name) || hub.contract !== undefined;
  const commits = heard ? await pushedCommits(scene, change) : [];
  const moved = change.before !== NO_COMMIT && change.after !== NO_COMMIT;
  const directory = hub.directoryOf(repo);
  const forced = moved && !(await isAncestor(directory, change.before, change.after));
  emit(scene, {
    event: 'push',
    about: `${change.ref} ${change.after}`,
    payload: () => ({
      ref: change.ref,
      before: change.before,
      after: change.after,
      created: change.before === NO_COMMIT,
      deleted: change.after === NO_COMMIT,
      forced,
      base_ref: null,
      compare: repoPage(
        hub,
        repo,
        `/compare/${change.before.slice(0, 12)}...${change.after.slice(0, 12)}`,
      ),
      commits,
      head_commit: commits.at(-1) ?? null,
      pusher: { name: actor.login, email: actor.email },
      repository: renderPushedRepo(hub, repo),
    }),
  });
}

/** What `POST hooks/H/tests` sends: the newest push of the default branch once more. */
export async function emitTestPush(scene: Scene): Promise<void> {
  const ref = `refs/heads/${scene.repo.defaultBranch}`;
  const after = scene.repo.refs[ref];
  if (after !== undefined) await emitPush(scene, { ref, before: after, after });
}

function emitCreateOrDelete(scene: Scene, change: RefChange): void {
  const made = change.before === NO_COMMIT;
  if (!made && change.after !== NO_COMMIT) return;
  const [, kind = 'heads', ...name] = change.ref.split('/');
  emit(scene, {
    event: made ? 'create' : 'delete',
    payload: () => ({
      ref: name.join('/'),
      ref_type: kind === 'tags' ? 'tag' : 'branch',
      ...(made ? { master_branch: scene.repo.defaultBranch, description: null } : {}),
      pusher_type: 'user',
    }),
  });
}

interface Affected {
  readonly repo: Repo;
  readonly issue: PullIssue;
}

function pullsFrom(scene: Scene, ref: string): readonly Affected[] {
  const key = repoKey(scene.repo.owner, scene.repo.name);
  return Object.values(scene.hub.model.repos).flatMap((repo) =>
    Object.values(repo.issues)
      .filter(isPull)
      .filter((issue) => issue.state === 'open')
      .filter((issue) => issue.pull.head.repo === key && issue.pull.head.ref === ref)
      .map((issue) => ({ repo, issue })),
  );
}

/** Where the base says so, a push takes back the approvals of what was there before. */
function dismissStale(scene: Scene, issue: PullIssue): void {
  const { hub, repo } = scene;
  if (!requirementsOf(hub, repo, { branch: issue.pull.base.ref }).dismissStale) return;
  const stale = issue.pull.reviews.filter(({ state }) => state === 'APPROVED');
  for (const review of stale) dismissReview(scene, issue, review);
}

/** Tells a pull request that its head branch moved. */
async function synchronize(scene: Scene, place: Affected, change: RefChange): Promise<void> {
  const { hub } = scene;
  const { repo, issue } = place;
  const directory = hub.directoryOf(repo);
  if (repo !== scene.repo) {
    await git(directory, ['fetch', '--quiet', hub.directoryOf(scene.repo), change.after]);
  }
  const ref = `refs/pull/${issue.number}/head`;
  await setRefs(directory, { [ref]: change.after });
  repo.refs[ref] = change.after;
  issue.pull.head.sha = change.after;
  issue.pull.base.sha = repo.refs[`refs/heads/${issue.pull.base.ref}`] ?? issue.pull.base.sha;
  touchIssue(issue);
  await ensureSize(hub, repo, issue);
  emitOnIssue({ ...scene, repo }, issue, {
    action: 'synchronize',
    before: change.before,
    after: change.after,
  });
  dismissStale({ ...scene, repo }, issue);
  refreshMergeability(hub, repo, issue);
}

/** Marks pull requests as merged whose head arrived on the base by a push. */
async function closeLanded(scene: Scene, change: RefChange): Promise<void> {
  const { hub, repo } = scene;
  const branch = change.ref.replace('refs/heads/', '');
  const open = Object.values(repo.issues)
    .filter(isPull)
    .filter((issue) => issue.state === 'open' && issue.pull.base.ref === branch);
  if (open.length === 0) return;
  const landed = await newCommits(hub.directoryOf(repo), change.before, change.after);
  for (const issue of open) {
    if (!landed.has(issue.pull.head.sha)) continue;
    issue.pull.merged = true;
    issue.pull.mergedAt = timestamp();
    issue.pull.mergedBy = scene.actor.login;
    issue.pull.mergeCommitSha = change.after;
    issue.pull.base.sha = change.before;
    recordEvent(scene, issue, { event: 'merged', commitId: change.after });
    setState(scene, issue, 'closed');
  }
}

async function onBranch(scene: Scene, change: RefChange): Promise<void> {
  const ref = change.ref.replace('refs/heads/', '');
  for (const place of pullsFrom(scene, ref)) {
    if (change.after === NO_COMMIT) setState({ ...scene, repo: place.repo }, place.issue, 'closed');
    else await synchronize(scene, place, change);
  }
  const moved = change.before !== NO_COMMIT && change.after !== NO_COMMIT;
  if (moved) await closeLanded(scene, change);
}

/** Mirrors moved refs in the model and sends what follows from them. */
export async function refsChanged(scene: Scene, changes: readonly RefChange[]): Promise<void> {
  const { repo } = scene;
  for (const change of changes) {
    if (change.after === NO_COMMIT) delete repo.refs[change.ref];
    else repo.refs[change.ref] = change.after;
  }
  repo.pushedAt = timestamp();
  scene.hub.store.touch();
  for (const change of changes) {
    emitCreateOrDelete(scene, change);
    await emitPush(scene, change);
    if (change.ref.startsWith('refs/heads/')) await onBranch(scene, change);
  }
}

/** What changed between two readings of the refs, pull request heads left out. */
export function compareRefs(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly RefChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((ref) => !ref.startsWith('refs/pull/') && before[ref] !== after[ref])
    .map((ref) => ({
      ref,
      before: before[ref] ?? NO_COMMIT,
      after: after[ref] ?? NO_COMMIT,
    }));
}

import { makeMerge } from '../git/merge.ts';
import { isAncestor, NO_COMMIT, updateRef } from '../git/repository.ts';
import { refuse } from '../http/errors.ts';
import type { Subject } from '../http/faults.ts';
import { REFUSAL_ANSWERS, SENTENCES } from '../http/refusals.ts';
import { repoKey, timestamp } from '../hub.ts';
import { requirementsOf } from '../rules/requirements.ts';
import { unmetRequirement } from '../rules/unmet.ts';
import type { PullIssue } from '../state/model.ts';
import { recordEvent, type Scene } from './emit.ts';
import { setState } from './issues.ts';
import { refsChanged } from './refs.ts';
import { ensureSize } from './size.ts';

/** What `PUT pulls/N/merge` asks for. */
export interface MergeRequest {
  readonly method: 'merge' | 'squash' | 'rebase';
  readonly sha?: string | undefined;
  readonly title?: string | undefined;
  readonly message?: string | undefined;
}

const METHOD_REFUSED = {
  merge: 'Merge commits are not allowed on this repository.',
  squash: 'Squash merges are not allowed on this repository.',
  rebase: 'Rebase merges are not allowed on this repository.',
} as const;

/** What faults look at in a merge, from wherever it is asked for. */
function subjectOf({ repo }: Scene, issue: PullIssue): Subject {
  const path = `/repos/${repo.owner}/${repo.name}/pulls/${issue.number}/merge`;
  return { method: 'PUT', path };
}

function checkFault(scene: Scene, issue: PullIssue): void {
  const fault = scene.hub.faults.strike(['refuse-merge'], subjectOf(scene, issue));
  if (!fault) return;
  const { status, message } = REFUSAL_ANSWERS[fault.refusal];
  refuse(status, fault.message ?? message);
}

async function checkRules(scene: Scene, issue: PullIssue, method: string): Promise<void> {
  const { hub, repo, actor } = scene;
  const required = requirementsOf(hub, repo, { branch: issue.pull.base.ref, actor });
  if (required.pushers && !required.pushers.includes(actor.login.toLowerCase())) {
    refuse(405, REFUSAL_ANSWERS['not-authorized'].message);
  }
  if (required.linear && method === 'merge') refuse(405, METHOD_REFUSED.merge);
  const behind = required.strict && (await isBehind(scene, issue));
  const unmet = unmetRequirement(hub, repo, { issue, actor, behind });
  if (unmet !== undefined) refuse(405, unmet);
}

/** Whether the base has commits that the head has not. */
async function isBehind({ hub, repo }: Scene, { pull }: PullIssue): Promise<boolean> {
  const tip = repo.refs[`refs/heads/${pull.base.ref}`];
  return tip !== undefined && !(await isAncestor(hub.directoryOf(repo), tip, pull.head.sha));
}

async function checkMergeable(
  scene: Scene,
  issue: PullIssue,
  request: MergeRequest,
): Promise<void> {
  const { pull } = issue;
  checkFault(scene, issue);
  if (pull.merged || issue.state === 'closed') refuse(405, SENTENCES.notMergeable);
  if (request.sha && request.sha !== pull.head.sha) refuse(409, SENTENCES.headModified);
  if (pull.draft) refuse(405, SENTENCES.draft);
  if (!scene.repo.methods[request.method]) refuse(405, METHOD_REFUSED[request.method]);
  await checkRules(scene, issue, request.method);
}

function mergeMessage(scene: Scene, issue: PullIssue, request: MergeRequest): string {
  const { repo } = scene;
  const owner = issue.pull.head.repo.split('/')[0] ?? repo.owner;
  const standard =
    request.method === 'squash'
      ? { title: `${issue.title} (#${issue.number})`, body: '' }
      : {
          title: `Merge pull request #${issue.number} from ${owner}/${issue.pull.head.ref}`,
          body: issue.title,
        };
  const body = request.message ?? standard.body;
  return `${request.title ?? standard.title}\n${body ? `\n${body}\n` : ''}`;
}

/**
 * The fault `wrong-base`: as GitHub's own queue did in April 2026, a squash is made on the base that
 * the pull request was opened on and put on the present one: what landed meanwhile is undone.
 */
function treeBaseOf(
  scene: Scene,
  issue: PullIssue,
  { method }: MergeRequest,
): { readonly treeBase: string } | undefined {
  if (method !== 'squash') return undefined;
  const fault = scene.hub.faults.strike(['wrong-base'], subjectOf(scene, issue));
  return fault ? { treeBase: issue.pull.base.sha } : undefined;
}

async function land(
  scene: Scene,
  issue: PullIssue,
  request: MergeRequest,
): Promise<{ readonly before: string; readonly sha: string }> {
  const { hub, repo, actor } = scene;
  const directory = hub.directoryOf(repo);
  const ref = `refs/heads/${issue.pull.base.ref}`;
  const before = repo.refs[ref] ?? refuse(405, SENTENCES.baseModified);
  const sha = await makeMerge(directory, {
    base: before,
    ...(treeBaseOf(scene, issue, request) ?? {}),
    head: issue.pull.head.sha,
    method: request.method,
    message: mergeMessage(scene, issue, request),
    author:
      request.method === 'squash'
        ? hub.ensureUser(issue.author)
        : { name: actor.name, email: actor.email },
  });
  if (!sha) return refuse(405, SENTENCES.notMergeable);
  const moved = await updateRef(directory, { ref, before, after: sha });
  if (!moved) return refuse(405, SENTENCES.baseModified);
  return { before, sha };
}

async function deleteHead(scene: Scene, issue: PullIssue): Promise<void> {
  const { hub, repo } = scene;
  const { head } = issue.pull;
  const ref = `refs/heads/${head.ref}`;
  if (!repo.deleteBranchOnMerge || head.repo !== repoKey(repo.owner, repo.name)) return;
  await updateRef(hub.directoryOf(repo), { ref, after: NO_COMMIT });
  await refsChanged(scene, [{ ref, before: head.sha, after: NO_COMMIT }]);
}

/** Merges by real git; refuses with GitHub's 405 and 409. Returns the SHA that landed. */
export function mergePull(scene: Scene, issue: PullIssue, request: MergeRequest): Promise<string> {
  const { hub, repo } = scene;
  return hub.locked(String(repo.id), async () => {
    await checkMergeable(scene, issue, request);
    const { before, sha } = await land(scene, issue, request);
    const { pull } = issue;
    await ensureSize(hub, repo, issue);
    pull.merged = true;
    pull.mergedAt = timestamp();
    pull.mergedBy = scene.actor.login;
    pull.mergeCommitSha = sha;
    repo.merges.push({
      number: issue.number,
      base: pull.base.ref,
      method: request.method,
      headSha: pull.head.sha,
      baseBefore: before,
      sha,
      mergedBy: scene.actor.login,
      at: timestamp(),
    });
    const ref = `refs/heads/${pull.base.ref}`;
    repo.refs[ref] = sha;
    recordEvent(scene, issue, { event: 'merged', commitId: sha });
    setState(scene, issue, 'closed');
    await refsChanged(scene, [{ ref, before, after: sha }]);
    await deleteHead(scene, issue);
    return sha;
  });
}

/** Merges the base into the head branch, as the button "update branch" does. */
export function updateBranch(
  scene: Scene,
  issue: PullIssue,
  expected: string | undefined,
): Promise<void> {
  const { hub, repo, actor } = scene;
  const headRepo = hub.model.repos[issue.pull.head.repo] ?? refuse(422, 'Head repository is gone');
  return hub.locked(String(headRepo.id), async () => {
    const { head, base } = issue.pull;
    if (expected && expected !== head.sha) {
      refuse(422, 'expected head sha didn’t match current head ref.');
    }
    const baseSha = repo.refs[`refs/heads/${base.ref}`] ?? refuse(422, 'Base branch is gone');
    const sha = await makeMerge(hub.directoryOf(repo), {
      base: head.sha,
      head: baseSha,
      method: 'merge',
      message: `Merge branch '${base.ref}' into ${head.ref}\n`,
      author: actor,
    });
    if (!sha) return refuse(422, 'merge conflict between base and head');
    const ref = `refs/heads/${head.ref}`;
    const before = head.sha;
    if (!(await updateRef(hub.directoryOf(headRepo), { ref, before, after: sha }))) {
      return refuse(422, 'The head branch moved.');
    }
    await refsChanged({ ...scene, repo: headRepo }, [{ ref, before, after: sha }]);
  });
}

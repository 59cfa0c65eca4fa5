import { setRefs } from '../git/repository.ts';
import { git } from '../git/run.ts';
import { invalid } from '../http/errors.ts';
import { isPull } from '../http/route.ts';
import { repoKey, timestamp } from '../hub.ts';
import { renderUser } from '../render/account.ts';
import { renderTeam } from '../render/team.ts';
import type { Issue, PullIssue, Repo } from '../state/model.ts';
import { recordEvent, type Scene } from './emit.ts';
import { emitOnIssue, touchIssue } from './issues.ts';
import { ensureSize, refreshMergeability } from './size.ts';

/** What a new pull request starts with. */
export interface NewPull {
  readonly title: string;
  readonly body?: string | null | undefined;
  readonly base: string;
  readonly head: { readonly repo: Repo; readonly ref: string; readonly sha: string };
  readonly draft?: boolean | undefined;
  readonly labels?: readonly string[] | undefined;
}

function newPullIssue(scene: Scene, input: NewPull, baseSha: string): PullIssue {
  const { hub, repo, actor } = scene;
  const now = timestamp();
  return {
    id: hub.store.nextId(),
    number: repo.nextNumber,
    title: input.title,
    body: input.body ?? null,
    author: actor.login,
    state: 'open',
    labels: [...(input.labels ?? [])],
    assignees: [],
    milestone: null,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    comments: [],
    events: [],
    pull: {
      draft: input.draft ?? false,
      base: { ref: input.base, sha: baseSha },
      head: {
        repo: repoKey(input.head.repo.owner, input.head.repo.name),
        ref: input.head.ref,
        sha: input.head.sha,
      },
      merged: false,
      mergedAt: null,
      mergedBy: null,
      mergeCommitSha: null,
      requestedReviewers: [],
      requestedTeams: [],
      reviews: [],
      reviewComments: [],
      size: null,
      mergeability: null,
    },
  };
}

/** Puts a pull request into the model, without a ref and without telling anybody. */
export function registerPull(scene: Scene, input: NewPull): PullIssue {
  const { repo } = scene;
  const baseSha = repo.refs[`refs/heads/${input.base}`];
  if (!baseSha) return invalid({ resource: 'PullRequest', field: 'base', code: 'invalid' });
  const issue = newPullIssue(scene, input, baseSha);
  repo.nextNumber += 1;
  repo.issues[issue.number] = issue;
  repo.refs[`refs/pull/${issue.number}/head`] = input.head.sha;
  return issue;
}

/** Says `opened`, with the counts if anybody listens. */
export async function announcePull(scene: Scene, issue: PullIssue): Promise<void> {
  const { hub, repo } = scene;
  if (hub.deliveries.wanted('pull_request', repo.owner, repo.name)) {
    await ensureSize(hub, repo, issue);
  }
  emitOnIssue(scene, issue, { action: 'opened' });
}

/** Opens a pull request whose head commit exists already. */
export async function openPull(scene: Scene, input: NewPull): Promise<PullIssue> {
  const { hub, repo } = scene;
  const directory = hub.directoryOf(repo);
  if (input.head.repo !== repo) {
    await git(directory, ['fetch', '--quiet', hub.directoryOf(input.head.repo), input.head.sha]);
  }
  const issue = registerPull(scene, input);
  await setRefs(directory, { [`refs/pull/${issue.number}/head`]: input.head.sha });
  await announcePull(scene, issue);
  refreshMergeability(hub, repo, issue);
  return issue;
}

/** The open pull request of this head and base, if there is one. */
export function findOpenPull(
  repo: Repo,
  head: { readonly repo: string; readonly ref: string },
  base: string,
): Issue | undefined {
  return Object.values(repo.issues)
    .filter(isPull)
    .find(
      ({ state, pull }) =>
        state === 'open' &&
        pull.base.ref === base &&
        pull.head.repo === head.repo &&
        pull.head.ref === head.ref,
    );
}

/** Points a pull request at another base branch. */
export async function setBase(scene: Scene, issue: PullIssue, base: string): Promise<void> {
  const { hub, repo } = scene;
  const sha = repo.refs[`refs/heads/${base}`];
  if (!sha) return invalid({ resource: 'PullRequest', field: 'base', code: 'invalid' });
  if (issue.pull.base.ref === base) return;
  const from = { ...issue.pull.base };
  issue.pull.base.ref = base;
  issue.pull.base.sha = sha;
  touchIssue(issue);
  await ensureSize(hub, repo, issue);
  emitOnIssue(scene, issue, {
    action: 'edited',
    changes: { base: { ref: { from: from.ref }, sha: { from: from.sha } } },
  });
  refreshMergeability(hub, repo, issue);
}

/** Makes a draft ready, or a pull request a draft. */
export function setDraft(scene: Scene, issue: PullIssue, draft: boolean): void {
  if (issue.pull.draft === draft) return;
  issue.pull.draft = draft;
  touchIssue(issue);
  const action = draft ? 'converted_to_draft' : 'ready_for_review';
  recordEvent(scene, issue, { event: action });
  emitOnIssue(scene, issue, { action });
}

/** Asks users for a review. */
export function requestReviewers(scene: Scene, issue: PullIssue, logins: readonly string[]): void {
  for (const login of logins) {
    const user = scene.hub.findUser(login);
    if (!user || issue.pull.requestedReviewers.includes(user.login)) continue;
    issue.pull.requestedReviewers.push(user.login);
    touchIssue(issue);
    recordEvent(scene, issue, { event: 'review_requested', reviewer: user.login });
    emitOnIssue(scene, issue, {
      action: 'review_requested',
      requested_reviewer: renderUser(scene.hub, user.login),
    });
  }
}

/** Takes requests for a review back. */
export function removeReviewers(scene: Scene, issue: PullIssue, logins: readonly string[]): void {
  for (const login of logins) {
    const index = issue.pull.requestedReviewers.findIndex(
      (known) => known.toLowerCase() === login.toLowerCase(),
    );
    const [name] = index < 0 ? [] : issue.pull.requestedReviewers.splice(index, 1);
    if (name === undefined) continue;
    touchIssue(issue);
    recordEvent(scene, issue, { event: 'review_request_removed', reviewer: name });
    emitOnIssue(scene, issue, {
      action: 'review_request_removed',
      requested_reviewer: renderUser(scene.hub, name),
    });
  }
}

/** Asks teams for a review. */
export function requestTeams(scene: Scene, issue: PullIssue, slugs: readonly string[]): void {
  const { hub, repo } = scene;
  const org = hub.findOrg(repo.owner);
  for (const slug of slugs) {
    const team = org?.teams?.find((known) => known.slug === slug);
    if (!org || !team || issue.pull.requestedTeams.includes(slug)) continue;
    issue.pull.requestedTeams.push(slug);
    touchIssue(issue);
    emitOnIssue(scene, issue, {
      action: 'review_requested',
      requested_team: renderTeam(hub, { org, team }),
    });
  }
}

/** Takes requests of teams back. */
export function removeTeams(scene: Scene, issue: PullIssue, slugs: readonly string[]): void {
  const { hub, repo } = scene;
  const org = hub.findOrg(repo.owner);
  for (const slug of slugs) {
    const team = org?.teams?.find((known) => known.slug === slug);
    const at = issue.pull.requestedTeams.indexOf(slug);
    if (!org || !team || at < 0) continue;
    issue.pull.requestedTeams.splice(at, 1);
    touchIssue(issue);
    emitOnIssue(scene, issue, {
      action: 'review_request_removed',
      requested_team: renderTeam(hub, { org, team }),
    });
  }
}

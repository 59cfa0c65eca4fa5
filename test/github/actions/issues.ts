import { invalid } from '../http/errors.ts';
import { isPull } from '../http/route.ts';
import { timestamp } from '../hub.ts';
import { renderUser } from '../render/account.ts';
import { renderComment, renderIssue } from '../render/issue.ts';
import { renderFullPull } from '../render/pull.ts';
import { renderLabel, renderMilestone } from '../render/repository.ts';
import type { Comment, Issue, Milestone } from '../state/model.ts';
import { atLeastOf } from '../state/permissions.ts';
import { permissionIn } from '../state/rights.ts';
import { emit, recordEvent, type Scene } from './emit.ts';

type Json = Record<string, unknown>;

/** The action of a webhook and what it says besides the usual. */
export type HappeningHere = Json & { readonly action: string };

/** Names what of an issue changed, for the ledger. */
function aboutOf({ number }: Issue, extra: Json): string {
  const { label, assignee, requested_reviewer: reviewer } = extra;
  const named = [label, assignee, reviewer].flatMap((one): readonly unknown[] =>
    typeof one === 'object' && one !== null
      ? [Reflect.get(one, 'name') ?? Reflect.get(one, 'login')]
      : [],
  );
  return [`#${number}`, ...named].join(' ');
}

/** Says that something happened to an issue or a pull request: `issues` or `pull_request`. */
export function emitOnIssue(scene: Scene, issue: Issue, happening: HappeningHere): void {
  const { hub, repo } = scene;
  const { action, ...extra } = happening;
  if (isPull(issue)) {
    emit(scene, {
      event: 'pull_request',
      action,
      about: aboutOf(issue, extra),
      payload: () => ({
        number: issue.number,
        pull_request: renderFullPull(hub, repo, issue),
        ...extra,
      }),
    });
    return;
  }
  emit(scene, {
    event: 'issues',
    action,
    about: aboutOf(issue, extra),
    payload: () => ({ issue: renderIssue(hub, repo, issue), ...extra }),
  });
}

/** Sets the time of the last change. */
export function touchIssue(issue: Issue): void {
  issue.updatedAt = timestamp();
}

/** What a new issue starts with. */
export interface NewIssue {
  readonly title: string;
  readonly body?: string | null | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly assignees?: readonly string[] | undefined;
  readonly milestone?: number | null | undefined;
}

/** Opens an issue. */
export function createIssue(scene: Scene, input: NewIssue): Issue {
  const { hub, repo, actor } = scene;
  const now = timestamp();
  const issue: Issue = {
    id: hub.store.nextId(),
    number: repo.nextNumber,
    title: input.title,
    body: input.body ?? null,
    author: actor.login,
    state: 'open',
    labels: (input.labels ?? []).map((name) => ensureLabel(scene, name)),
    assignees: [...(input.assignees ?? [])],
    milestone: input.milestone ?? null,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    comments: [],
    events: [],
    pull: null,
  };
  repo.nextNumber += 1;
  repo.issues[issue.number] = issue;
  emitOnIssue(scene, issue, { action: 'opened' });
  return issue;
}

/** Closes or reopens. */
export function setState(
  scene: Scene,
  issue: Issue,
  state: 'open' | 'closed',
  reason?: string,
): void {
  if (issue.state === state) return;
  issue.state = state;
  issue.stateReason = state === 'closed' ? (reason ?? 'completed') : 'reopened';
  issue.closedBy = state === 'closed' ? scene.actor.login : null;
  issue.closedAt = state === 'closed' ? timestamp() : null;
  touchIssue(issue);
  const action = state === 'closed' ? 'closed' : 'reopened';
  recordEvent(scene, issue, { event: action });
  emitOnIssue(scene, issue, { action });
}

/** Puts into a milestone, or takes out of it. */
export function setMilestone(scene: Scene, issue: Issue, number: number | null): void {
  if (issue.milestone === number) return;
  const { hub, repo } = scene;
  const find = (wanted: number | null) => repo.milestones.find((one) => one.number === wanted);
  const [before, after] = [find(issue.milestone), find(number)];
  if (number !== null && !after) {
    invalid({ resource: 'Issue', field: 'milestone', code: 'invalid' });
  }
  const say = (action: string, milestone: Milestone): void => {
    recordEvent(scene, issue, { event: action, milestone: milestone.title });
    const shown = renderMilestone(hub, repo, milestone);
    emitOnIssue(scene, issue, { action, milestone: shown });
  };
  issue.milestone = null;
  touchIssue(issue);
  if (before) say('demilestoned', before);
  issue.milestone = number;
  if (after) say('milestoned', after);
}

/** Lets only collaborators comment, or everybody again. */
export function setLock(scene: Scene, issue: Issue, locked: boolean, reason: string | null): void {
  if ((issue.locked ?? false) === locked) return;
  issue.locked = locked;
  issue.lockReason = reason;
  touchIssue(issue);
  const action = locked ? 'locked' : 'unlocked';
  recordEvent(scene, issue, { event: action });
  emitOnIssue(scene, issue, { action });
}

/** Changes title or body, and says from what. */
export function editText(
  scene: Scene,
  issue: Issue,
  edit: { readonly title?: string | undefined; readonly body?: string | null | undefined },
): void {
  const changes: Json = {};
  if (edit.title !== undefined && edit.title !== issue.title) {
    changes['title'] = { from: issue.title };
    recordEvent(scene, issue, {
      event: 'renamed',
      rename: { from: issue.title, to: edit.title },
    });
    issue.title = edit.title;
  }
  if (edit.body !== undefined && edit.body !== issue.body) {
    changes['body'] = { from: issue.body };
    issue.body = edit.body;
  }
  if (Object.keys(changes).length === 0) return;
  touchIssue(issue);
  emitOnIssue(scene, issue, { action: 'edited', changes });
}

/** The repository's spelling of a label, made in grey if it is new. */
export function ensureLabel(scene: Scene, name: string): string {
  const { hub, repo } = scene;
  const known = repo.labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
  if (known) return known.name;
  if (name.trim() === '' || name.length > 50) {
    invalid({ resource: 'Label', field: 'name', code: 'invalid' });
  }
  repo.labels.push({ id: hub.store.nextId(), name, color: 'ededed', description: null });
  return name;
}

function labelObject({ hub, repo }: Scene, name: string): Json {
  const label = repo.labels.find((known) => known.name === name);
  const absent = { id: 0, name, color: 'ededed', description: null };
  return renderLabel(hub, repo, label ?? absent);
}

/** Adds labels; each one that is new to the issue is an event of its own. */
export function addLabels(scene: Scene, issue: Issue, names: readonly string[]): void {
  for (const wanted of names) {
    const name = ensureLabel(scene, wanted);
    if (issue.labels.includes(name)) continue;
    issue.labels.push(name);
    touchIssue(issue);
    recordEvent(scene, issue, { event: 'labeled', label: name });
    emitOnIssue(scene, issue, { action: 'labeled', label: labelObject(scene, name) });
  }
}

/** Takes a label away; false if the issue did not have it. */
export function removeLabel(scene: Scene, issue: Issue, wanted: string): boolean {
  const index = issue.labels.findIndex((name) => name.toLowerCase() === wanted.toLowerCase());
  const [name] = index < 0 ? [] : issue.labels.splice(index, 1);
  if (name === undefined) return false;
  touchIssue(issue);
  recordEvent(scene, issue, { event: 'unlabeled', label: name });
  emitOnIssue(scene, issue, { action: 'unlabeled', label: labelObject(scene, name) });
  return true;
}

/** Makes the labels of an issue exactly these. */
export function setLabels(scene: Scene, issue: Issue, names: readonly string[]): void {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  for (const name of [...issue.labels]) {
    if (!wanted.has(name.toLowerCase())) removeLabel(scene, issue, name);
  }
  addLabels(scene, issue, names);
}

/** Whoever may write, belongs to the organisation, opened the issue or spoke on it. */
export function isAssignable(
  { hub, repo }: Pick<Scene, 'hub' | 'repo'>,
  issue: Issue,
  login: string,
): boolean {
  const { model } = hub;
  return (
    atLeastOf(permissionIn(model, repo, login), 'write') ||
    model.orgs[repo.owner.toLowerCase()]?.members[login.toLowerCase()] !== undefined ||
    [issue, ...issue.comments].some(({ author }) => author === login)
  );
}

const MOST_ASSIGNEES = 10;

/** Assigns those users who may be assigned; GitHub silently leaves out the others. */
export function assign(scene: Scene, issue: Issue, logins: readonly string[]): void {
  for (const login of logins) {
    const user = scene.hub.findUser(login);
    if (!user || issue.assignees.includes(user.login)) continue;
    if (issue.assignees.length >= MOST_ASSIGNEES) return;
    if (!isAssignable(scene, issue, user.login)) continue;
    issue.assignees.push(user.login);
    touchIssue(issue);
    recordEvent(scene, issue, { event: 'assigned', assignee: user.login });
    emitOnIssue(scene, issue, { action: 'assigned', assignee: renderUser(scene.hub, user.login) });
  }
}

/** Takes assignments away. */
export function unassign(scene: Scene, issue: Issue, logins: readonly string[]): void {
  for (const login of logins) {
    const index = issue.assignees.findIndex((known) => known.toLowerCase() === login.toLowerCase());
    const [name] = index < 0 ? [] : issue.assignees.splice(index, 1);
    if (name === undefined) continue;
    touchIssue(issue);
    recordEvent(scene, issue, { event: 'unassigned', assignee: name });
    emitOnIssue(scene, issue, { action: 'unassigned', assignee: renderUser(scene.hub, name) });
  }
}

function emitComment(
  scene: Scene,
  place: { issue: Issue; comment: Comment },
  happening: HappeningHere,
): void {
  const { hub, repo } = scene;
  const { issue } = place;
  const { action, ...extra } = happening;
  emit(scene, {
    event: 'issue_comment',
    action,
    about: `#${issue.number} comment ${place.comment.id}`,
    payload: () => ({
      ...extra,
      issue: renderIssue(hub, repo, issue),
      comment: renderComment(hub, repo, place),
    }),
  });
}

/** Writes a comment. */
export function addComment(scene: Scene, issue: Issue, body: string): Comment {
  const now = timestamp();
  const comment: Comment = {
    id: scene.hub.store.nextId(),
    author: scene.actor.login,
    body,
    createdAt: now,
    updatedAt: now,
  };
  issue.comments.push(comment);
  touchIssue(issue);
  emitComment(scene, { issue, comment }, { action: 'created' });
  return comment;
}

/** Changes the text of a comment. */
export function editComment(
  scene: Scene,
  place: { issue: Issue; comment: Comment },
  body: string,
): void {
  const { comment, issue } = place;
  const from = comment.body;
  comment.body = body;
  comment.updatedAt = timestamp();
  touchIssue(issue);
  emitComment(scene, place, { action: 'edited', changes: { body: { from } } });
}

/** Deletes a comment. */
export function deleteComment(scene: Scene, place: { issue: Issue; comment: Comment }): void {
  const index = place.issue.comments.indexOf(place.comment);
  if (index >= 0) place.issue.comments.splice(index, 1);
  emitComment(scene, place, { action: 'deleted' });
}

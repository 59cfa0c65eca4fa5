import { z } from 'zod';
import { rerequestRun } from '../actions/checks.ts';
import type { Scene } from '../actions/emit.ts';
import {
  addComment,
  addLabels,
  createIssue,
  editText,
  removeLabel,
  setState,
} from '../actions/issues.ts';
import { mergePull } from '../actions/merge.ts';
import { findOpenPull, openPull, setDraft } from '../actions/pulls.ts';
import { refuseOwnReview, submitReview } from '../actions/reviews.ts';
import { refuse } from '../http/errors.ts';
import { withPull } from '../http/route.ts';
import { type Hub, repoKey } from '../hub.ts';
import type { RunPlace } from '../render/checks.ts';
import type { Issue, Repo } from '../state/model.ts';
import { atLeastOf, type Permission } from '../state/permissions.ts';

/** What a form sent. */
type Sent = unknown;

/** Where it was sent to. */
export interface Where {
  readonly hub: Hub;
  readonly repo: Repo;
}

const byline = z.object({ author: z.string().min(1) });
const spoken = z.object({ body: z.string().trim().min(1) });
const reviewed = z.object({
  event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']),
  body: z.string().default(''),
});
const labelled = z.object({ label: z.string().min(1), change: z.enum(['add', 'remove']) });
const edited = z.object({ title: z.string().min(1), body: z.string() });
const merged = z.object({ method: z.enum(['merge', 'squash', 'rebase']) });
const fresh = z.object({ title: z.string().min(1), body: z.string().default('') });
const proposed = fresh.extend({ head: z.string().min(1), base: z.string().min(1) });

/** What is wrong with a form is said as GitHub says what is wrong with a request. */
function read<T>(schema: z.ZodType<T>, sent: Sent): T {
  const result = schema.safeParse(sent);
  if (result.success) return result.data;
  const wrong = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return refuse(422, wrong.join('; '));
}

/** Who may: with this permission, or as whoever opened it. */
interface Right {
  readonly need: Permission;
  readonly owner?: string;
}

/** The person that was chosen, if that person may do as much. */
function sceneOf(where: Where, sent: Sent, right: Right): Scene {
  const { hub, repo } = where;
  const { need, owner } = right;
  const { author } = read(byline, sent);
  const actor = hub.findUser(author) ?? refuse(422, `Nobody here is called ${author}`);
  const have = hub.permissionOf(repo, actor.login);
  if (actor.login !== owner && !atLeastOf(have, need)) {
    refuse(403, `${actor.login} may not do that here: it takes ${need}, and there is ${have}`);
  }
  return { hub, repo, actor };
}

type Act = (where: Where, issue: Issue, sent: Sent) => unknown;

/** What can be done on the page of an issue or pull request, by the end of the form's address. */
export const ACTS: Readonly<Record<string, Act>> = {
  comment(where, issue, sent) {
    const scene = sceneOf(where, sent, { need: issue.locked ? 'write' : 'read' });
    addComment(scene, issue, read(spoken, sent).body);
  },
  review(where, issue, sent) {
    const pull = withPull(issue);
    const scene = sceneOf(where, sent, { need: 'read' });
    const { event, body } = read(reviewed, sent);
    refuseOwnReview(scene, pull, event);
    submitReview(scene, pull, { event, body });
  },
  label(where, issue, sent) {
    const scene = sceneOf(where, sent, { need: 'triage' });
    const { label, change } = read(labelled, sent);
    if (change === 'add') addLabels(scene, issue, [label]);
    else removeLabel(scene, issue, label);
  },
  edit(where, issue, sent) {
    editText(
      sceneOf(where, sent, { need: 'write', owner: issue.author }),
      issue,
      read(edited, sent),
    );
  },
  close(where, issue, sent) {
    setState(sceneOf(where, sent, { need: 'triage', owner: issue.author }), issue, 'closed');
  },
  reopen(where, issue, sent) {
    if (issue.pull?.merged) refuse(422, 'A merged pull request stays closed');
    setState(sceneOf(where, sent, { need: 'triage', owner: issue.author }), issue, 'open');
  },
  draft(where, issue, sent) {
    setDraft(sceneOf(where, sent, { need: 'write', owner: issue.author }), withPull(issue), true);
  },
  ready(where, issue, sent) {
    setDraft(sceneOf(where, sent, { need: 'write', owner: issue.author }), withPull(issue), false);
  },
  merge(where, issue, sent) {
    const { method } = read(merged, sent);
    return mergePull(sceneOf(where, sent, { need: 'write' }), withPull(issue), { method });
  },
};

/** Opens an issue. */
export function actIssue(where: Where, sent: Sent): Issue {
  return createIssue(sceneOf(where, sent, { need: 'read' }), read(fresh, sent));
}

/** Opens a pull request from a branch that is there: `branch`, or `owner:branch` of a fork. */
export function actPull(where: Where, sent: Sent): Promise<Issue> {
  const scene = sceneOf(where, sent, { need: 'read' });
  const { head, base, title, body } = read(proposed, sent);
  const [owner, ref] = head.includes(':') ? head.split(':') : [where.repo.owner, head];
  const from = Object.values(where.hub.model.repos).find(
    (repo) => repo.owner === owner && (repo === where.repo || isForkOf(repo, where.repo)),
  );
  const sha = from?.refs[`refs/heads/${ref}`];
  if (!from || !ref || !sha) return refuse(422, `There is no branch ${head}`);
  if (findOpenPull(where.repo, { repo: repoKey(from.owner, from.name), ref }, base)) {
    return refuse(422, `A pull request already exists for ${from.owner}:${ref}.`);
  }
  return openPull(scene, { title, body, base, head: { repo: from, ref, sha } });
}

/** Whether a repository was forked from another. */
export function isForkOf(repo: Repo, parent: Repo): boolean {
  return repo.parent === `${parent.owner}/${parent.name}`.toLowerCase();
}

/** Asks an app to run a check again. */
export function actRerun(where: Where, place: RunPlace, sent: Sent): void {
  rerequestRun(sceneOf(where, sent, { need: 'write' }), place);
}

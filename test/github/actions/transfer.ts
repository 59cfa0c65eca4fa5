import { refuse } from '../http/errors.ts';
import { timestamp } from '../hub.ts';
import { renderIssue } from '../render/issue.ts';
import { renderRepo } from '../render/repository.ts';
import type { Issue, Repo } from '../state/model.ts';
import { recordEvent, type Scene } from './emit.ts';
import { emitOnIssue, ensureLabel } from './issues.ts';

/** Labels and milestones go along where the other repository has one of that name. */
function settle(scene: Scene, issue: Issue, to: Scene, createLabels: boolean): Partial<Issue> {
  const known = (name: string) =>
    to.repo.labels.find((label) => label.name.toLowerCase() === name.toLowerCase())?.name;
  const labels = issue.labels.flatMap((name) => {
    const there = known(name) ?? (createLabels ? ensureLabel(to, name) : undefined);
    return there === undefined ? [] : [there];
  });
  const title = scene.repo.milestones.find((one) => one.number === issue.milestone)?.title;
  const milestone = to.repo.milestones.find((one) => one.title === title)?.number ?? null;
  return { labels, milestone };
}

/**
 * Moves an issue to another repository of the same owner: it gets a number there, and the old one leads to it
 * from then on.
 */
export function transferIssue(
  scene: Scene,
  issue: Issue,
  target: { readonly repo: Repo; readonly createLabels: boolean },
): Issue {
  const { hub, repo } = scene;
  const to = { ...scene, repo: target.repo };
  if (to.repo.owner !== repo.owner || to.repo === repo) {
    refuse(422, 'Issues can only be transferred to another repository of the same owner');
  }
  if (to.repo.private !== repo.private && repo.private) {
    refuse(422, "Issues can't be transferred from a private to a public repository");
  }
  const moved: Issue = {
    ...issue,
    ...settle(scene, issue, to, target.createLabels),
    id: hub.store.nextId(),
    number: to.repo.nextNumber,
    updatedAt: timestamp(),
  };
  to.repo.nextNumber += 1;
  to.repo.issues[moved.number] = moved;
  emitOnIssue(scene, issue, {
    action: 'transferred',
    changes: {
      new_issue: renderIssue(hub, to.repo, moved),
      new_repository: renderRepo(hub, to.repo),
    },
  });
  delete repo.issues[issue.number];
  repo.transferred = {
    ...repo.transferred,
    [issue.number]: { repository: to.repo.id, number: moved.number },
  };
  recordEvent(to, moved, { event: 'transferred' });
  emitOnIssue(to, moved, {
    action: 'opened',
    changes: { old_issue: renderIssue(hub, repo, issue), old_repository: renderRepo(hub, repo) },
  });
  return moved;
}

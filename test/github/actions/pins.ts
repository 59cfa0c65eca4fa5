import { refuse } from '../http/errors.ts';
import type { Issue } from '../state/model.ts';
import { recordEvent, type Scene } from './emit.ts';
import { emitOnIssue, touchIssue } from './issues.ts';

const MOST_PINNED = 3;

/** Pins an issue to its repository's list of issues, or takes it off. */
export function setPinned(scene: Scene, issue: Issue, pinned: boolean): void {
  const { repo } = scene;
  const known = repo.pinned ?? [];
  if (known.includes(issue.number) === pinned) return;
  if (pinned && known.length >= MOST_PINNED) {
    refuse(422, `Maximum ${MOST_PINNED} pinned issues per repository`);
  }
  repo.pinned = pinned
    ? [...known, issue.number]
    : known.filter((number) => number !== issue.number);
  touchIssue(issue);
  const action = pinned ? 'pinned' : 'unpinned';
  recordEvent(scene, issue, { event: action });
  emitOnIssue(scene, issue, { action });
}

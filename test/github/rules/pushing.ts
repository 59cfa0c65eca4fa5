import { isAncestor, NO_COMMIT } from '../git/repository.ts';
import type { Hub } from '../hub.ts';
import type { Repo, User } from '../state/model.ts';
import { requirementsOf } from './requirements.ts';

const HEADS = 'refs/heads/';

/** A ref that somebody wants to move. */
export interface Move {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

/** Why somebody may not move a ref, in GitHub's words; undefined if he may. */
export async function refusedMove(
  hub: Hub,
  place: { readonly repo: Repo; readonly actor: User },
  move: Move,
): Promise<string | undefined> {
  const { repo, actor } = place;
  const { ref, before, after } = move;
  if (!ref.startsWith(HEADS) || before === NO_COMMIT) return undefined;
  const rules = requirementsOf(hub, repo, { branch: ref.slice(HEADS.length), actor });
  if (after === NO_COMMIT)
    return rules.noDeletion ? 'Cannot delete this protected branch' : undefined;
  if (rules.pushers && !rules.pushers.includes(actor.login.toLowerCase())) {
    return "You're not authorized to push to this branch.";
  }
  if (rules.byPull) return 'Changes must be made through a pull request.';
  if (rules.contexts.length > 0) {
    return `${rules.contexts.length} of ${rules.contexts.length} required status checks are expected.`;
  }
  if (rules.noForce && !(await isAncestor(hub.directoryOf(repo), before, after))) {
    return 'Cannot force-push to this branch';
  }
  return undefined;
}

/** What the hook in `git/hooks/update` is told of the protected branches: a line for each. */
export function protectedRefs(hub: Hub, repo: Repo, actor: User): string {
  const lines = Object.keys(repo.refs)
    .filter((ref) => ref.startsWith(HEADS))
    .flatMap((ref) => {
      const rules = requirementsOf(hub, repo, { branch: ref.slice(HEADS.length), actor });
      const closed =
        rules.byPull ||
        rules.contexts.length > 0 ||
        (rules.pushers !== null && !rules.pushers.includes(actor.login.toLowerCase()));
      const words = [
        closed ? 'closed' : '',
        rules.noForce ? 'noforce' : '',
        rules.noDeletion ? 'nodelete' : '',
      ].filter((word) => word !== '');
      return words.length > 0 ? [`${ref} ${words.join(' ')} `] : [];
    });
  return lines.join('\n');
}

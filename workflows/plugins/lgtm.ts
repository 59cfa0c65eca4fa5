import { type Command, isExactly, isFirstOf } from '../domain/command.ts';
import { LGTM_REMOVED, treeHashComment, treeHashOf } from '../domain/comment-family.ts';
import { addLabel, comment, type Effect, removeLabel } from '../domain/effect.ts';
import { type Answered, commandHelpUrl, replyTo } from '../domain/envelope.ts';
import type { PullRequestEvent } from '../domain/event.ts';
import type { Facts } from '../domain/facts.ts';
import { LGTM } from '../domain/label-names.ts';
import {
  because,
  definePlugin,
  granting,
  type SpokenCommand,
  type SpokenReview,
  type Wish,
} from './plugin.ts';

const OWN = 'You cannot say `/lgtm` to your own pull request. Ask somebody else to review it.';
const STRANGER =
  'Only collaborators of this repository can add or remove LGTM. Your review is welcome all the same: a collaborator can confirm it with `/lgtm`.';
const NO_OWNER =
  'Only people whom an OWNERS file of the changed files lists, as approver or reviewer, can add or remove LGTM.';

/** Keeps the `lgtm` label: a person who may review is content with what is there now. */
export const lgtm = definePlugin({
  name: 'lgtm',
  commands: ['lgtm', 'remove-lgtm'],
  description:
    'Adds and removes the `lgtm` label, which says that a reviewer is content; new commits take it away.',
  hearsTheBot: true,
  help: [
    {
      usage: '/lgtm [cancel] | /remove-lgtm',
      does: 'Adds the `lgtm` label, or takes it away. Nothing else may stand on the line.',
      whoCanUse:
        'Collaborators, or people in the OWNERS files of the changed files where `skip_collaborators` is set. Authors can only take it away.',
      examples: ['/lgtm', '/lgtm cancel', '/remove-lgtm'],
      featured: true,
    },
  ],
  on: { command: onCommand, review: onReview, pullRequest: onPullRequest },
});

/** `add` wins if both are said. */
function wantedBy(commands: readonly Command[]): boolean | undefined {
  const said = (words: readonly string[]) =>
    commands.some((command) => words.some((exact) => isExactly(command, exact)));
  if (said(['lgtm', 'lgtm no-issue'])) return true;
  return said(['lgtm cancel', 'remove-lgtm']) ? false : undefined;
}

async function onCommand(
  { comment: spoken, ...command }: SpokenCommand,
  facts: Facts,
): Promise<readonly Wish[]> {
  const wanted = wantedBy(spoken.commands);
  if (wanted === undefined || !spoken.isPullRequest || spoken.state !== 'open') return [];
  if (!isFirstOf(command, spoken.commands, lgtm.commands)) return [];
  return change(spoken, wanted, facts);
}

async function onReview(review: SpokenReview, facts: Facts): Promise<readonly Wish[]> {
  const { state, action, author, authorType } = review;
  if (!facts.settings.lgtm.review_acts_as_lgtm || action !== 'submitted') return [];
  if (facts.isBot(author) || authorType === 'Bot' || facts.pullRequest.state !== 'open') return [];
  // What the text says counts, and comes as a comment of its own.
  if (wantedBy(review.commands) !== undefined) return [];
  if (state !== 'approved' && state !== 'changes_requested') return [];
  return change(review, state === 'approved', facts);
}

/** Adds or removes the label for somebody, if they may (W§1.3, flow). */
async function change(by: Answered, wanted: boolean, facts: Facts): Promise<readonly Wish[]> {
  const isAuthor = sameLogin(by.author, facts.pullRequest.author);
  const refusal = isAuthor ? (wanted ? OWN : undefined) : await refusalFor(by.author, facts);
  if (refusal !== undefined) {
    const helpUrl = commandHelpUrl(facts.settings.approve.commandHelpLink, facts.repository);
    return [because(`@${by.author} may not.`, comment(replyTo(by, refusal, helpUrl)))];
  }
  const assigned = isAuthor ? [] : await assignReviewer(by.author, facts);
  const changes = (await facts.labels()).has(LGTM) !== wanted;
  // Wished even if it is so: an older order that comes late shall not win.
  const effects = [
    wanted ? addLabel(LGTM) : removeLabel(LGTM),
    ...(changes ? await following(wanted, facts) : []),
  ];
  const reason = `@${by.author} ${wanted ? 'is content' : 'took LGTM back'}.`;
  const wished = wanted ? granting : because;
  return [...assigned, ...effects.map((effect) => wished(reason, effect))];
}

async function refusalFor(login: string, facts: Facts): Promise<string | undefined> {
  if (facts.settings.owners.skipCollaborators) {
    return (await ownsSomething(login, facts)) ? undefined : NO_OWNER;
  }
  return (await facts.isCollaborator(login)) ? undefined : STRANGER;
}

async function ownsSomething(login: string, facts: Facts): Promise<boolean> {
  const owners = await facts.owners();
  const name = login.toLowerCase();
  return (await facts.changedFiles()).some(
    ({ filename }) => owners.approvers(filename).has(name) || owners.reviewers(filename).has(name),
  );
}

async function assignReviewer(login: string, facts: Facts): Promise<readonly Wish[]> {
  if (facts.settings.owners.skipCollaborators) return [];
  if ((await facts.assignees()).some((assignee) => sameLogin(assignee, login))) return [];
  return [because(`@${login} reviews it.`, { kind: 'assign', logins: [login] })];
}

/** What else has to happen when the label changes by somebody's word. */
async function following(wanted: boolean, facts: Facts): Promise<readonly Effect[]> {
  const { store_tree_hash: stored } = facts.settings.lgtm;
  if (!wanted) {
    return stored
      ? [...(await reviewAgain(facts)), ...(await pruned('lgtm-tree-hash', facts))]
      : [];
  }
  if (await isSticky(facts)) return [];
  const hash = stored ? [comment(treeHashComment(await facts.headTree()), 'lgtm-tree-hash')] : [];
  return [...hash, ...(await pruned('lgtm-removed', facts))];
}

async function pruned(
  marker: 'lgtm-removed' | 'lgtm-tree-hash',
  facts: Facts,
): Promise<readonly Effect[]> {
  const left = (await facts.comments()).some((note) => note.family === marker);
  return left ? [{ kind: 'prune-comments', marker }] : [];
}

/** GitHub refuses to ask an author for a review, so authors who are assigned are left out. */
async function reviewAgain(facts: Facts): Promise<readonly Effect[]> {
  const logins = (await facts.assignees()).filter(
    (login) => !sameLogin(login, facts.pullRequest.author),
  );
  return logins.length === 0 ? [] : [{ kind: 'request-review', logins }];
}

async function isSticky(facts: Facts): Promise<boolean> {
  const team = facts.settings.lgtm.trusted_team_for_sticky_lgtm;
  return team !== '' && (await facts.isTeamMember(team, facts.pullRequest.author));
}

/** New commits take the label away, unless they leave the tree as it was (`store_tree_hash`). */
async function onPullRequest(event: PullRequestEvent, facts: Facts): Promise<readonly Wish[]> {
  if (event.action !== 'synchronize' || facts.pullRequest.merged) return [];
  if (!(await facts.labels()).has(LGTM) || (await isSticky(facts))) return [];
  const { store_tree_hash: stored } = facts.settings.lgtm;
  if (stored && (await storedTree(facts)) === (await facts.headTree())) return [];

  const effects = [
    removeLabel(LGTM),
    ...(stored ? await reviewAgain(facts) : []),
    comment(LGTM_REMOVED, 'lgtm-removed'),
  ];
  return effects.map((effect) => because('New commits were pushed.', effect));
}

/** The tree of the newest comment that holds one and that nobody edited. */
async function storedTree(facts: Facts): Promise<string | undefined> {
  const note = (await facts.comments()).findLast(
    ({ family, createdAt, updatedAt }) => family === 'lgtm-tree-hash' && createdAt === updatedAt,
  );
  return note === undefined ? undefined : treeHashOf(note.body.trimStart());
}

function sameLogin(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

import {
  type ApprovalPlace,
  type ApprovalStanding,
  approvalNotification,
} from '../domain/approval-notification.ts';
import {
  type Approval,
  type Approvals,
  approvalWish,
  associatedIssue,
  collectApprovals,
} from '../domain/approvals.ts';
import type { Command } from '../domain/command.ts';
import { addLabel, removeLabel } from '../domain/effect.ts';
import type { PullRequestEvent } from '../domain/event.ts';
import type { Facts, Owners } from '../domain/facts.ts';
import { APPROVED } from '../domain/label-names.ts';
import { neededApprovals, stillNeeded } from '../domain/needed-approvals.ts';
import { suggestApprovers } from '../domain/suggest-approvers.ts';
import {
  because,
  definePlugin,
  type SpokenComment,
  type SpokenReview,
  type Wish,
} from './plugin.ts';

const REVIEW_STATES = ['approved', 'changes_requested', 'dismissed'];

/** Keeps the `approved` label: the owners of every changed file agree. */
export const approve = definePlugin({
  name: 'approve',
  commands: ['approve', 'remove-approve'],
  description:
    'Keeps the `approved` label and a comment on where approval stands. A pull request is approved when, for every changed file, somebody approved whom an OWNERS file of its directory, or of one above, lists as approver.',
  hearsTheBot: true,
  help: [
    {
      usage: '/approve [no-issue|cancel] | /remove-approve',
      does: 'Approves the files that you own, or takes that back; `no-issue` also says that no issue is needed.',
      whoCanUse: "People whom the OWNERS files of the changed files list under 'approvers'.",
      examples: ['/approve', '/approve no-issue', '/approve cancel', '/remove-approve'],
      featured: true,
    },
  ],
  on: { comment: onComment, review: onReview, pullRequest: onPullRequest },
});

function saysApproval(commands: readonly Command[], facts: Facts): boolean {
  const { lgtm_acts_as_approve: lgtmApproves } = facts.settings.approve;
  return commands.some((command) => approvalWish(command, lgtmApproves) !== undefined);
}

async function onComment(spoken: SpokenComment, facts: Facts): Promise<readonly Wish[]> {
  if (!spoken.isPullRequest || spoken.state === 'closed' || facts.isBot(spoken.author)) return [];
  return saysApproval(spoken.commands, facts) ? evaluate(facts) : [];
}

/** Reviews with a command in their text come as comments, and the command wins. */
async function onReview(review: SpokenReview, facts: Facts): Promise<readonly Wish[]> {
  if (review.action === 'edited' || facts.isBot(review.author)) return [];
  if (facts.settings.approve.ignore_review_state) return [];
  if (!REVIEW_STATES.includes(review.state) || saysApproval(review.commands, facts)) return [];
  return evaluate(facts);
}

async function onPullRequest(event: PullRequestEvent, facts: Facts): Promise<readonly Wish[]> {
  switch (event.action) {
    case 'opened':
    case 'reopened':
    case 'synchronize':
      return evaluate(facts);
    case 'labeled': {
      const byHand = event.label === APPROVED && !facts.isBot(event.sender);
      return byHand && facts.pullRequest.state !== 'closed' ? evaluate(facts) : [];
    }
    default:
      return [];
  }
}

/** Works out anew where approval stands, and makes label and notification say so (W§1.2). */
async function evaluate(facts: Facts): Promise<readonly Wish[]> {
  const owners = await facts.owners();
  const labelled = (await facts.labels()).has(APPROVED);
  const standing = await standingOf(facts, owners, labelled);
  const { requirementsMet, manuallyApproved, open } = standing;
  const isApproved = requirementsMet || manuallyApproved;
  const reason = reasonFor(
    standing,
    open.map(({ dir }) => dir || '/'),
  );

  const wishes = await notify(
    approvalNotification(standing, placeOf(facts, owners)),
    reason,
    facts,
  );
  if (isApproved === labelled) return wishes;
  return [...wishes, because(reason, isApproved ? addLabel(APPROVED) : removeLabel(APPROVED))];
}

function reasonFor(standing: ApprovalStanding, openDirs: readonly string[]): string {
  if (standing.requirementsMet) return 'All owners who are needed approved.';
  if (standing.manuallyApproved) return 'Somebody put the label on by hand.';
  if (standing.filesApproved) return 'An issue is required, and there is none.';
  return `Approval is missing for: ${openDirs.join(', ')}.`;
}

async function notify(body: string, reason: string, facts: Facts): Promise<readonly Wish[]> {
  const family = 'approval-notification';
  const latest = (await facts.comments()).findLast((note) => note.family === family);
  if (latest?.body.includes(body)) return [];
  return [because(reason, { kind: 'replace-comment', marker: family, body })];
}

async function standingOf(
  facts: Facts,
  owners: Owners,
  labelled: boolean,
): Promise<ApprovalStanding> {
  const { settings, pullRequest } = facts;
  const files = (await facts.changedFiles()).map((file) => file.filename);
  const approvals = await approvalsOf(facts);
  const approvedBy = new Set(approvals.keys());
  const assignees = await assigneesOf(facts);
  const needed = neededApprovals(files, owners);
  const open = stillNeeded(needed, approvedBy);
  const suggested = suggestApprovers({ needed, approvedBy, assignees, seed: pullRequest.number });
  const noIssueApprovals = [...approvals.values()].filter(
    ({ login, noIssue }) =>
      noIssue && needed.some(({ approvers }) => approvers.has(login.toLowerCase())),
  );
  const { issue_required: issueRequired } = settings.approve;
  const issue = issueRequired ? associatedIssue(await facts.body(), facts.repository.org) : 0;
  const filesApproved = files.length > 0 && open.length === 0;
  const requirementsMet =
    filesApproved && (!issueRequired || issue !== 0 || noIssueApprovals.length > 0);
  const manuallyApproved = !requirementsMet && labelled && (await wasLabelledByHand(facts));
  return {
    ...{ needed, open, approvals, filesApproved, requirementsMet, manuallyApproved },
    ...{ noIssueApprovals, suggested, assignees, ...(issueRequired ? { issue } : {}) },
  };
}

async function approvalsOf(facts: Facts): Promise<Approvals> {
  const { settings, pullRequest } = facts;
  const own: Approval = {
    login: pullRequest.author,
    how: 'Author self-approved',
    reference: `${pullRequest.htmlUrl}#`,
    noIssue: false,
  };
  return collectApprovals(
    await facts.comments(),
    settings.approve.require_self_approval ? [] : [own],
    {
      isBot: facts.isBot,
      lgtmApproves: settings.approve.lgtm_acts_as_approve,
      reviewsApprove: !settings.approve.ignore_review_state,
    },
  );
}

/** An author who has to approve like everybody else can be asked like everybody else. */
async function assigneesOf(facts: Facts): Promise<ReadonlySet<string>> {
  const { settings, pullRequest } = facts;
  const logins = [...(await facts.assignees())];
  if (settings.approve.require_self_approval) logins.push(pullRequest.author);
  return new Set(logins.map((login) => login.toLowerCase()));
}

async function wasLabelledByHand(facts: Facts): Promise<boolean> {
  const actor = await facts.labelActor(APPROVED);
  return actor !== undefined && !facts.isBot(actor);
}

function placeOf(facts: Facts, owners: Owners): ApprovalPlace {
  const { settings, repository, githubUrl, pullRequest } = facts;
  return {
    repository,
    githubUrl,
    branch: pullRequest.baseRef,
    commandHelpLink: settings.approve.commandHelpLink,
    processLink: settings.approve.pr_process_link,
    ownersFile: owners.filename,
  };
}

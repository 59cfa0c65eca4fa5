import type { Approval, Approvals } from './approvals.ts';
import { APPROVAL_NOTIFIER } from './comment-family.ts';
import { commandHelpUrl } from './envelope.ts';
import type { NeededApproval } from './needed-approvals.ts';
import { fullName, type RepositoryName } from './repository.ts';

/** Where a pull request stands with its owners, and how to say so. */
export interface ApprovalStanding {
  readonly needed: readonly NeededApproval[];
  readonly open: readonly NeededApproval[];
  readonly approvals: Approvals;
  readonly filesApproved: boolean;
  readonly requirementsMet: boolean;
  /** Somebody put the label on by hand; false where the requirements are met anyway. */
  readonly manuallyApproved: boolean;
  /** Absent where no issue is required; 0 where none was found. */
  readonly issue?: number;
  /** Approvals without an issue by people who own one of the files. */
  readonly noIssueApprovals: readonly Approval[];
  readonly suggested: readonly string[];
  readonly assignees: ReadonlySet<string>;
}

/** Links and names for the notification. */
export interface ApprovalPlace {
  readonly repository: RepositoryName;
  readonly branch: string;
  readonly githubUrl: string;
  readonly commandHelpLink: string;
  readonly processLink: string;
  readonly ownersFile: string;
}

/**
 * The approval notification in Prow's layout, to the byte: a comment that says the same is not posted again
 * (W§1.2, notification layout).
 */
export function approvalNotification(standing: ApprovalStanding, place: ApprovalPlace): string {
  const approved = standing.requirementsMet || standing.manuallyApproved;
  const folded = standing.filesApproved || standing.manuallyApproved;
  const process = folded
    ? `The pull request process is described [here](${place.processLink})\n\n`
    : '';
  const meta = JSON.stringify({ approvers: standing.suggested });
  return [
    `${APPROVAL_NOTIFIER} This PR is **${approved ? '' : 'NOT '}APPROVED**\n\n`,
    standing.manuallyApproved
      ? 'Approval requirements bypassed by manually added approval.\n\n'
      : '',
    `This pull-request has been approved by:${linked([...standing.approvals.values()])}`,
    folded ? '' : `\n${whomToAsk(standing, place)}`,
    `\n\n${issueLine(standing)}`,
    `The full list of commands accepted by this bot can be found [here](${commandHelpUrl(place.commandHelpLink, place.repository)}).\n\n`,
    process,
    `<details ${folded ? '' : 'open'}>\nNeeds approval from an approver in each of these files:\n\n`,
    ...standing.needed.map((one) => ownersLine(one, standing, place)),
    '\nApprovers can indicate their approval by writing `/approve` in a comment\n',
    'Approvers can cancel approval by writing `/approve cancel` in a comment\n</details>\n',
    `<!-- META=${meta} -->`,
  ].join('');
}

function linked(approvals: readonly Approval[]): string {
  if (approvals.length === 0) return '';
  const links = approvals
    .map((approval) => ({ ...approval, key: approval.login.toLowerCase() }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ reference, how, login }) => `*<a href="${reference}" title="${how}">${login}</a>*`);
  return ` ${links.join(', ')}`;
}

function whomToAsk({ suggested, assignees }: ApprovalStanding, place: ApprovalPlace): string {
  const assigned = people(suggested.filter((login) => assignees.has(login)));
  const others = people(suggested.filter((login) => !assignees.has(login)));
  const asks = [
    ...(assigned === '' ? [] : [`ask for approval from ${assigned}`]),
    ...(others === ''
      ? []
      : [`${assigned === '' ? '' : 'additionally '}assign ${others} for approval`]),
  ];
  if (asks.length === 0) return '';
  return `**Once this PR has been reviewed and has the lgtm label**, please ${asks.join(' and ')}. For more information see [the Code Review Process](${place.processLink}).`;
}

/** Prow links people on github.com whatever the server is; the text has to be the same. */
function people(logins: readonly string[]): string {
  return logins.map((login) => `[${login}](https://github.com/${login})`).join(', ');
}

function issueLine({ issue, noIssueApprovals, manuallyApproved }: ApprovalStanding): string {
  if (issue === undefined) return '';
  if (issue !== 0) return `Associated issue: *#${issue}*\n\n`;
  if (noIssueApprovals.length > 0) {
    return `Associated issue requirement bypassed by:${linked(noIssueApprovals)}\n\n`;
  }
  return manuallyApproved
    ? '*No associated issue*. Requirement bypassed by manually added approval.\n\n'
    : '*No associated issue*. Update pull-request body to add a reference to an issue, or get approval with `/approve no-issue`\n\n';
}

function ownersLine(one: NeededApproval, standing: ApprovalStanding, place: ApprovalPlace): string {
  const path = ownersPath(one.dir, place.ownersFile);
  const url = `${place.githubUrl}/${fullName(place.repository)}/blob/${place.branch}/${path}`;
  const approvers = [...standing.approvals.values()]
    .map(({ login }) => login)
    .filter((login) => one.approvers.has(login.toLowerCase()))
    .sort()
    .join(',');
  if (!standing.open.includes(one)) return `- ~~[${path}](${url})~~ [${approvers}]\n`;
  return approvers === ''
    ? `- **[${path}](${url})**\n`
    : `- **[${path}](${url})** [${approvers}]\n  > Need more approvers for rest parts.\n`;
}

function ownersPath(dir: string, ownersFile: string): string {
  if (dir.endsWith('.md')) return dir;
  return dir === '' ? ownersFile : `${dir}/${ownersFile}`;
}

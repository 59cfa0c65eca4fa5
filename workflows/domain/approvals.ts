import type { Command } from './command.ts';
import { parseCommands } from './command.ts';
import type { CommentSource } from './event.ts';
import type { CommentNote } from './record.ts';

/** One person's approval; `how` is what the notification shows. */
export interface Approval {
  /** As GitHub spells it. */
  readonly login: string;
  readonly how: 'Approved' | 'LGTM' | 'Author self-approved';
  readonly reference: string;
  /** Given with `/approve no-issue`: stands in for an issue where one is required. */
  readonly noIssue: boolean;
}

/** Who approved, by login in lower case. */
export type Approvals = ReadonlyMap<string, Approval>;

/** What counts as an approval here. */
export interface ApprovalRules {
  readonly isBot: (login: string) => boolean;
  readonly lgtmApproves: boolean;
  readonly reviewsApprove: boolean;
}

/** What an approval command wants, undefined if a command is none. */
export interface ApprovalWish {
  readonly cancelled: boolean;
  readonly noIssue: boolean;
  readonly how: 'Approved' | 'LGTM';
}

/** Reads `/approve`, `/remove-approve` and, where it counts, `/lgtm`; free text may follow (W§1.2, grammar). */
export function approvalWish(
  { name, args }: Command,
  lgtmApproves: boolean,
): ApprovalWish | undefined {
  const counts =
    name === 'approve' || name === 'remove-approve' || (lgtmApproves && name === 'lgtm');
  if (!counts) return undefined;
  // Prow reads up to a carriage return, and cuts off any kind of blank.
  const rest = (args.split('\r', 1)[0] ?? '').trim().toLowerCase();
  return {
    cancelled: name === 'remove-approve' || rest.includes('cancel'),
    noIssue: rest === 'no-issue',
    how: name === 'lgtm' ? 'LGTM' : 'Approved',
  };
}

/** The approvals that the conversation adds up to, on top of those that are given already (W§1.2, state rebuild). */
export function collectApprovals(
  notes: readonly CommentNote[],
  given: readonly Approval[],
  rules: ApprovalRules,
): Approvals {
  const approvals = new Map<string, Approval>();
  for (const approval of given) add(approvals, approval);
  for (const note of inOrder(notes)) {
    if (rules.isBot(note.author) || note.author === '' || isReviewOfApp(note)) continue;
    applyReview(approvals, note, rules);
    for (const command of parseCommands(note.body)) {
      applyCommand(approvals, note, approvalWish(command, rules.lgtmApproves));
    }
  }
  return approvals;
}

const SOURCE_ORDER: readonly CommentSource[] = ['review-comment', 'comment', 'review'];

/** By time; of one second, Prow's order of lists. Descriptions are no comments: they are left out. */
function inOrder(notes: readonly CommentNote[]): readonly CommentNote[] {
  return SOURCE_ORDER.flatMap((source) => notes.filter((note) => note.source === source)).sort(
    (a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt),
  );
}

function isReviewOfApp({ source, author, authorType }: CommentNote): boolean {
  return source === 'review' && (authorType === 'Bot' || author.endsWith('[bot]'));
}

function applyReview(
  approvals: Map<string, Approval>,
  note: CommentNote,
  { reviewsApprove }: ApprovalRules,
): void {
  if (!reviewsApprove) return;
  if (note.reviewState === 'approved') {
    add(approvals, approvalIn(note, { how: 'Approved', noIssue: false }));
  }
  if (note.reviewState === 'changes_requested') approvals.delete(note.author.toLowerCase());
}

function applyCommand(
  approvals: Map<string, Approval>,
  note: CommentNote,
  wish: ApprovalWish | undefined,
): void {
  if (wish === undefined) return;
  if (wish.cancelled) approvals.delete(note.author.toLowerCase());
  else add(approvals, approvalIn(note, wish));
}

function approvalIn(
  { author, htmlUrl }: CommentNote,
  { how, noIssue }: Pick<Approval, 'how' | 'noIssue'>,
): Approval {
  return { login: author, how, reference: htmlUrl, noIssue };
}

/** A later approval replaces an earlier one, but what was approved without an issue stays so. */
function add(approvals: Map<string, Approval>, approval: Approval): void {
  const key = approval.login.toLowerCase();
  if (approvals.get(key)?.noIssue === true && !approval.noIssue) return;
  approvals.set(key, approval);
}

/** The first issue that a description names: `#12`, or the path of one of the organisation's issues; 0 if none. */
export function associatedIssue(body: string, org: string): number {
  const name = org.replace(/[^A-Za-z0-9]/g, String.raw`\$&`);
  const match = new RegExp(`(?:${name}/[^/]+/issues/|#)(\\d+)`).exec(body);
  return Number(match?.[1] ?? 0);
}

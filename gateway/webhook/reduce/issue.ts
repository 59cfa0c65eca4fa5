import { z } from 'zod';
import type { CommentEvent, DomainEvent, IssueEvent } from '../../../workflows/domain/event.ts';
import { changes, comment, type IssuePayload, issue, name, user } from './payload.ts';
import { eventText, hasCommandLine, type Origin, people, type Reduction } from './reduction.ts';

const issueSchema = z.object({
  action: name,
  issue,
  label: z.object({ name }).nullish(),
  assignee: user.optional(),
  changes,
});

type Payload = z.output<typeof issueSchema>;

/** `issues`: the change, and the body as a comment when it was written now and may command. */
export function reduceIssue(input: unknown, origin: Origin): Reduction {
  const payload = issueSchema.parse(input);
  const body = bodyComment(payload, origin);
  const events: DomainEvent[] = [change(payload, origin), ...(body ? [body] : [])];
  return { addressee: addressee(payload.issue), events };
}

function change(payload: Payload, origin: Origin): IssueEvent {
  const { action, issue: it } = payload;
  return {
    kind: 'issue',
    key: `issue:${it.number}:${keyOf(payload)}`,
    guid: origin.guid,
    at: action === 'opened' ? it.created_at : it.updated_at,
    sender: origin.sender,
    action,
    number: it.number,
    title: it.title,
    author: it.user.login,
    state: it.state,
    labels: (it.labels ?? []).map(({ name }) => name),
  };
}

function keyOf({ action, issue: it, label, assignee, changes }: Payload): string {
  if (action === 'opened') return 'opened';
  if (label) return `${action}:${label.name}:${it.updated_at}`;
  if (/^(un)?assigned$/.test(action) && assignee) {
    return `${action}:${assignee.login}:${it.updated_at}`;
  }
  if (changes) return `${action}:${Object.keys(changes).sort().join('+')}:${it.updated_at}`;
  return `${action}:${it.updated_at}`;
}

function bodyComment(payload: Payload, origin: Origin): CommentEvent | undefined {
  const { action, issue: it, changes } = payload;
  const written = action === 'opened' || (action === 'edited' && changes?.['body'] !== undefined);
  if (!written || !hasCommandLine(it.body)) return undefined;
  const created = action === 'opened';
  return {
    kind: 'comment',
    key: `issue:${it.number}:body:${created ? 'opened' : `edited:${it.updated_at}`}`,
    guid: origin.guid,
    at: created ? it.created_at : it.updated_at,
    sender: origin.sender,
    action: created ? 'created' : 'edited',
    source: 'issue-body',
    id: 0,
    author: it.user.login,
    authorType: it.user.type,
    body: eventText(it.body, origin),
    htmlUrl: it.html_url,
    createdAt: it.created_at,
    ...issueContext(it),
  };
}

const commentSchema = z.object({
  action: z.enum(['created', 'edited', 'deleted']),
  comment,
  issue,
});

/** `issue_comment`: a comment in the conversation of an issue or of a pull request. */
export function reduceIssueComment(input: unknown, origin: Origin): Reduction | undefined {
  const action = z.object({ action: z.string() }).parse(input).action;
  if (!commentSchema.shape.action.safeParse(action).success) return undefined;
  const { comment: it, issue: of, ...payload } = commentSchema.parse(input);
  const at = { created: it.created_at, edited: it.updated_at, deleted: of.updated_at }[
    payload.action
  ];
  const event: CommentEvent = {
    kind: 'comment',
    key: `comment:${it.id}:${payload.action}${payload.action === 'edited' ? `:${at}` : ''}`,
    guid: origin.guid,
    at,
    sender: origin.sender,
    action: payload.action,
    source: 'comment',
    id: it.id,
    author: it.user.login,
    authorType: it.user.type,
    body: eventText(it.body, origin),
    htmlUrl: it.html_url,
    createdAt: it.created_at,
    ...issueContext(of),
  };
  return { addressee: addressee(of), events: [event] };
}

function addressee(of: IssuePayload): Reduction['addressee'] {
  return { to: isPullRequest(of) ? 'pullRequest' : 'issue', number: of.number };
}

function isPullRequest(of: IssuePayload): boolean {
  return of.pull_request !== undefined && of.pull_request !== null;
}

function issueContext(of: IssuePayload) {
  return {
    isPullRequest: isPullRequest(of),
    state: of.state,
    issueAuthor: of.user.login,
    ...people(of),
    issueUpdatedAt: of.updated_at,
  } as const;
}

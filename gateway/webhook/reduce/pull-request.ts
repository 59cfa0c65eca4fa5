import { z } from 'zod';
import type {
  CommentEvent,
  DomainEvent,
  PullRequestEvent,
  PullRequestSnapshot,
} from '../../../workflows/domain/event.ts';
import { changes, name, type PullRequestPayload, pullRequest, user } from './payload.ts';
import { eventText, hasCommandLine, type Origin, people, type Reduction } from './reduction.ts';

const schema = z.object({
  action: name,
  pull_request: pullRequest,
  label: z.object({ name }).nullish(),
  assignee: user.optional(),
  requested_reviewer: user.optional(),
  requested_team: z.object({ slug: name }).nullish(),
  changes,
});

type Payload = z.output<typeof schema>;

/** `pull_request`: the change itself, and its body as a comment when it was written now and may command. */
export function reducePullRequest(input: unknown, origin: Origin): Reduction {
  const payload = schema.parse(input);
  const { number } = payload.pull_request;
  const body = bodyComment(payload, origin);
  const events: DomainEvent[] = [change(payload, origin), ...(body ? [body] : [])];
  return { addressee: { to: 'pullRequest', number }, events };
}

function change(payload: Payload, origin: Origin): PullRequestEvent {
  const { action, pull_request: pull, label, changes } = payload;
  return {
    kind: 'pull-request',
    key: `pr:${pull.number}:${keyOf(payload)}`,
    guid: origin.guid,
    at: action === 'opened' ? pull.created_at : pull.updated_at,
    sender: origin.sender,
    action,
    pullRequest: snapshot(pull),
    ...(label ? { label: label.name } : {}),
    ...(action === 'edited' ? { baseChanged: changes?.['base'] !== undefined } : {}),
  };
}

/** The meaning of a change, equal in every delivery of it; heads and labels can come back, so time is part of it. */
function keyOf(payload: Payload): string {
  const { action, pull_request: pull, label, changes } = payload;
  const at = pull.updated_at;
  if (action === 'opened') return 'opened';
  if (action === 'synchronize') return `synchronize:${pull.head.sha}:${at}`;
  if (label) return `${action}:${label.name}:${at}`;
  const person = personOf(payload);
  if (person !== undefined) return `${action}:${person}:${at}`;
  if (changes) return `${action}:${Object.keys(changes).sort().join('+')}:${at}`;
  return `${action}:${at}`;
}

function personOf(payload: Payload): string | undefined {
  if (/^(un)?assigned$/.test(payload.action)) return payload.assignee?.login;
  if (!payload.action.startsWith('review_request')) return undefined;
  return payload.requested_team?.slug ?? payload.requested_reviewer?.login;
}

function bodyComment(payload: Payload, origin: Origin): CommentEvent | undefined {
  const { action, pull_request: pull, changes } = payload;
  const written = action === 'opened' || (action === 'edited' && changes?.['body'] !== undefined);
  if (!written || !hasCommandLine(pull.body)) return undefined;
  const created = action === 'opened';
  return {
    kind: 'comment',
    key: `pr:${pull.number}:body:${created ? 'opened' : `edited:${pull.updated_at}`}`,
    guid: origin.guid,
    at: created ? pull.created_at : pull.updated_at,
    sender: origin.sender,
    action: created ? 'created' : 'edited',
    source: 'pull-request-body',
    id: 0,
    author: pull.user.login,
    authorType: pull.user.type,
    body: eventText(pull.body, origin),
    htmlUrl: pull.html_url,
    createdAt: pull.created_at,
    isPullRequest: true,
    state: pull.state,
    issueAuthor: pull.user.login,
    ...people(pull),
    issueUpdatedAt: pull.updated_at,
  };
}

/** A pull request as the payload has it. */
export function snapshot(pull: PullRequestPayload): PullRequestSnapshot {
  return {
    number: pull.number,
    title: pull.title,
    author: pull.user.login,
    authorType: pull.user.type,
    state: pull.state,
    merged: pull.merged ?? Boolean(pull.merged_at),
    draft: pull.draft,
    headSha: pull.head.sha,
    headRef: pull.head.ref,
    headRepository: pull.head.repo,
    baseRef: pull.base.ref,
    baseSha: pull.base.sha,
    mergeable: pull.mergeable,
    htmlUrl: pull.html_url,
    createdAt: pull.created_at,
    updatedAt: pull.updated_at,
    ...people(pull),
    ...(pull.milestone ? { milestone: pull.milestone.title } : {}),
  };
}

import { ZodError } from 'zod';
import type { AddressedMail } from '../../../workflows/contract.ts';
import type { Mail } from '../postbox.ts';
import { fitEvent } from './fit.ts';
import { reduceIssue, reduceIssueComment } from './issue.ts';
import { repositoryPayload } from './payload.ts';
import { reducePullRequest } from './pull-request.ts';
import { reducePush } from './push.ts';
import type { Envelope, Origin, Reducer, Reduction } from './reduction.ts';
import { reduceReview, reduceReviewComment } from './review.ts';
import { reduceStatus } from './status.ts';

const REDUCERS: Readonly<Record<string, Reducer>> = {
  issue_comment: reduceIssueComment,
  issues: reduceIssue,
  pull_request: reducePullRequest,
  pull_request_review: reduceReview,
  pull_request_review_comment: reduceReviewComment,
  push: reducePush,
  status: reduceStatus,
};

/** Whether any handler knows this kind of event; the others are dropped. */
export function isKnownEvent(event: string): boolean {
  return Object.hasOwn(REDUCERS, event);
}

/** Where a delivery belongs, as logs name it. */
export interface Place {
  readonly org: string;
  readonly repo: string;
  readonly pr?: number;
}

/** What a delivery came to. */
export type Reduced =
  /** For one entity. */
  | { readonly kind: 'message'; readonly message: Mail; readonly place: Place }
  /** Of a known kind, but nothing that anybody waits for: a tag, an action without meaning. */
  | { readonly kind: 'nothing' }
  /** Not what GitHub documents: kept and logged. */
  | { readonly kind: 'undecodable'; readonly problem: string };

/** Reduces a verified payload to a message for the entity that it belongs to. Never throws. */
export function reduce(payload: unknown, envelope: Envelope): Reduced {
  try {
    const origin = originOf(payload, envelope);
    const reduction = REDUCERS[envelope.event]?.(payload, origin);
    if (reduction === undefined) return { kind: 'nothing' };
    const message = messageFor(reduction, origin);
    return { kind: 'message', message, place: placeOf(reduction, origin) };
  } catch (error) {
    if (error instanceof ZodError) return { kind: 'undecodable', problem: describe(error) };
    return { kind: 'undecodable', problem: error instanceof Error ? error.message : String(error) };
  }
}

function placeOf({ addressee }: Reduction, { repository }: Origin): Place {
  return { ...repository, ...('number' in addressee ? { pr: addressee.number } : {}) };
}

/** Where it went wrong, without the payload's own text. */
function describe(error: ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.')}: ${issue.code}`)
    .join('; ');
}

function originOf(payload: unknown, envelope: Envelope): Origin {
  const { repository, sender } = repositoryPayload.parse(payload);
  const [org = '', repo = ''] = repository.full_name.split('/');
  return {
    ...envelope,
    repository: { org, repo },
    repositoryId: repository.id,
    sender: sender.login,
  };
}

function messageFor({ addressee, events }: Reduction, origin: Origin): Mail {
  const place = { repository: origin.repository, repositoryId: origin.repositoryId };
  const fitted = events.map((event) => fitEvent(event, origin.deliveryId));
  const body: AddressedMail = { ...place, events: fitted };
  const signal = 'mail';
  switch (addressee.to) {
    case 'pullRequest':
    case 'issue':
      return { to: addressee.to, input: { ...place, number: addressee.number }, signal, body };
    case 'branch':
      return { to: 'branch', input: { ...place, ref: addressee.ref }, signal, body };
    case 'commit':
      return { to: 'commit', input: { ...place, sha: addressee.sha }, signal, body };
  }
}

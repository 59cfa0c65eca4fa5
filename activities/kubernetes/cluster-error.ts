import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import { CLUSTER_UNREACHABLE } from '../../workflows/ports.ts';

/** The API refused a request: asking again changes nothing. */
export class ClusterRefusal extends Error {
  override readonly name = 'ClusterRefusal';

  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const statusSchema = z.object({ message: z.string() });

/** 401 is a token that expires, 403 may be a quota: Prow gives such runs up, so only what passes by itself is tried again. */
const PASSING = new Set([401, 408, 425, 429]);

/** The error for an answer that is no success. */
export function errorOf(alias: string, status: number, body: string): Error {
  const text = sentenceOf(body);
  return status >= 500 || PASSING.has(status)
    ? unreachable(alias, `${status} ${text}`)
    : new ClusterRefusal(status, text);
}

/** Nobody answers, or nobody who can: the workflow waits and says so. */
export function unreachable(alias: string, reason: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    `The build cluster "${alias}" does not answer: ${reason}`,
    CLUSTER_UNREACHABLE,
  );
}

/** What was asked for, or nothing if the API refuses: it is gone, or we have no right to it. */
export async function allowed<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ClusterRefusal) return undefined;
    throw error;
  }
}

/** Whether the API said that there is no such object. */
export function isMissing(error: unknown): boolean {
  return error instanceof ClusterRefusal && error.status === 404;
}

/** Whether the API said that the object is there already, or is another by now. */
export function isConflict(error: unknown): boolean {
  return error instanceof ClusterRefusal && error.status === 409;
}

function sentenceOf(body: string): string {
  try {
    return statusSchema.parse(JSON.parse(body)).message;
  } catch {
    return body.slice(0, 300) || 'no answer';
  }
}

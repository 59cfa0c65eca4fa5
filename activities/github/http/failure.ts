import { ApplicationFailure, TemporalFailure } from '@temporalio/common';
import { z } from 'zod';

/** GitHub said no for good: its status and its own sentence. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** Types of the failures that leave the client; workflows catch by these names. */
export const FAILURES = {
  /** Not retryable: a 4xx that stays. `refusalOf` reads it. */
  refused: 'GitHubRefused',
  /** Retryable, after `nextRetryDelay`: a rate limit, GitHub's or our own pacing. */
  limited: 'GitHubLimited',
  /** Retryable: 5xx, network, time-out, a token that is not accepted just now. */
  unavailable: 'GitHubUnavailable',
  /** Not retryable: a write was tried in a dry run. */
  dryRun: 'DryRunViolation',
} as const;

const SECONDARY_LIMIT = /secondary rate limit|abuse detection|rate limit exceeded/i;
const MINUTE = 60_000;
/** A token is being rotated, perhaps: look again soon. */
const UNAUTHORISED_RETRY = 30_000;

const failedRequest = z.object({
  status: z.number(),
  message: z.string().default(''),
  response: z.object({ headers: z.record(z.string(), z.unknown()), data: z.unknown() }).optional(),
});

const errorBody = z.object({
  message: z.string(),
  errors: z.array(z.unknown()).optional().catch(undefined),
});

const errorDetail = z.union([
  z.string(),
  z.object({ message: z.string() }).transform(({ message }) => message),
  z
    .object({ field: z.string(), code: z.string() })
    .transform(({ field, code }) => `${field}: ${code}`),
]);

const refusal = z.object({ status: z.number(), message: z.string() });

/** GitHub's own sentence, with what it says of single fields. */
function sentenceOf(body: unknown, fallback: string): string {
  const parsed = errorBody.safeParse(body);
  if (!parsed.success) return fallback;
  const details = (parsed.data.errors ?? []).flatMap((error) => {
    const detail = errorDetail.safeParse(error);
    return detail.success ? [detail.data] : [];
  });
  return [parsed.data.message, ...details].join(': ');
}

/** How long GitHub wants to be left alone; undefined if it did not say. */
function waitAsked(headers: Readonly<Record<string, unknown>>, now: number): number | undefined {
  const retryAfter = Number(headers['retry-after']);
  if (headers['retry-after'] !== undefined && Number.isFinite(retryAfter)) {
    return Math.max(1000, retryAfter * 1000);
  }
  const reset = Number(headers['x-ratelimit-reset']);
  if (headers['x-ratelimit-remaining'] === '0' && Number.isFinite(reset)) {
    return Math.max(1000, reset * 1000 - now + 1000);
  }
  return undefined;
}

/** A failure to be retried not before `wait` milliseconds have passed. */
export function limited(message: string, wait: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: FAILURES.limited,
    message,
    nextRetryDelay: Math.ceil(wait),
  });
}

function unavailable(message: string, nextRetryDelay?: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: FAILURES.unavailable,
    message,
    ...(nextRetryDelay === undefined ? {} : { nextRetryDelay }),
  });
}

/** The failure for a write in a dry run. */
export function dryRunViolation(method: string, path: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    `${method} ${path} was about to leave in a dry run`,
    FAILURES.dryRun,
  );
}

function ofAnswer(
  status: number,
  message: string,
  { headers, now }: { readonly headers: Readonly<Record<string, unknown>>; readonly now: number },
): ApplicationFailure {
  const wait = waitAsked(headers, now);
  if (status === 429 || (status === 403 && (wait !== undefined || SECONDARY_LIMIT.test(message)))) {
    return limited(message, wait ?? MINUTE);
  }
  if (status === 401) return unavailable(`GitHub: ${message}`, UNAUTHORISED_RETRY);
  if (status >= 500 || status === 408) return unavailable(`GitHub ${status}: ${message}`, wait);
  return ApplicationFailure.create({
    type: FAILURES.refused,
    message,
    nonRetryable: true,
    details: [{ status, message } satisfies Refusal],
  });
}

/**
 * The one place where an error of a request becomes a failure that Temporal understands. 5xx, network,
 * time-outs and limits are retryable, the latter with the delay that GitHub asked for; other 4xx are not.
 */
export function toFailure(error: unknown, now = Date.now()): TemporalFailure {
  if (error instanceof TemporalFailure) return error;
  const parsed = failedRequest.safeParse(error);
  if (!parsed.success) return unavailable(error instanceof Error ? error.message : String(error));
  const { status, response, message } = parsed.data;
  if (response === undefined) return unavailable(`no answer from GitHub: ${message}`);
  return ofAnswer(status, sentenceOf(response.data, message), { headers: response.headers, now });
}

/** GitHub's refusal, if that is what the error is. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof ApplicationFailure) || error.type !== FAILURES.refused) return undefined;
  const parsed = refusal.safeParse(error.details?.[0]);
  return parsed.success ? parsed.data : undefined;
}

/** How long a failure asks to wait, in milliseconds, if it is about a limit. */
export function limitOf(error: unknown): number | undefined {
  if (!(error instanceof ApplicationFailure) || error.type !== FAILURES.limited) return undefined;
  return typeof error.nextRetryDelay === 'number' ? error.nextRetryDelay : MINUTE;
}

/** The status of a failed request, undefined if no answer came. */
export function statusOf(error: unknown): number | undefined {
  const parsed = failedRequest.safeParse(error);
  return parsed.success && parsed.data.response !== undefined ? parsed.data.status : undefined;
}

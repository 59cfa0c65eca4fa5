import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Hub } from '../hub.ts';
import { GitHubError } from './errors.ts';
import type { Fault } from './faults.ts';
import { recordRequest, subjectOf } from './record.ts';
import { sendError } from './send-error.ts';

/** A request and its answer. */
export interface Ends {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

function pause(ms: number): Promise<void> {
  return ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : Promise.resolve();
}

function standardMessage(status: number): string {
  return status === 403 || status === 429
    ? 'You have exceeded a secondary rate limit.'
    : 'Server Error';
}

function sendFault(reply: FastifyReply, fault: Fault): FastifyReply {
  if (fault.retryAfter !== undefined) reply.header('Retry-After', String(fault.retryAfter));
  const message = fault.message ?? standardMessage(fault.status);
  return sendError(reply, new GitHubError(fault.status, message));
}

/** Ends the connection without an answer; the ledger shows status 0. */
export function hangUp(hub: Hub, { request, reply }: Ends): FastifyReply {
  recordRequest(hub, { request, reply }, 0);
  reply.hijack();
  request.raw.socket.destroy();
  return reply;
}

/** Waits as every request to the API does; git is not slowed down by it. */
export function delayed(hub: Hub): Promise<void> {
  return pause(hub.settings.latencyMs);
}

/**
 * Faults that slow a request down or answer in its place; true if it was answered. (No reply is
 * returned: it can be awaited, and would be.)
 */
export async function obstruct(hub: Hub, ends: Ends): Promise<boolean> {
  if (!hub.faults.armed()) return false;
  const subject = subjectOf(ends.request);
  const slow = hub.faults.strike(['slow'], subject);
  if (slow) await pause(slow.ms);
  const fault = hub.faults.strike(['status', 'time-out'], subject);
  if (fault?.do === 'time-out') {
    await pause(fault.ms);
    hangUp(hub, ends);
  } else if (fault) sendFault(ends.reply, fault);
  return fault !== undefined;
}

import type { FastifyReply } from 'fastify';
import { errorBody, GitHubError } from './errors.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Writes the refusal of a route as GitHub words it. */
export function sendError(reply: FastifyReply, error: unknown): FastifyReply {
  const known =
    error instanceof GitHubError
      ? error
      : new GitHubError(500, error instanceof Error ? error.message : String(error));
  return reply
    .code(known.status)
    .type(JSON_TYPE)
    .send(JSON.stringify(errorBody(known)));
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Hub } from '../hub.ts';

/** Says that a path is not served. */
export type Missing = (request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/** Serves the pages that people look at. */
export function registerPages(_hub: Hub, app: FastifyInstance, missing: Missing): void {
  app.get('/:owner/:repo', (request, reply) => missing(request, reply));
}

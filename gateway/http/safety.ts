import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** For what a job wrote: nothing runs, nothing loads. */
const FOREIGN_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'";

/** Sets the headers without which a page of ours must not leave. */
export function protectPages(app: FastifyInstance): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'content-security-policy': PAGE_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': 'DENY',
    });
  });
}

/** Marks an answer as somebody else's bytes. */
export function markForeign(reply: FastifyReply): FastifyReply {
  return reply.header('content-security-policy', FOREIGN_POLICY);
}

/** Answers with an ETag, or with 304 when the asker has it already. */
export function sendTagged(
  request: FastifyRequest,
  reply: FastifyReply,
  content: string,
): FastifyReply {
  const tag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
  reply.header('etag', tag).header('cache-control', 'no-cache');
  const known = String(request.headers['if-none-match'] ?? '')
    .split(',')
    .map((each) => each.trim().replace(/^W\//, ''));
  if (known.includes(tag)) return reply.code(304).send();
  return reply.send(content);
}

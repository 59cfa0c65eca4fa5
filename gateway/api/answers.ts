import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendTagged } from '../http/safety.ts';

const IDENTIFIER = /^[A-Za-z_$][\w$]{0,63}$/;

/**
 * Prow's `.js` addresses: JSON, or with `var` a script that assigns it. The name must be an identifier,
 * or it could be any script at all.
 */
export function sendJson(
  request: FastifyRequest<{ Querystring: { readonly var?: unknown } }>,
  reply: FastifyReply,
  value: unknown,
): FastifyReply {
  const json = JSON.stringify(value);
  const name = request.query.var;
  if (name === undefined) {
    return sendTagged(request, reply.type('application/json; charset=utf-8'), json);
  }
  if (typeof name !== 'string' || !IDENTIFIER.test(name)) {
    return reply
      .code(400)
      .type('text/plain; charset=utf-8')
      .send('var must be an identifier of JavaScript.\n');
  }
  const script = `var ${name} = ${json.replace(/[\u2028\u2029]/g, escapeSeparator)};`;
  return sendTagged(request, reply.type('text/javascript; charset=utf-8'), script);
}

function escapeSeparator(separator: string): string {
  return `\\u${separator.charCodeAt(0).toString(16)}`;
}

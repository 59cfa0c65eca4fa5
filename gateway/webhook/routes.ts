import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { eventLabel } from '../metrics.ts';
import { type AcceptDependencies, acceptWebhook } from './accept.ts';
import { refusalOfHeaders, verify } from './validate.ts';

/** GitHub sends at most 25 MB. */
const BODY_LIMIT = 26 * 1024 * 1024;

/** Serves the webhook at `path`; register it in a context of its own, since it takes over body parsing. */
export function serveWebhook(app: FastifyInstance, path: string, deps: AcceptDependencies): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
    (_request, body, done) => done(null, body),
  );
  app.addHook('onRequest', async (request, reply) => {
    const refusal = refusalOfHeaders(request.method, request.headers);
    if (refusal) return answer(reply, refusal.status, refusal.message);
    return undefined;
  });
  app.addHook('onResponse', async (_request, reply) => {
    deps.metrics.responseCodes.inc({ response_code: String(reply.statusCode) });
    deps.metrics.webhookSeconds.observe(reply.elapsedTime / 1_000);
  });
  app.setErrorHandler((error, _request, reply) => {
    deps.log.error({ err: error }, 'the webhook failed');
    return answer(reply, 500, 'The body could not be read.');
  });
  app.all(path, { exposeHeadRoute: false, logLevel: 'warn' }, (request, reply) =>
    receive(request, reply, deps),
  );
}

async function receive(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: AcceptDependencies,
): Promise<FastifyReply> {
  const { headers } = request;
  const event = String(headers['x-github-event']);
  const guid = String(headers['x-github-delivery']);
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const verified = await verify(body, String(headers['x-hub-signature-256']), deps.hmac);
  if (verified.refusal) {
    const { status, message } = verified.refusal;
    deps.log.warn(
      { 'event-type': event, 'event-GUID': guid, reason: message },
      'webhook refused: check the HMAC secret',
    );
    return answer(reply, status, message);
  }
  deps.metrics.webhooks.inc({ event_type: eventLabel(event) });
  const webhook = { event, guid, headers, body, payload: verified.payload };
  const { status, message } = await acceptWebhook(webhook, deps);
  return answer(reply, status, message);
}

function answer(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(`${message}\n`);
}

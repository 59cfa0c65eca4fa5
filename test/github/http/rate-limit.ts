import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Hub } from '../hub.ts';
import type { Payer, Points, Resource } from './budgets.ts';
import { GitHubError } from './errors.ts';
import { credentialOf } from './identity.ts';
import { exhausted, payerOf } from './payer.ts';
import type { Weight } from './secondary.ts';
import { sendError } from './send-error.ts';

const SECONDARY =
  'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
const CONTENT =
  /\/(issues|pulls|comments|reviews|replies)$|\/issues\/:number\/comments$|\/pulls\/:number\/(comments|reviews)$/;
/** Looking at the limits is free. */
const FREE = /\/rate_limit$/;

/** Writes what is left into the headers. */
export function showPoints(reply: FastifyReply, points: Points): FastifyReply {
  return reply
    .header('X-RateLimit-Limit', String(points.limit))
    .header('X-RateLimit-Remaining', String(points.remaining))
    .header('X-RateLimit-Used', String(points.used))
    .header('X-RateLimit-Reset', String(points.reset))
    .header('X-RateLimit-Resource', points.resource);
}

/** Who pays for a request. */
export function payerFor(hub: Hub, request: FastifyRequest): Payer {
  return payerOf(credentialOf(hub, request), request.ip);
}

function weightOf({ method, routeOptions }: FastifyRequest): Weight {
  const writes = method !== 'GET' && method !== 'HEAD';
  return { writes, content: method === 'POST' && CONTENT.test(routeOptions.url ?? '') };
}

/** Refuses with the headers of a secondary limit. */
export function refuseSecondary(reply: FastifyReply, seconds: number): FastifyReply {
  reply.header('Retry-After', String(seconds));
  return sendError(reply, new GitHubError(403, SECONDARY));
}

interface Charged {
  readonly payer: Payer;
  readonly resource: Resource;
  readonly free: boolean;
}

/** Counts every request of the REST API against primary and secondary limits; a 304 is free. */
export function limitRequests(hub: Hub, app: FastifyInstance): void {
  const { budgets, secondary } = hub;
  const charged = new WeakMap<FastifyRequest, Charged>();

  app.addHook('onRequest', (request, reply, done) => {
    const path = request.routeOptions.url ?? '';
    const payer = payerFor(hub, request);
    const resource = path.includes('/search/') ? 'search' : 'core';
    const free = FREE.test(path);
    charged.set(request, { payer, resource, free });
    const wait = secondary.enter(payer, weightOf(request));
    if (wait !== undefined) refuseSecondary(reply, wait);
    else if (free || budgets.spend(payer, resource, 1)) done();
    else sendError(reply, new GitHubError(403, exhausted(payer)));
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const known = charged.get(request);
    if (known) {
      if (reply.statusCode === 304 && !known.free) budgets.refund(known.payer, known.resource);
      showPoints(reply, budgets.look(known.payer, known.resource));
    }
    done(null, payload);
  });
  app.addHook('onResponse', (request, _reply, done) => {
    const known = charged.get(request);
    if (known) secondary.leave(known.payer);
    done();
  });
}

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Hub } from '../hub.ts';
import type { Subject } from './faults.ts';

/** The path without `/api/v3` and query. */
export function plainPath(url: string): string {
  return (url.split('?')[0] ?? url).replace(/^\/api\/v3(?=\/)/, '');
}

/** The path and query without `/api/v3`. */
export function plainUrl(url: string): string {
  return url.replace(/^\/api\/v3(?=\/)/, '');
}

/** What faults look at in a request. */
export function subjectOf(request: FastifyRequest): Subject {
  return {
    method: request.method,
    path: plainPath(request.url),
    client: request.headers['user-agent'] ?? '',
  };
}

/** What a request took from the primary limit: points of GraphQL are told, git and a 304 are free. */
function costOf(hub: Hub, request: FastifyRequest, status: number): number {
  const told = hub.costs.get(request);
  if (told !== undefined) return told;
  const route = hub.served.get(request);
  return route === undefined || route === '/rate_limit' || status === 304 ? 0 : 1;
}

/** Puts a request into the ledger; status 0 says that the client saw no answer. */
export function recordRequest(
  hub: Hub,
  exchange: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  status: number,
): void {
  const { request, reply } = exchange;
  if (/^\/(control|assets)\b/.test(request.url)) return;
  hub.ledger.record({
    time: new Date(Date.now() - reply.elapsedTime).toISOString(),
    client: request.headers['user-agent'] ?? '',
    purpose: String(request.headers['x-bowsprit-purpose'] ?? ''),
    method: request.method,
    route: hub.served.get(request) ?? plainPath(request.routeOptions.url ?? 'missing'),
    path: plainPath(request.url),
    status,
    cost: costOf(hub, request, status),
    bytes: Number(reply.getHeader('content-length') ?? 0),
    durationMs: Math.round(reply.elapsedTime * 1000) / 1000,
  });
}

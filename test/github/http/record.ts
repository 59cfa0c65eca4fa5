import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Hub } from '../hub.ts';

/** The path without `/api/v3` and query. */
export function plainPath(url: string): string {
  return (url.split('?')[0] ?? url).replace(/^\/api\/v3(?=\/)/, '');
}

/** The path and query without `/api/v3`. */
export function plainUrl(url: string): string {
  return url.replace(/^\/api\/v3(?=\/)/, '');
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
    bytes: Number(reply.getHeader('content-length') ?? 0),
    durationMs: Math.round(reply.elapsedTime * 1000) / 1000,
  });
}

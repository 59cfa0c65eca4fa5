import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendError, subjectOf } from '../http/dispatch.ts';
import { GitHubError, refuse } from '../http/errors.ts';
import { identify } from '../http/identity.ts';
import type { Hub } from '../hub.ts';
import type { User } from '../state/model.ts';
import type { Engine, Reply } from './engine.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const TIMED_OUT =
  'Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug.';

/** GraphQL is for those who say who they are. */
function viewerOf(hub: Hub, request: FastifyRequest): User {
  const identity = identify(hub, request);
  if (identity === 'unknown-token') return refuse(401, 'Bad credentials');
  if (identity === 'anonymous') {
    return refuse(401, 'This endpoint requires you to be authenticated.');
  }
  return identity;
}

function sendReply(reply: FastifyReply, { points, body }: Reply): FastifyReply {
  return reply
    .header('X-RateLimit-Limit', String(points.limit))
    .header('X-RateLimit-Remaining', String(points.remaining))
    .header('X-RateLimit-Used', String(points.used))
    .header('X-RateLimit-Reset', String(points.reset))
    .header('X-RateLimit-Resource', 'graphql')
    .header('X-GitHub-Media-Type', 'github.v4; format=json')
    .type(JSON_TYPE)
    .send(JSON.stringify(body));
}

function fail(hub: Hub, request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  const fault = hub.faults.strike(['status'], subjectOf(request));
  if (!fault) return undefined;
  if (fault.retryAfter !== undefined) reply.header('Retry-After', String(fault.retryAfter));
  const standard = fault.status < 500 ? 'You have exceeded a secondary rate limit.' : TIMED_OUT;
  return sendError(reply, new GitHubError(fault.status, fault.message ?? standard));
}

/** Serves GraphQL; the schema and its library are loaded when somebody first asks. */
export function registerGraphQL(hub: Hub, app: FastifyInstance): void {
  let engine: Promise<Engine> | undefined;

  async function handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (hub.settings.latencyMs > 0) {
      await new Promise((resolve) => setTimeout(resolve, hub.settings.latencyMs));
    }
    const failed = fail(hub, request, reply);
    if (failed) return failed;
    const viewer = viewerOf(hub, request);
    engine ??= import('./engine.ts').then(({ createEngine }) => createEngine(hub));
    const execute = await engine;
    const lag = hub.faults.strike(['stale-read'], subjectOf(request));
    const { body } = request;
    return sendReply(reply, await execute({ viewer, body, lagMs: lag?.ms ?? 0 }));
  }

  for (const url of ['/graphql', '/api/graphql']) {
    app.post(url, (request, reply) =>
      handle(request, reply).catch((error: unknown) => sendError(reply, error)),
    );
  }
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refuse } from '../http/errors.ts';
import { credentialOf } from '../http/identity.ts';
import { delayed, hangUp, obstruct } from '../http/obstacles.ts';
import { payerFor, refuseSecondary, showPoints } from '../http/rate-limit.ts';
import { subjectOf } from '../http/record.ts';
import { sendError } from '../http/send-error.ts';
import type { Hub } from '../hub.ts';
import type { Asking, Engine, Reply } from './engine.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** GraphQL is for those who say who they are. */
function viewerOf(hub: Hub, request: FastifyRequest): Pick<Asking, 'viewer' | 'grant'> {
  const { user, grant } = credentialOf(hub, request);
  if (user === 'unknown-token') return refuse(401, 'Bad credentials');
  if (user === 'anonymous') {
    return refuse(401, 'This endpoint requires you to be authenticated.');
  }
  return { viewer: user, grant };
}

function sendReply(reply: FastifyReply, { points, body }: Reply): FastifyReply {
  return showPoints(reply, points)
    .header('X-GitHub-Media-Type', 'github.v4; format=json')
    .type(JSON_TYPE)
    .send(JSON.stringify(body));
}

function writes(request: FastifyRequest): boolean {
  const { body } = request;
  const query: unknown =
    typeof body === 'object' && body !== null ? Reflect.get(body, 'query') : '';
  return /^\s*mutation\b/.test(String(query));
}

/** Serves GraphQL; the schema and its library are loaded when somebody first asks. */
export function registerGraphQL(hub: Hub, app: FastifyInstance): void {
  let engine: Promise<Engine> | undefined;

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    await delayed(hub);
    if (await obstruct(hub, { request, reply })) return reply;
    const who = viewerOf(hub, request);
    engine ??= import('./engine.ts').then(({ createEngine }) => createEngine(hub));
    const execute = await engine;
    const lag = hub.faults.strike(['stale-read'], subjectOf(request));
    const lost = hub.faults.strike(['reply-lost'], subjectOf(request));
    const payer = payerFor(hub, request);
    const result = await execute({ ...who, payer, body: request.body, lagMs: lag?.ms ?? 0 });
    hub.costs.set(request, result.cost);
    return lost ? hangUp(hub, { request, reply }) : sendReply(reply, result);
  }
  async function handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const payer = payerFor(hub, request);
    const content = writes(request);
    const wait = hub.secondary.enter(payer, { writes: content, content, graphql: true });
    try {
      return await (wait === undefined ? answer(request, reply) : refuseSecondary(reply, wait));
    } catch (error) {
      return sendError(reply, error);
    } finally {
      hub.secondary.leave(payer);
    }
  }

  for (const url of ['/graphql', '/api/graphql']) {
    app.post(url, handle);
  }
}

import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { registerControl } from '../control/routes.ts';
import { registerSmartHttp } from '../git/smart-http.ts';
import { registerGraphQL } from '../graphql/register.ts';
import type { Hub } from '../hub.ts';
import { registerPages } from '../pages/routes.ts';
import { routes } from '../routes/table.ts';
import { checkAnswers } from './checks.ts';
import { GitHubError } from './errors.ts';
import { keepForeignPagesOut } from './foreign-pages.ts';
import { limitRequests } from './rate-limit.ts';
import { plainPath, plainUrl, recordRequest } from './record.ts';
import { registerRoutes } from './routing.ts';
import { sendError } from './send-error.ts';

const BODY_LIMIT = 64 * 1024 * 1024;

function noSchemas(): never {
  throw new Error('no route of the emulator has a schema: parse with zod in the route');
}

function parseBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    /^application\/x-git-/,
    (
      _request: FastifyRequest,
      payload: NodeJS.ReadableStream,
      done: (e: null, b: unknown) => void,
    ) => done(null, payload),
  );
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') return done(null, undefined);
    try {
      done(null, JSON.parse(String(body)));
    } catch {
      done(new GitHubError(400, 'Problems parsing JSON'), undefined);
    }
  });
}

function recordRequests(hub: Hub, app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    recordRequest(hub, { request, reply }, reply.raw.writableFinished ? reply.statusCode : 0);
    done();
  });
}

function registerApi(hub: Hub, app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('X-GitHub-Request-Id', request.id).header('X-GitHub-Media-Type', 'github.v3');
    done();
  });
  limitRequests(hub, app);
  checkAnswers(hub, app);
  const missing = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    answerMissing(hub, request, reply);
  registerRoutes(hub, app, { routes, missing });
}

function answerMissing(hub: Hub, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const name = `${request.method} ${plainPath(request.url)}`;
  hub.ledger.recordMissing(name);
  return sendError(reply, new GitHubError(501, `The emulator has no route for ${name}`));
}

/**
 * The API is at `/` and, as on an enterprise server, at `/api/v3`; a repository can be named by its
 * id, as redirects do: `/repositories/7/issues`.
 */
function plainRoute(hub: Hub, url: string): string {
  const path = plainUrl(url);
  const [, id = '', rest = ''] = /^\/repositories\/(\d+)(\/.*)$/.exec(path) ?? [];
  const repo = id === '' ? undefined : hub.findRepoById(Number(id));
  return repo ? `/repos/${repo.owner}/${repo.name}${rest}` : path;
}

/** Builds the emulator's web server; it does not listen yet. */
export async function buildApp(hub: Hub): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    rewriteUrl: ({ url = '/' }) => plainRoute(hub, url),
    exposeHeadRoutes: false,
    // Fastify would load its compilers of schemas at the start: a sixth of the time to the first answer.
    schemaController: {
      compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas },
    },
    routerOptions: { maxParamLength: 1000 },
  });
  parseBodies(app);
  keepForeignPagesOut(app);
  recordRequests(hub, app);
  app.setErrorHandler((error, _request, reply) => sendError(reply, error));
  app.setNotFoundHandler((request, reply) => answerMissing(hub, request, reply));
  await app.register(async (api) => registerApi(hub, api));
  registerSmartHttp(hub, app);
  registerControl(hub, app);
  registerGraphQL(hub, app);
  registerPages(hub, app, (request, reply) => answerMissing(hub, request, reply));
  return app;
}

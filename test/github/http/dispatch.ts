import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Hub } from '../hub.ts';
import type { User } from '../state/model.ts';
import type { Answer } from './answer.ts';
import { Moved, refuse } from './errors.ts';
import { checkGrant, scopesFor } from './grants.ts';
import { type Credential, credentialOf } from './identity.ts';
import { delayed, type Ends, hangUp, obstruct } from './obstacles.ts';
import { paginate } from './pagination.ts';
import { payerOf } from './payer.ts';
import { plainUrl, subjectOf } from './record.ts';
import type { Call, Route } from './route.ts';

const textRecord = z.record(z.string(), z.coerce.string()).catch({});
/** What an app may ask for in its own name. */
const FOR_APPS = /^\/app\b|\/installation$/;
const JSON_TYPE = 'application/json; charset=utf-8';

function actorFor(credential: Credential, route: Route): User | undefined {
  const { user, app } = credential;
  if (user === 'unknown-token') return refuse(401, 'Bad credentials');
  if (app && !FOR_APPS.test(route.path)) {
    return refuse(403, 'A JSON web token is only for the routes of apps');
  }
  if (user !== 'anonymous') return user;
  return route.method === 'GET' ? undefined : refuse(401, 'Requires authentication');
}

function sendJson(request: FastifyRequest, reply: FastifyReply, body: unknown): FastifyReply {
  const json = JSON.stringify(body);
  if (request.method !== 'GET') return reply.type(JSON_TYPE).send(json);
  const etag = `W/"${createHash('sha256').update(json).digest('hex')}"`;
  reply.header('ETag', etag).header('Cache-Control', 'private, max-age=60, s-maxage=60');
  const known = request.headers['if-none-match'];
  if (known?.split(/,\s*/).some((tag) => tag === etag || `W/${tag}` === etag)) {
    return reply.code(304).send();
  }
  return reply.type(JSON_TYPE).send(json);
}

function sendAnswer(
  hub: Hub,
  exchange: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  answer: Answer,
): FastifyReply {
  const { request, reply } = exchange;
  switch (answer.kind) {
    case 'empty':
      return reply
        .code(answer.status)
        .headers(answer.headers ?? {})
        .send();
    case 'text':
      return reply.type(answer.type).send(answer.text);
    case 'json':
      return sendJson(
        request,
        reply.code(answer.status).headers(answer.headers ?? {}),
        answer.body,
      );
    case 'list': {
      const page = paginate(answer.items, new URL(request.originalUrl, hub.address.url));
      if (page.link) reply.header('Link', page.link);
      return sendJson(request, reply, answer.wrap(page.items));
    }
  }
}

function rememberBefore(hub: Hub, call: Call): void {
  const { owner, repo } = call.params;
  const target = owner && repo ? hub.findRepo(owner, repo) : undefined;
  if (target) hub.history.remember(target);
}

function callOf(hub: Hub, route: Route, exchange: Exchange): Call {
  const { request, params } = exchange;
  const lag =
    route.method === 'GET' ? hub.faults.strike(['stale-read'], subjectOf(request)) : undefined;
  const credential = credentialOf(hub, request);
  return {
    hub,
    actor: actorFor(credential, route),
    app: credential.app,
    grant: credential.grant,
    payer: payerOf(credential, request.ip),
    params: { ...textRecord.parse(request.params), ...params },
    query: textRecord.parse(request.query),
    body: request.body,
    accept: request.headers.accept ?? '',
    lagMs: lag?.ms ?? 0,
  };
}

/**
 * Leads to the repository by its id, which no later rename changes. Writes are told to come again
 * with the same method (307), reads get a 301.
 */
function sendMoved(hub: Hub, exchange: Ends, moved: Moved): FastifyReply {
  const { request, reply } = exchange;
  const [, path = ''] = /^\/repos\/[^/]+\/[^/?]+(.*)$/.exec(plainUrl(request.url)) ?? [];
  const { from, to } = moved.issue ?? { from: '', to: '' };
  const rest = moved.issue ? path.replace(`/issues/${from}`, `/issues/${to}`) : path;
  const url = `${hub.address.url}/api/v3/repositories/${moved.repository}${rest}`;
  const reading = request.method === 'GET';
  return reply
    .code(reading ? 301 : 307)
    .header('Location', url)
    .type(JSON_TYPE)
    .send(
      JSON.stringify({
        message: reading ? 'Moved Permanently' : 'Temporary Redirect',
        url,
        documentation_url:
          'https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects',
      }),
    );
}

/** What a classic token has, and what would have done. */
function showScopes(call: Call, route: Route, reply: FastifyReply): void {
  const scopes = call.grant?.scopes;
  if (!scopes) return;
  reply
    .header('X-OAuth-Scopes', scopes.join(', '))
    .header('X-Accepted-OAuth-Scopes', scopesFor(call, route).join(', '));
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly params: Readonly<Record<string, string>>;
}

async function attempt(work: () => Answer | Promise<Answer>): Promise<Answer | Moved> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Moved) return error;
    throw error;
  }
}

/** Serves one row of the table of routes: faults, identity, the route, the answer. */
export function serve(hub: Hub, route: Route, params: Exchange['params'] = {}) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    hub.served.set(request, route.path);
    if (hub.settings.latencyMs > 0) await delayed(hub);
    if (await obstruct(hub, { request, reply })) return reply;
    const lost = hub.faults.strike(['reply-lost'], subjectOf(request));
    const call = callOf(hub, route, { request, params });
    showScopes(call, route, reply);
    checkGrant(call, route);
    if (route.method !== 'GET') rememberBefore(hub, call);
    const answer = await attempt(() => route.handle(call));
    if (answer instanceof Moved) return sendMoved(hub, { request, reply }, answer);
    if (route.method !== 'GET') hub.store.touch();
    if (lost) return hangUp(hub, { request, reply });
    return sendAnswer(hub, { request, reply }, answer);
  };
}

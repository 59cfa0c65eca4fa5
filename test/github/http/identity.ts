import type { FastifyRequest } from 'fastify';
import type { Hub } from '../hub.ts';
import type { App, Grant } from '../state/apps.ts';
import type { User } from '../state/model.ts';
import { appOfJwt, isJwt } from './jwt.ts';

/** Who a request is from: a user, nobody, or somebody with a token that nobody issued. */
export type Identity = User | 'anonymous' | 'unknown-token';

/** Who a request is from, and what its token narrows that to. */
export interface Credential {
  readonly user: Identity;
  readonly grant?: Grant;
  /** The app that signed the request's JSON web token. */
  readonly app?: App;
}

function tokenIn(header: string): string {
  const [scheme = '', value = ''] = header.split(' ');
  if (scheme.toLowerCase() !== 'basic') return value;
  const [name = '', password = ''] = Buffer.from(value, 'base64').toString('utf8').split(':');
  return password === '' || password === 'x-oauth-basic' ? name : password;
}

function credentialOfToken(hub: Hub, token: string): Credential {
  const login = hub.model.tokens[token];
  const grant = hub.model.grants[token];
  const over = grant?.expiresAt !== undefined && Date.parse(grant.expiresAt) < Date.now();
  if (login === undefined || over) return { user: 'unknown-token' };
  return { user: hub.ensureUser(login), ...(grant ? { grant } : {}) };
}

/** Reads the Authorization header: `Bearer`, `token`, or `Basic` with the token as password. */
export function credentialOf(hub: Hub, request: FastifyRequest): Credential {
  const header = request.headers.authorization;
  if (!header) return { user: 'anonymous' };
  const token = tokenIn(header);
  if (!isJwt(token)) return credentialOfToken(hub, token);
  const app = appOfJwt(hub.model.apps, token);
  return app ? { user: hub.ensureUser(`${app.slug}[bot]`), app } : { user: 'unknown-token' };
}

/** Whether a request is no form or script of another site: those must not speak in a person's name. */
export function fromOurPages(request: FastifyRequest): boolean {
  const { origin, host } = request.headers;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}

import type { FastifyRequest } from 'fastify';
import type { Hub } from '../hub.ts';
import type { User } from '../state/model.ts';

/** Who a request is from: a user, nobody, or somebody with a token that nobody issued. */
export type Identity = User | 'anonymous' | 'unknown-token';

function tokenOf(header: string): string {
  const [scheme = '', value = ''] = header.split(' ');
  if (scheme.toLowerCase() !== 'basic') return value;
  const [name = '', password = ''] = Buffer.from(value, 'base64').toString('utf8').split(':');
  return password === '' || password === 'x-oauth-basic' ? name : password;
}

/** Reads the Authorization header: `Bearer`, `token`, or `Basic` with the token as password. */
export function identify(hub: Hub, request: FastifyRequest): Identity {
  const header = request.headers.authorization;
  if (!header) return 'anonymous';
  const login = hub.model.tokens[tokenOf(header)];
  return login === undefined ? 'unknown-token' : hub.ensureUser(login);
}

/** Whether a request is no form or script of another site: those must not speak in a person's name. */
export function fromOurPages(request: FastifyRequest): boolean {
  const { origin, host } = request.headers;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}

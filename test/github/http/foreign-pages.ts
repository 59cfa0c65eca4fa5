import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GitHubError } from './errors.ts';
import { sendError } from './send-error.ts';

const ADDRESS = /^(localhost|\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]+\])(:\d+)?$/i;

/**
 * Refuses what a foreign web page makes its reader's browser ask of the emulator on the reader's machine: a
 * pull request that is opened here runs as a job. Only browsers name an origin; tools are not concerned.
 */
export function keepForeignPagesOut(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!isForeign(request)) return;
    sendError(reply, new GitHubError(403, 'The emulator takes no orders from other web pages'));
    await reply;
  });
}

function isForeign({ method, headers }: FastifyRequest): boolean {
  const { origin, host = '', 'sec-fetch-site': site } = headers;
  if (origin === undefined && site === undefined) return false;
  // A name that somebody else's server can point to this machine.
  if (!ADDRESS.test(host)) return true;
  if (method === 'GET' || method === 'HEAD') return false;
  return origin === undefined ? site !== 'same-origin' && site !== 'none' : hostOf(origin) !== host;
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : '';
}

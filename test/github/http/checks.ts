import type { FastifyInstance } from 'fastify';
import type { Hub } from '../hub.ts';

function parsed(payload: unknown, type: unknown): unknown {
  if (typeof payload !== 'string' || payload === '') return undefined;
  return String(type).startsWith('application/json') ? JSON.parse(payload) : payload;
}

/** Has every answer of the API compared with GitHub's description, in tests. */
export function checkAnswers(hub: Hub, app: FastifyInstance): void {
  const { contract } = hub;
  if (!contract) return;
  app.addHook('onSend', async (request, reply, payload) => {
    const path = hub.served.get(request);
    const type = reply.getHeader('content-type');
    // A diff or a raw file answers an `Accept` of its own, which is not described.
    const described = payload === undefined || String(type).startsWith('application/json');
    if (path === undefined || !described) return payload;
    contract.checkAnswer({
      method: request.method,
      path,
      status: reply.statusCode,
      body: parsed(payload, type),
    });
    return payload;
  });
}

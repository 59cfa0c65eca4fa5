import type { FastifyInstance } from 'fastify';
import type { Database } from '../activities/database/database.ts';
import type { GatewayMetrics } from './metrics.ts';

/** Liveness, readiness and figures, under Prow's names (W§2.1). */
export function serveHealth(
  app: FastifyInstance,
  { database, metrics }: { readonly database: Database; readonly metrics: GatewayMetrics },
): void {
  app.get('/healthz', async (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send('OK'),
  );
  for (const path of ['/healthz/ready', '/readyz']) {
    app.get(path, async (_request, reply) => {
      // Without the database webhooks are still taken, so the gateway stays ready; it only says so.
      const state = await databaseState(database);
      return reply.type('text/plain; charset=utf-8').send(`OK\ndatabase: ${state}\n`);
    });
  }
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}

async function databaseState(database: Database): Promise<string> {
  try {
    await database.query('SELECT 1');
    return 'available';
  } catch {
    return 'not available';
  }
}

import type { FastifyInstance } from 'fastify';
import { readConfigState } from '../activities/database/config-state.ts';
import type { Database } from '../activities/database/database.ts';
import { lossText } from '../workflows/domain/config-offer.ts';
import { placeOfProblem, shownConfig } from './config-records.ts';
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
      const lines = ['OK', `database: ${await databaseState(database)}`];
      const standing = await configStanding(database);
      return reply
        .type('text/plain; charset=utf-8')
        .send(`${[...lines, ...standing].join('\n')}\n`);
    });
  }
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}

/** What is active, and what is not taken and why; nothing while the database is away. */
async function configStanding(database: Database): Promise<readonly string[]> {
  const state = await readConfigState(database).catch(() => undefined);
  if (state === undefined) return [];
  const { activations, held, refused } = shownConfig(state);
  const active = activations.at(-1);
  return [
    active === undefined
      ? 'configuration: none is active yet'
      : `configuration: number ${active.number}, ${active.hash}, since ${active.at}`,
    ...(held === undefined
      ? []
      : [`configuration held back: ${held.offer.hash}, ${lossText('jobs', held.jobs)} dropped`]),
    ...refused.map(({ worker, problems }) => {
      const [first] = problems;
      const place = first === undefined ? '' : `: ${placeOfProblem(first)}: ${first.text}`;
      return `configuration refused by ${worker}${place}`;
    }),
  ];
}

async function databaseState(database: Database): Promise<string> {
  try {
    await database.query('SELECT 1');
    return 'available';
  } catch {
    return 'not available';
  }
}

import { type FastifyInstance, fastify, LogController } from 'fastify';
import type { GatewayDependencies } from './dependencies.ts';
import { serveHealth } from './health.ts';
import { closeGracefully } from './http/graceful-close.ts';
import { createMetrics } from './metrics.ts';
import { serveSite } from './pages/site.tsx';
import { createPostbox } from './webhook/postbox.ts';
import { serveWebhook } from './webhook/routes.ts';

/** Builds the web server from what it needs; it never listens. */
export function buildGateway(deps: GatewayDependencies): FastifyInstance {
  const { log, options = {} } = deps;
  const metrics = createMetrics(deps.registry);
  const postbox = createPostbox(deps.temporal);
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 1_000 },
  });

  closeGracefully(app);
  serveHealth(app, { ...deps, metrics });
  app.register(async (scope) =>
    serveWebhook(scope, options.webhookPath ?? '/hook', { ...deps, metrics, postbox }),
  );
  app.register(async (scope) => serveSite(scope, deps));
  return app;
}

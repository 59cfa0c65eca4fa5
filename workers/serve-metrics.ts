import { fastify } from 'fastify';
import type { Registry } from 'prom-client';

/** A small server for `/metrics`, `/healthz` and `/readyz`. */
export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves a registry; port 0 takes any free one. `standing` gives the lines of `readyz`. */
export async function serveMetrics(
  registry: Registry,
  { host, port }: { readonly host: string; readonly port: number },
  standing: () => readonly string[] = () => [],
): Promise<MetricsServer> {
  const app = fastify();
  app.get('/metrics', async (_request, reply) => {
    reply.type(registry.contentType);
    return registry.metrics();
  });
  app.get('/healthz', async () => 'OK');
  // A worker with refused files works on with what is active: it stays ready, and says so.
  for (const path of ['/readyz', '/healthz/ready']) {
    app.get(path, async () => `${['OK', ...standing()].join('\n')}\n`);
  }
  await app.listen({ host, port });
  const address = app.server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () => app.close(),
  };
}

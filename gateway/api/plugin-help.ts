import type { FastifyInstance } from 'fastify';
import { pluginHelp } from '../../workflows/plugins/index.ts';
import type { PageDependencies } from '../dependencies.ts';
import { sendJson } from './answers.ts';

/** `/plugin-help.js` and `/plugin-help`: Prow's shape (S§2, W§2.1), from the plugins' own declarations. */
export function servePluginHelp(app: FastifyInstance, deps: PageDependencies): void {
  app.get<{ Querystring: { var?: unknown } }>('/plugin-help.js', (request, reply) =>
    sendJson(request, reply, helpDocument(deps)),
  );
  app.all('/plugin-help', { exposeHeadRoute: false }, async (request, reply) => {
    if (request.method !== 'GET') {
      reply.code(405).header('allow', 'GET').type('text/plain; charset=utf-8');
      return reply.send('Only GET.\n');
    }
    // Prow's web front end sends people on; Prow's hook answers its machines.
    if (String(request.headers.accept ?? '').includes('text/html')) {
      return reply.redirect('/command-help', 301);
    }
    reply.header('cache-control', 'no-cache').type('application/json; charset=utf-8');
    return reply.send(JSON.stringify(helpDocument(deps)));
  });
}

function helpDocument({ snapshot, plugins }: PageDependencies): object {
  const config = snapshot()?.plugins;
  const help = pluginHelp(
    plugins,
    mapValues(config?.plugins ?? {}, (entry) => entry.plugins),
    () => '',
  );
  const external = mapValues(config?.external_plugins ?? {}, (list) =>
    list.map(({ name }) => name),
  );
  return { ...help, RepoExternalPlugins: { '': [], ...external } };
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

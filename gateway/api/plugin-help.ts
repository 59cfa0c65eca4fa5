import type { FastifyInstance } from 'fastify';
import type { ConfigSnapshot } from '../../config/snapshot.ts';
import type { PageDependencies, PluginDeclaration } from '../dependencies.ts';
import { sendJson } from './answers.ts';

/** `/plugin-help.js` and `/plugin-help`: Prow's shape (S§2, W§2.1), from the plugins' own declarations. */
export function servePluginHelp(app: FastifyInstance, deps: PageDependencies): void {
  app.get<{ Querystring: { var?: unknown } }>('/plugin-help.js', (request, reply) =>
    sendJson(request, reply, pluginHelp(deps)),
  );
  app.all('/plugin-help', { exposeHeadRoute: false }, async (request, reply) => {
    if (request.method !== 'GET') {
      return reply
        .code(405)
        .header('allow', 'GET')
        .type('text/plain; charset=utf-8')
        .send('Only GET.\n');
    }
    // Prow's web front end sends people on; Prow's hook answers its machines.
    if (String(request.headers.accept ?? '').includes('text/html')) {
      return reply.redirect('/command-help', 301);
    }
    reply.header('cache-control', 'no-cache').type('application/json; charset=utf-8');
    return reply.send(JSON.stringify(pluginHelp(deps)));
  });
}

function pluginHelp({ snapshot, plugins }: PageDependencies): object {
  const config = snapshot();
  return {
    AllRepos: config ? allRepositories(config) : [],
    RepoPlugins: {
      '': plugins.map(({ name }) => name),
      ...mapValues(config?.plugins.plugins ?? {}, (entry) => entry.plugins),
    },
    RepoExternalPlugins: {
      '': [],
      ...mapValues(config?.plugins.external_plugins ?? {}, (list) => list.map(({ name }) => name)),
    },
    PluginHelp: Object.fromEntries(plugins.map((plugin) => [plugin.name, helpOf(plugin)])),
    ExternalPluginHelp: {},
  };
}

function allRepositories({ plugins, jobs }: ConfigSnapshot): readonly string[] {
  const named = [
    ...Object.keys(plugins.plugins),
    ...Object.keys(jobs.presubmits),
    ...Object.keys(jobs.postsubmits),
  ];
  return [...new Set(named.filter((name) => name.includes('/')))].sort();
}

const EVENTS: Readonly<Record<string, readonly string[]>> = {
  command: ['GenericCommentEvent (any event for user text)'],
  comment: ['GenericCommentEvent (any event for user text)'],
  pullRequest: ['pull_request'],
  review: ['pull_request_review'],
  push: ['push'],
  status: ['status'],
  issue: ['issues'],
};

function helpOf({ description, help, on }: PluginDeclaration): object {
  return {
    Description: escapeHtml(description),
    Config: {},
    Events: [...new Set(Object.keys(on).flatMap((handler) => EVENTS[handler] ?? []))],
    Commands: help.map(({ usage, does, whoCanUse, examples = [], featured = false }) => ({
      Usage: usage,
      Featured: featured,
      Description: escapeHtml(does),
      Examples: examples,
      WhoCanUse: escapeHtml(whoCanUse),
    })),
  };
}

/** Readers of this JSON take these fields for HTML. */
function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

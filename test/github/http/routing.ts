import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Hub } from '../hub.ts';
import { serve } from './dispatch.ts';
import type { Route } from './route.ts';

/** Answers a path that nobody serves. */
type Missing = (request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/** A route whose path has a part that may contain slashes, written `:name+`. */
interface GreedyRoute {
  readonly route: Route;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  /** The literal characters behind the greedy part: the longest that fits is meant. */
  readonly tail: number;
}

const GREEDY = /:\w+\+/;

function greedy(route: Route): GreedyRoute {
  const rest = route.path.slice(route.path.search(GREEDY));
  const names = [...rest.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  const pattern = rest
    .replace(/[.()]/g, '\\$&')
    .replace(/:\w+\+/g, '(.+?)')
    .replace(/:\w+/g, '([^/]+)');
  return {
    route,
    names,
    pattern: new RegExp(`^${pattern}$`),
    tail: rest.replace(/:\w+\+?/g, '').length,
  };
}

function paramsOf(match: RegExpExecArray, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, index) => [name, match[index + 1] ?? '']));
}

/** Fastify's wildcard can only stand at the end: rows that share what is before it share one handler. */
function registerGreedy(hub: Hub, app: FastifyInstance, missing: Missing): (route: Route) => void {
  const groups = new Map<string, GreedyRoute[]>();
  return (route) => {
    const prefix = route.path.slice(0, route.path.search(GREEDY));
    const key = `${route.method} ${prefix}`;
    const known = groups.get(key);
    const members = known ?? [];
    members.push(greedy(route));
    members.sort((one, other) => other.tail - one.tail);
    groups.set(key, members);
    if (known) return;
    app.route({
      method: route.method,
      url: `${prefix}*`,
      handler: async (request, reply) => {
        const rest = wildcardOf(request).replace(/^\/+|\/+$/g, '');
        for (const member of members) {
          const match = member.pattern.exec(rest);
          if (!match) continue;
          return serve(hub, member.route, paramsOf(match, member.names))(request, reply);
        }
        return missing(request, reply);
      },
    });
  };
}

function wildcardOf({ params }: FastifyRequest): string {
  const found: unknown =
    typeof params === 'object' && params !== null ? Reflect.get(params, '*') : undefined;
  return typeof found === 'string' ? found : '';
}

/** Registers the table of routes below one prefix. */
export function registerRoutes(
  hub: Hub,
  app: FastifyInstance,
  table: { readonly routes: readonly Route[]; readonly missing: Missing },
): void {
  const addGreedy = registerGreedy(hub, app, table.missing);
  for (const route of table.routes) {
    if (GREEDY.test(route.path)) addGreedy(route);
    else app.route({ method: route.method, url: route.path, handler: serve(hub, route) });
  }
}

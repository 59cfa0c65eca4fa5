import type { z } from 'zod';
import type { Hub } from '../hub.ts';
import type { App, Grant } from '../state/apps.ts';
import type { Issue, PullIssue, Repo, User } from '../state/model.ts';
import { atLeastOf, type Permission } from '../state/permissions.ts';
import type { Answer } from './answer.ts';
import type { Payer } from './budgets.ts';
import { Moved, notFound, refuse } from './errors.ts';
import type { Viewer } from './sight.ts';

/** A request as a route sees it. */
export interface Call {
  readonly hub: Hub;
  /** Who asks; undefined without a token. */
  readonly actor: User | undefined;
  /** The app that signed the request; undefined for everybody else. */
  readonly app: App | undefined;
  /** Whose limits the request counts against. */
  readonly payer: Payer;
  /** What the token narrows its owner's rights to. */
  readonly grant: Grant | undefined;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly accept: string;
  /** How many milliseconds in the past this request sees GitHub (a fault). */
  readonly lagMs: number;
}

/** A row of the table of routes. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** The path in Fastify's notation, without `/api/v3`. */
  readonly path: string;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

/** A row with less to write. */
export function route(method: Route['method'], path: string, handle: Route['handle']): Route {
  return { method, path, handle };
}

/** A parameter of the path. */
export function param(call: Call, name: string): string {
  return call.params[name] ?? notFound();
}

/** The body, checked; GitHub's 422 otherwise. */
export function bodyOf<T>(call: Call, schema: z.ZodType<T>): T {
  const result = schema.safeParse(call.body ?? {});
  if (result.success) return result.data;
  return refuse(
    422,
    'Validation Failed',
    result.error.issues.map((issue) => ({
      code: 'invalid',
      field: issue.path.join('.'),
      message: issue.message,
    })),
  );
}

/** Who asks; GitHub's 401 without a token. */
export function actorOf(call: Call): User {
  return call.actor ?? refuse(401, 'Requires authentication');
}

/** Who asks, with what the token narrows. */
export function viewerOf({ actor, grant }: Call): Viewer {
  return { login: actor?.login, grant };
}

/** Where a repository has another name now, GitHub leads there by its id. */
function moved(call: Call): never {
  const { hub } = call;
  const repo = hub.formerRepo(param(call, 'owner'), param(call, 'repo')) ?? notFound();
  if (hub.permissionOf(repo, call.actor?.login) === 'none') return notFound();
  throw new Moved(repo.id);
}

/** The repository of the path, as this request may see it. */
export function repoOf(call: Call): Repo {
  const repo = call.hub.findRepo(param(call, 'owner'), param(call, 'repo')) ?? moved(call);
  if (repo.private && call.hub.permissionOf(repo, call.actor?.login) === 'none') return notFound();
  return call.lagMs > 0 ? call.hub.history.asOf(repo, call.lagMs) : repo;
}

/** The issue (or pull request) of the path. */
export function issueOf(call: Call): Issue {
  const repo = repoOf(call);
  const number = param(call, 'number');
  return repo.issues[number] ?? goneElsewhere(repo, number);
}

function goneElsewhere({ transferred }: Repo, number: string): never {
  const now = transferred?.[number] ?? notFound();
  throw new Moved(now.repository, { from: number, to: now.number });
}

/** The pull request of the path. */
export function pullOf(call: Call): PullIssue {
  return withPull(issueOf(call));
}

/** Narrows an issue to a pull request without copying it. */
export function withPull(issue: Issue): PullIssue {
  if (!isPull(issue)) return notFound();
  return issue;
}

/** Whether an issue is a pull request. */
export function isPull(issue: Issue): issue is PullIssue {
  return issue.pull !== null;
}

/** Who asks, if that is enough of a permission; GitHub's 403 otherwise. */
export function requirePermission(call: Call, repo: Repo, need: Permission): User {
  const actor = actorOf(call);
  if (atLeastOf(call.hub.permissionOf(repo, actor.login), need)) return actor;
  return refuse(403, 'Must have admin rights to Repository.');
}

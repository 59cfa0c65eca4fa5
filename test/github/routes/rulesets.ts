import { z } from 'zod';
import { emitAt } from '../actions/emit.ts';
import { type Answer, created, list, noContent, ok } from '../http/answer.ts';
import { notFound } from '../http/errors.ts';
import {
  actorOf,
  bodyOf,
  type Call,
  param,
  type Route,
  repoOf,
  requirePermission,
  route,
} from '../http/route.ts';
import { timestamp } from '../hub.ts';
import { apiUrl, nodeId } from '../render/urls.ts';
import { bypasses, rulesetsOf, rulesFor } from '../rules/rulesets.ts';
import type { Repo } from '../state/model.ts';
import type { Ruleset } from '../state/orgs.ts';
import { orgOf, requireOwner } from './teams.ts';

const record = z.record(z.string(), z.unknown());
const edit = z.object({
  name: z.string().min(1).optional(),
  target: z.enum(['branch', 'tag', 'push']).optional(),
  enforcement: z.enum(['disabled', 'active', 'evaluate']).optional(),
  conditions: record.optional(),
  rules: z.array(record).optional(),
  bypass_actors: z.array(record).optional(),
});
const fresh = edit.extend({
  name: z.string().min(1),
  enforcement: z.enum(['disabled', 'active', 'evaluate']),
});

/** Where rulesets are kept: a repository, or an organisation when `repo` is undefined. */
interface Keeper {
  rulesets?: Ruleset[];
}
interface Home {
  readonly keeper: Keeper;
  readonly owner: string;
  readonly repo: Repo | undefined;
}

function repoHome(call: Call): Home {
  const repo = repoOf(call);
  return { keeper: repo, owner: repo.owner, repo };
}

function orgHome(call: Call): Home {
  const org = orgOf(call);
  requireOwner(call, org);
  return { keeper: org, owner: org.login, repo: undefined };
}

function requireAdmin(call: Call, { repo }: Home): void {
  if (repo) requirePermission(call, repo, 'admin');
}

function sourceOf({ owner, repo }: Home): string {
  return repo ? `${owner}/${repo.name}` : owner;
}

function brief(call: Call, ruleset: Ruleset, source: string): Record<string, unknown> {
  const [owner = '', name] = source.split('/');
  const path = name ? `/repos/${owner}/${name}` : `/orgs/${owner}`;
  const page = name ? `/${owner}/${name}/rules` : `/organizations/${owner}/settings/rules`;
  return {
    id: ruleset.id,
    node_id: nodeId('RepositoryRuleset', ruleset.id),
    name: ruleset.name,
    target: ruleset.target,
    source_type: name ? 'Repository' : 'Organization',
    source,
    enforcement: ruleset.enforcement,
    created_at: ruleset.createdAt,
    updated_at: ruleset.updatedAt,
    _links: {
      self: { href: apiUrl(call.hub, `${path}/rulesets/${ruleset.id}`) },
      html: { href: `${call.hub.address.url}${page}/${ruleset.id}` },
    },
  };
}

function whole(call: Call, ruleset: Ruleset, home: Home): Record<string, unknown> {
  const { hub, actor } = call;
  const { repo } = home;
  const past = repo && actor ? bypasses(hub, repo, ruleset, actor) : false;
  return {
    ...brief(call, ruleset, sourceOf(home)),
    conditions: ruleset.conditions,
    rules: ruleset.rules,
    bypass_actors: ruleset.bypassActors,
    current_user_can_bypass: past ? 'always' : 'never',
  };
}

function say(call: Call, home: Home, happening: { action: string; ruleset: Ruleset }): void {
  const { action, ruleset } = happening;
  const { owner, repo } = home;
  emitAt(
    { hub: call.hub, owner, ...(repo ? { repo } : {}), actor: actorOf(call) },
    {
      event: 'repository_ruleset',
      action,
      about: ruleset.name,
      payload: () => ({
        repository_ruleset: whole(call, ruleset, home),
        ...(action === 'edited' ? { changes: {} } : {}),
      }),
    },
  );
}

function create(call: Call, home: Home): Answer {
  requireAdmin(call, home);
  const input = bodyOf(call, fresh);
  const now = timestamp();
  const ruleset: Ruleset = {
    id: call.hub.store.nextId(),
    name: input.name,
    target: input.target ?? 'branch',
    enforcement: input.enforcement,
    conditions: input.conditions ?? { ref_name: { include: [], exclude: [] } },
    rules: input.rules ?? [],
    bypassActors: input.bypass_actors ?? [],
    createdAt: now,
    updatedAt: now,
  };
  home.keeper.rulesets = [...(home.keeper.rulesets ?? []), ruleset];
  say(call, home, { action: 'created', ruleset });
  return created(whole(call, ruleset, home));
}

function rulesetOf(call: Call, home: Home): Ruleset {
  const id = Number(param(call, 'ruleset'));
  return home.keeper.rulesets?.find((known) => known.id === id) ?? notFound();
}

function change(call: Call, home: Home): Answer {
  requireAdmin(call, home);
  const ruleset = rulesetOf(call, home);
  const input = bodyOf(call, edit);
  ruleset.name = input.name ?? ruleset.name;
  ruleset.target = input.target ?? ruleset.target;
  ruleset.enforcement = input.enforcement ?? ruleset.enforcement;
  ruleset.conditions = input.conditions ?? ruleset.conditions;
  ruleset.rules = input.rules ?? ruleset.rules;
  ruleset.bypassActors = input.bypass_actors ?? ruleset.bypassActors;
  ruleset.updatedAt = timestamp();
  say(call, home, { action: 'edited', ruleset });
  return ok(whole(call, ruleset, home));
}

function remove(call: Call, home: Home): Answer {
  requireAdmin(call, home);
  const ruleset = rulesetOf(call, home);
  home.keeper.rulesets = home.keeper.rulesets?.filter((known) => known !== ruleset) ?? [];
  say(call, home, { action: 'deleted', ruleset });
  return noContent();
}

function below(prefix: string, homeOf: (call: Call) => Home): readonly Route[] {
  const one = `${prefix}/rulesets/:ruleset`;
  return [
    route('POST', `${prefix}/rulesets`, (call) => create(call, homeOf(call))),
    route('GET', one, (call) => {
      const home = homeOf(call);
      return ok(whole(call, rulesetOf(call, home), home));
    }),
    route('PUT', one, (call) => change(call, homeOf(call))),
    route('DELETE', one, (call) => remove(call, homeOf(call))),
  ];
}

const REPO = '/repos/:owner/:repo';

/** Rulesets of repositories and organisations, and the rules that are in force for a branch. */
export const rulesetRoutes: readonly Route[] = [
  route('GET', `${REPO}/rulesets`, (call) => {
    const repo = repoOf(call);
    const own = `${repo.owner}/${repo.name}`;
    const all = rulesetsOf(call.hub, repo).filter(
      ({ source }) => call.query['includes_parents'] !== 'false' || source === own,
    );
    return list(all, ({ ruleset, source }) => brief(call, ruleset, source));
  }),
  route('GET', '/orgs/:org/rulesets', (call) => {
    const home = orgHome(call);
    return list(home.keeper.rulesets ?? [], (ruleset) => brief(call, ruleset, home.owner));
  }),
  ...below(REPO, repoHome),
  ...below('/orgs/:org', orgHome),
  route('GET', `${REPO}/rules/branches/:branch+`, (call) => {
    const rules = rulesFor(call.hub, repoOf(call), `refs/heads/${param(call, 'branch')}`);
    return list(rules, ({ type, parameters, ruleset, source }) => ({
      type,
      ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
      ruleset_source_type: source.includes('/') ? 'Repository' : 'Organization',
      ruleset_source: source,
      ruleset_id: ruleset.id,
    }));
  }),
];

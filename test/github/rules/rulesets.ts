import type { Hub } from '../hub.ts';
import type { Repo, User } from '../state/model.ts';
import type { Ruleset } from '../state/orgs.ts';

type Json = Readonly<Record<string, unknown>>;

/** A rule that applies to a ref, and the ruleset that it is from. */
export interface AppliedRule {
  readonly type: string;
  readonly parameters: Json;
  readonly ruleset: Ruleset;
  /** `ORG/REPO`, or the organisation. */
  readonly source: string;
}

interface Sourced {
  readonly ruleset: Ruleset;
  readonly source: string;
}

/** Narrows what a body brought. */
export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((part) => typeof part === 'string') : [];
}

/** Fnmatch as GitHub uses it: `*` stays within a part of the name, `**` does not. */
function fits(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/?/g, '\u0000')
    .replace(/\*/g, '[^/]*')
    .replace(/\?/g, '[^/]')
    .replaceAll('\u0000', '.*');
  return new RegExp(`^${source}$`).test(text);
}

function listed(condition: unknown, test: (pattern: string) => boolean): boolean {
  if (!isRecord(condition)) return false;
  return strings(condition['include']).some(test) && !strings(condition['exclude']).some(test);
}

function fitsRef({ conditions }: Ruleset, repo: Repo, ref: string): boolean {
  return listed(conditions['ref_name'], (pattern) => {
    if (pattern === '~ALL') return true;
    if (pattern === '~DEFAULT_BRANCH') return ref === `refs/heads/${repo.defaultBranch}`;
    return fits(pattern, ref);
  });
}

function fitsRepo({ conditions }: Ruleset, repo: Repo): boolean {
  const named = conditions['repository_name'];
  if (named === undefined) return true;
  return listed(named, (pattern) => pattern === '~ALL' || fits(pattern, repo.name));
}

/** All rulesets that a repository is under: its own and its organisation's. */
export function rulesetsOf(hub: Hub, repo: Repo): readonly Sourced[] {
  const org = hub.findOrg(repo.owner);
  return [
    ...(repo.rulesets ?? []).map((ruleset) => ({ ruleset, source: `${repo.owner}/${repo.name}` })),
    ...(org?.rulesets ?? [])
      .filter((ruleset) => fitsRepo(ruleset, repo))
      .map((ruleset) => ({ ruleset, source: repo.owner })),
  ];
}

/** The active rules for a ref. */
export function rulesFor(hub: Hub, repo: Repo, ref: string): readonly AppliedRule[] {
  const target = ref.startsWith('refs/tags/') ? 'tag' : 'branch';
  return rulesetsOf(hub, repo)
    .filter(({ ruleset }) => ruleset.enforcement === 'active' && ruleset.target === target)
    .filter(({ ruleset }) => fitsRef(ruleset, repo, ref))
    .flatMap(({ ruleset, source }) =>
      ruleset.rules.map(({ type, parameters }) => ({
        type: String(type),
        parameters: isRecord(parameters) ? parameters : {},
        ruleset,
        source,
      })),
    );
}

/** GitHub's numbers of the roles that can be let past. */
const ROLES: Readonly<Record<string, string>> = { 2: 'maintain', 4: 'write', 5: 'admin' };

/** Whether a ruleset lets somebody past. */
export function bypasses(hub: Hub, repo: Repo, ruleset: Ruleset, actor: User): boolean {
  const key = actor.login.toLowerCase();
  const org = hub.findOrg(repo.owner);
  return ruleset.bypassActors.some(({ actor_type: type, actor_id: id }) => {
    switch (type) {
      case 'OrganizationAdmin':
        return org?.members[key] === 'admin';
      case 'RepositoryRole':
        return ROLES[String(id)] === hub.permissionOf(repo, actor.login);
      case 'Team':
        return org?.teams?.some((team) => team.id === id && team.members[key] !== undefined);
      case 'Integration':
        return hub.model.apps.some((app) => app.id === id && key === `${app.slug}[bot]`);
      default:
        return false;
    }
  });
}

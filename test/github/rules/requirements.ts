import type { Hub } from '../hub.ts';
import { requiredContexts } from '../render/protection.ts';
import type { Repo, User } from '../state/model.ts';
import { bypasses, isRecord, rulesFor } from './rulesets.ts';

type Json = Readonly<Record<string, unknown>>;

/** What a branch asks of whoever changes it, by classic protection and by rulesets. */
export interface Requirements {
  readonly contexts: readonly string[];
  /** The head must contain the tip of the base. */
  readonly strict: boolean;
  readonly approvals: number;
  /** A push takes approvals back. */
  readonly dismissStale: boolean;
  readonly linear: boolean;
  /** Only these may push; null: whoever may write. */
  readonly pushers: readonly string[] | null;
  /** Changes come by pull request only. */
  readonly byPull: boolean;
  readonly noForce: boolean;
  readonly noDeletion: boolean;
}

const NOTHING: Requirements = {
  contexts: [],
  strict: false,
  approvals: 0,
  dismissStale: false,
  linear: false,
  pushers: null,
  byPull: false,
  noForce: false,
  noDeletion: false,
};

function isOn(value: unknown): boolean {
  return value === true || (isRecord(value) && value['enabled'] === true);
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((part) => typeof part === 'string') : [];
}

function countOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

/** The people named, those of the teams named, and the bots of the apps named, in small letters. */
function pushersOf(hub: Hub, repo: Repo, restrictions: Json): readonly string[] {
  const teams = strings(restrictions['teams']);
  const members = (hub.findOrg(repo.owner)?.teams ?? [])
    .filter(({ slug }) => teams.includes(slug))
    .flatMap((team) => Object.keys(team.members));
  const bots = strings(restrictions['apps']).map((slug) => `${slug}[bot]`);
  const named = [...strings(restrictions['users']), ...members, ...bots];
  return named.map((login) => login.toLowerCase());
}

function ofProtection(hub: Hub, repo: Repo, protection: Json): Requirements {
  const checks = protection['required_status_checks'];
  const reviews = protection['required_pull_request_reviews'];
  const restrictions = protection['restrictions'];
  return {
    contexts: requiredContexts(protection),
    strict: isRecord(checks) && checks['strict'] === true,
    approvals: isRecord(reviews) ? countOf(reviews['required_approving_review_count'], 1) : 0,
    dismissStale: isRecord(reviews) && reviews['dismiss_stale_reviews'] === true,
    linear: isOn(protection['required_linear_history']),
    pushers: isRecord(restrictions) ? pushersOf(hub, repo, restrictions) : null,
    byPull: isRecord(reviews),
    noForce: !isOn(protection['allow_force_pushes']),
    noDeletion: !isOn(protection['allow_deletions']),
  };
}

function contextsOfRule(parameters: Json): readonly string[] {
  const checks = parameters['required_status_checks'];
  if (!Array.isArray(checks)) return [];
  return checks.flatMap((check) => (isRecord(check) ? strings([check['context']]) : []));
}

function ofRule(type: string, parameters: Json): Partial<Requirements> {
  switch (type) {
    case 'required_status_checks':
      return {
        contexts: contextsOfRule(parameters),
        strict: parameters['strict_required_status_checks_policy'] === true,
      };
    case 'pull_request':
      return {
        byPull: true,
        approvals: countOf(parameters['required_approving_review_count'], 0),
        dismissStale: parameters['dismiss_stale_reviews_on_push'] === true,
      };
    case 'required_linear_history':
      return { linear: true };
    case 'non_fast_forward':
      return { noForce: true };
    case 'deletion':
      return { noDeletion: true };
    case 'update':
      return { pushers: [] };
    default:
      return {};
  }
}

function both(one: Requirements, other: Partial<Requirements>): Requirements {
  return {
    contexts: [...new Set([...one.contexts, ...(other.contexts ?? [])])],
    strict: one.strict || other.strict === true,
    approvals: Math.max(one.approvals, other.approvals ?? 0),
    dismissStale: one.dismissStale || other.dismissStale === true,
    linear: one.linear || other.linear === true,
    pushers: other.pushers ?? one.pushers,
    byPull: one.byPull || other.byPull === true,
    noForce: one.noForce || other.noForce === true,
    noDeletion: one.noDeletion || other.noDeletion === true,
  };
}

/** Whether classic protection holds for somebody: not for an administrator, unless it says so. */
function holdsFor(hub: Hub, repo: Repo, protection: Json, actor: User | undefined): boolean {
  if (!actor || isOn(protection['enforce_admins'])) return true;
  return hub.permissionOf(repo, actor.login) !== 'admin';
}

/** Which branch, and who wants to change it; nobody named: anybody. */
export interface Wish {
  readonly branch: string;
  readonly actor?: User | undefined;
}

/** What a branch asks of somebody, by classic protection and by rulesets apart. */
export function requirementsApart(
  hub: Hub,
  repo: Repo,
  { branch, actor }: Wish,
): { readonly classic: Requirements; readonly rules: Requirements } {
  const protection = repo.protection[branch];
  return {
    classic:
      protection && holdsFor(hub, repo, protection, actor)
        ? ofProtection(hub, repo, protection)
        : NOTHING,
    rules: rulesFor(hub, repo, `refs/heads/${branch}`)
      .filter(({ ruleset }) => !actor || !bypasses(hub, repo, ruleset, actor))
      .reduce((all, { type, parameters }) => both(all, ofRule(type, parameters)), NOTHING),
  };
}

/** What a branch asks of somebody, by whatever it is that asks. */
export function requirementsOf(hub: Hub, repo: Repo, wish: Wish): Requirements {
  const { classic, rules } = requirementsApart(hub, repo, wish);
  return both(classic, rules);
}

import type { Hub } from '../hub.ts';
import type { Repo } from '../state/model.ts';
import { renderUser } from './account.ts';
import { renderApp } from './app.ts';
import { renderTeam } from './team.ts';
import { repoApi } from './urls.ts';

type Json = Record<string, unknown>;

/** A branch of a repository, by name. */
export interface BranchPlace {
  readonly hub: Hub;
  readonly repo: Repo;
  readonly branch: string;
}

/** Rules that are only on or off: the name in the body of `PUT` and in answers. */
const SWITCHES = [
  'required_linear_history',
  'allow_force_pushes',
  'allow_deletions',
  'block_creations',
  'required_conversation_resolution',
  'lock_branch',
  'allow_fork_syncing',
] as const;

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((part) => typeof part === 'string') : [];
}

/** The contexts that a protection requires, in whichever of the two ways they were written. */
export function requiredContexts(protection: Json | undefined): readonly string[] {
  const checks = protection?.['required_status_checks'];
  if (!isRecord(checks)) return [];
  const listed = Array.isArray(checks['checks']) ? checks['checks'] : [];
  const named = listed.flatMap((check) => (isRecord(check) ? strings([check['context']]) : []));
  return [...new Set([...strings(checks['contexts']), ...named])];
}

/** The API address of a branch's protection. */
export function protectionUrl({ hub, repo, branch }: BranchPlace): string {
  return repoApi(hub, repo, `/branches/${encodeURIComponent(branch)}/protection`);
}

/** The required status checks. */
export function renderChecks(place: BranchPlace, protection: Json): Json {
  const checks = protection['required_status_checks'];
  const contexts = requiredContexts(protection);
  const url = `${protectionUrl(place)}/required_status_checks`;
  return {
    url,
    strict: isRecord(checks) && checks['strict'] === true,
    contexts,
    contexts_url: `${url}/contexts`,
    checks: contexts.map((context) => ({ context, app_id: null })),
  };
}

/** GitHub leaves out a list of exceptions that is for nobody. */
function namesAnybody(named: Json): boolean {
  return ['users', 'teams', 'apps'].some((kind) => strings(named[kind]).length > 0);
}

/** The reviews that are asked for. */
export function renderReviews(place: BranchPlace, reviews: Json): Json {
  const count = reviews['required_approving_review_count'];
  const url = `${protectionUrl(place)}/required_pull_request_reviews`;
  const { dismissal_restrictions: dismissal, bypass_pull_request_allowances: bypass } = reviews;
  const at = `${protectionUrl(place)}/dismissal_restrictions`;
  return {
    url,
    ...(isRecord(dismissal) && namesAnybody(dismissal)
      ? {
          dismissal_restrictions: {
            url: at,
            users_url: `${at}/users`,
            teams_url: `${at}/teams`,
            ...renderNamed(place, dismissal),
          },
        }
      : {}),
    ...(isRecord(bypass) && namesAnybody(bypass)
      ? { bypass_pull_request_allowances: renderNamed(place, bypass) }
      : {}),
    dismiss_stale_reviews: reviews['dismiss_stale_reviews'] === true,
    require_code_owner_reviews: reviews['require_code_owner_reviews'] === true,
    require_last_push_approval: reviews['require_last_push_approval'] === true,
    required_approving_review_count: typeof count === 'number' ? count : 1,
  };
}

/** Who may push. */
export function renderRestrictions(place: BranchPlace, restrictions: Json): Json {
  const at = `${protectionUrl(place)}/restrictions`;
  return {
    url: at,
    users_url: `${at}/users`,
    teams_url: `${at}/teams`,
    apps_url: `${at}/apps`,
    ...renderNamed(place, restrictions),
  };
}

/** The people, teams and apps that a protection names. */
function renderNamed({ hub, repo }: BranchPlace, named: Json): Json {
  const org = hub.findOrg(repo.owner);
  const teams = (org?.teams ?? []).filter(({ slug }) => strings(named['teams']).includes(slug));
  const apps = hub.model.apps.filter(({ slug }) => strings(named['apps']).includes(slug));
  return {
    users: strings(named['users']).map((login) => renderUser(hub, login)),
    teams: org ? teams.map((team) => renderTeam(hub, { org, team })) : [],
    apps: apps.map((app) => renderApp(hub, app)),
  };
}

/** Whether a switch is on, however it was written: `true` or `{enabled: true}`. */
function enabled(value: unknown): boolean {
  return value === true || (isRecord(value) && value['enabled'] === true);
}

/** A protection as `GET branches/B/protection` shows it; what is kept is the body of the `PUT`. */
export function renderProtection(place: BranchPlace, protection: Json): Json {
  const url = protectionUrl(place);
  const { required_pull_request_reviews: reviews, restrictions } = protection;
  return {
    url,
    ...(isRecord(protection['required_status_checks'])
      ? { required_status_checks: renderChecks(place, protection) }
      : {}),
    ...(isRecord(reviews) ? { required_pull_request_reviews: renderReviews(place, reviews) } : {}),
    ...(isRecord(restrictions) ? { restrictions: renderRestrictions(place, restrictions) } : {}),
    enforce_admins: renderSwitch(place, 'enforce_admins', protection),
    required_signatures: renderSwitch(place, 'required_signatures', protection),
    ...Object.fromEntries(SWITCHES.map((name) => [name, { enabled: enabled(protection[name]) }])),
  };
}

/** Whether administrators are bound, or commits must be signed. */
export function renderSwitch(
  place: BranchPlace,
  name: 'enforce_admins' | 'required_signatures',
  protection: Json,
): Json {
  return { url: `${protectionUrl(place)}/${name}`, enabled: enabled(protection[name]) };
}
